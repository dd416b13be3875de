#include "trade/set_back.h"

#include "store/store.h"

#include <assert.h>
#include <stddef.h>

enum fault facts_set_back(struct store *s, int64_t now_ms, int64_t by_ms, struct err *err)
{
	static const char *const sql[] = {
		"UPDATE stock SET valid_ms = min(valid_ms, ?1), known_ms = min(known_ms, ?1) WHERE valid_ms > ?1 OR known_ms > ?1",
		("UPDATE reading SET valid_ms = min(valid_ms, ?1), known_ms = min(known_ms, ?1), was_ms = min(was_ms, ?1), missing_ms = min(missing_ms, ?1) "
		 "WHERE valid_ms > ?1 OR known_ms > ?1 OR was_ms > ?1 OR missing_ms > ?1"),
		"UPDATE source SET begun_ms = min(begun_ms, ?1), upto_ms = min(upto_ms, ?1), counts_ms = min(counts_ms, ?1), awaited_ms = min(awaited_ms, ?1)",
		"UPDATE place_source SET heard_ms = ?1 WHERE heard_ms > ?1",
		"UPDATE place SET heard_ms = ?1 WHERE heard_ms > ?1",
		"UPDATE account SET ok_ms = min(ok_ms, ?1), heard_ms = min(heard_ms, ?1), counts_ms = min(counts_ms, ?1)",
		"UPDATE offer SET seen_ms = min(seen_ms, ?1), read_ms = min(read_ms, ?1), pushed_ms = min(pushed_ms, ?1) WHERE seen_ms > ?1 OR read_ms > ?1 OR pushed_ms > ?1",
		"UPDATE zero_row SET look_ms = min(look_ms, ?1) WHERE fresh_ms = 0 AND look_ms > ?1",
		"UPDATE feed SET made_ms = min(made_ms, ?1), sent_ms = min(sent_ms, ?1) WHERE ended_ms = 0 AND (made_ms > ?1 OR sent_ms > ?1)",
	};
	static const char settling[] = "UPDATE offer SET settle_ms = max(settle_ms + ?2, ?1) WHERE settle_ms > ?1";
	static const char due[] = "UPDATE job SET due_ms = max(due_ms + ?2, ?1) WHERE state = 'waiting' AND due_ms > ?1";

	assert(store_in_transaction(s) && by_ms <= 0);
	for (size_t i = 0; i < sizeof sql / sizeof *sql; i++)
		if (RUN(s, err, sql[i], V(now_ms)))
			return FAULT_STORE;
	return RUN(s, err, settling, V(now_ms), V(by_ms)) || RUN(s, err, due, V(now_ms), V(by_ms)) ? FAULT_STORE : OK;
}
