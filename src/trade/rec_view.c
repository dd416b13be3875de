/* rec_view.c: differences and patterns as lists. The interface is in reconcile.h. */
#include "trade/reconcile.h"

#include "store/store.h"

#include <inttypes.h>

#define ROW_COLUMNS                                                                                                                    \
	"SELECT r.id, r.run_id, r.offer_id, coalesce(f.item_id, 0), r.expected, r.observed, r.delta, r.pct, r.risk, r.since_ms, r.observed_ms, "   \
	"r.attempt_id, r.job_id, r.verdict_ms, r.decided_ms, r.at_ms, c.name, f.marketplace, f.node, f.sku, coalesce(i.sku, ''), f.title, r.kind, " \
	"r.cause, r.action, r.text, r.verdict, r.proof, r.decision, r.decided_by, r.reason, r.alerts "                                            \
	"FROM rec_row r JOIN offer f ON f.id = r.offer_id JOIN account c ON c.id = f.account_id LEFT JOIN item i ON i.id = f.item_id "

static struct rec_row read_row(const struct rows *r, struct arena *a)
{
	struct rec_row out = { .alerts = rows_int(r, 31) != 0 };
	int64_t *const ints[] = { &out.id,       &out.run,         &out.offer,   &out.item, &out.expected,   &out.observed,   &out.delta, &out.pct, &out.risk,
		                  &out.since_ms, &out.observed_ms, &out.attempt, &out.job,  &out.verdict_ms, &out.decided_ms, &out.at_ms };
	const char **const texts[] = { &out.account_name, &out.marketplace, &out.node,    &out.sku,   &out.item_sku, &out.title,      &out.kind,  &out.cause,
		                       &out.action,       &out.text,        &out.verdict, &out.proof, &out.decision, &out.decided_by, &out.reason };

	for (int i = 0; i < (int)(sizeof ints / sizeof *ints); i++)
		*ints[i] = rows_int(r, i);
	for (int i = 0; i < (int)(sizeof texts / sizeof *texts); i++)
		*texts[i] = rows_keep(r, 16 + i, a);
	return out;
}

static enum fault read_rows(struct rows *r, int n, struct arena *a, struct rec_row **out, int *got, struct err *err)
{
	*out = arena_alloc(a, (size_t)(n + 1) * sizeof **out);
	for (*got = 0; rows_next(r);)
		(*out)[(*got)++] = read_row(r, a);
	return rows_end(r, err);
}

enum fault rec_rows(struct store *s, int64_t run, int64_t after, int n, struct arena *a, struct rec_row **out, int *got, struct err *err)
{
	static const char sql[] = ROW_COLUMNS "WHERE r.run_id = ? AND r.id > ? ORDER BY r.id LIMIT ?";

	return read_rows(ASK(s, sql, V(run), V(after), V(n)), n, a, out, got, err);
}

enum fault rec_undecided(struct store *s, int64_t account, int n, struct arena *a, struct rec_row **out, int *got, struct err *err)
{
	static const char all[] = ROW_COLUMNS "WHERE r.decision = '' ORDER BY r.risk DESC, r.id DESC LIMIT ?";
	static const char of_account[] = ROW_COLUMNS "WHERE r.decision = '' AND f.account_id = ? ORDER BY r.risk DESC, r.id DESC LIMIT ?";

	return read_rows(account ? ASK(s, of_account, V(account), V(n)) : ASK(s, all, V(n)), n, a, out, got, err);
}

/* ---- patterns ---- */

/* "CHANNEL_EDIT 2, NOT_APPLIED 1" */
static enum fault causes_of(struct store *s, int64_t offer, int64_t since_ms, struct arena *a, const char **out, struct err *err)
{
	static const char sql[] = "SELECT r.cause, count(DISTINCT r.since_ms) FROM rec_row r JOIN offer f ON f.id = r.offer_id JOIN offer o ON o.id = ? "
				  "WHERE f.account_id = o.account_id AND f.sku = o.sku AND r.kind = 'drift' AND r.at_ms > ? GROUP BY r.cause ORDER BY 2 DESC, 1";
	struct buf b = buf_new(a);
	struct rows *r = ASK(s, sql, V(offer), V(since_ms));

	buf_puts(&b, "");
	while (rows_next(r))
		buf_printf(&b, "%s%s %" PRId64, b.len ? ", " : "", rows_text(r, 0), rows_int(r, 1));
	*out = b.p;
	return rows_end(r, err);
}

enum fault rec_patterns(struct store *s, const struct rec_rule *rule, int64_t now_ms, int n, struct arena *a, struct rec_pattern **out, int *got,
                        struct err *err)
{
	/* a difference that lasts is one, however many runs have seen it */
	static const char sql[] = "SELECT min(f.id), coalesce(max(f.item_id), 0), count(DISTINCT r.since_ms), min(r.since_ms), max(r.since_ms), "
				  "count(DISTINCT CASE WHEN r.delta > 0 THEN r.since_ms END), count(DISTINCT CASE WHEN r.delta < 0 THEN r.since_ms END), "
				  "c.name, f.sku, coalesce(max(i.sku), '') FROM rec_row r JOIN offer f ON f.id = r.offer_id JOIN account c ON c.id = f.account_id "
				  "LEFT JOIN item i ON i.id = f.item_id WHERE r.kind = 'drift' AND r.at_ms > ? GROUP BY c.name, f.sku "
				  "HAVING count(DISTINCT r.since_ms) >= ? ORDER BY 3 DESC, c.name, f.sku LIMIT ?";
	int64_t from = now_ms - rule->pattern_ms;
	struct rows *r = ASK(s, sql, V(from), V(rule->pattern_n), V(n));
	enum fault f;

	*out = arena_alloc(a, (size_t)(n + 1) * sizeof **out);
	for (*got = 0; rows_next(r); ++*got)
		(*out)[*got] = (struct rec_pattern){
			.offer = rows_int(r, 0), .item = rows_int(r, 1), .times = rows_int(r, 2), .first_ms = rows_int(r, 3), .last_ms = rows_int(r, 4),
			.up = rows_int(r, 5), .down = rows_int(r, 6), .account_name = rows_keep(r, 7, a), .sku = rows_keep(r, 8, a), .item_sku = rows_keep(r, 9, a),
		};
	f = rows_end(r, err);
	for (int i = 0; i < *got && !f; i++)
		f = causes_of(s, (*out)[i].offer, from, a, &(*out)[i].causes, err);
	return f;
}
