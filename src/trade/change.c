#include "trade/change.h"

#include "store/store.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum fault change_text(struct store *s, const char *fact, int64_t id, const char *field, const char *old, const char *new, int64_t valid_ms,
                       const struct cause *why, struct err *err)
{
	static const char sql[] = "INSERT INTO change (fact, fact_id, field, old, new, valid_ms, known_ms, actor, trace, config_id, "
				  "attempt_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";

	assert(store_in_transaction(s));
	if (old == new || (old && new && !strcmp(old, new)))
		return OK;
	return RUN(s, err, sql, V(fact), V(id), V(field), V(old), V(new), V(valid_ms), V(why->now_ms), V(why->actor),
	           V(why->trace ? why->trace : ""), why->config_id ? V(why->config_id) : V_NULL,
	           why->attempt_id ? V(why->attempt_id) : V_NULL);
}

enum fault change_int(struct store *s, const char *fact, int64_t id, const char *field, int64_t old, int64_t new, int64_t valid_ms,
                      const struct cause *why, struct err *err)
{
	char was[24], is[24];

	if (old == new)
		return OK;
	snprintf(was, sizeof was, "%" PRId64, old);
	snprintf(is, sizeof is, "%" PRId64, new);
	return change_text(s, fact, id, field, was, is, valid_ms, why, err);
}

enum fault change_last(struct store *s, int64_t *id, struct err *err)
{
	static const char sql[] = "SELECT max(id) FROM change";

	return store_get_int(s, err, 0, id, sql, NULL, 0);
}

enum fault changes_of(struct store *s, const char *fact, int64_t id, struct arena *a, struct change **out, int *n, struct err *err)
{
	static const char sql[] = "SELECT id, valid_ms, known_ms, field, old, new, actor, trace, coalesce(attempt_id, 0) FROM change "
				  "WHERE fact_id = ? AND fact = ? ORDER BY id";
	struct rows *r = ASK(s, sql, V(id), V(fact));
	int cap = 0;

	*out = NULL;
	*n = 0;
	while (rows_next(r)) {
		*out = arena_grow(a, *out, *n, &cap, sizeof **out);
		(*out)[(*n)++] = (struct change){
			.id = rows_int(r, 0),
			.valid_ms = rows_int(r, 1),
			.known_ms = rows_int(r, 2),
			.field = rows_keep(r, 3, a),
			.old = rows_keep(r, 4, a),
			.new = rows_keep(r, 5, a),
			.actor = rows_keep(r, 6, a),
			.trace = rows_keep(r, 7, a),
			.attempt_id = rows_int(r, 8),
		};
	}
	return rows_end(r, err);
}
