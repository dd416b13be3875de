/* sitting.c: sessions begun, decided in, read. What carrying out does is sitting_settle.c's. */
#include "trade/sitting.h"

#include "base/text.h"
#include "store/store.h"
#include "trade/accounts.h"
#include "trade/change.h"
#include "trade/inventory.h"
#include "trade/offers.h"
#include "trade/reconcile.h"
#include "trade/views.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>

enum { PAGE = 200 };

/* ---- reading ---- */

#define SITTING_COLUMNS                                                                                                             \
	"SELECT s.id, coalesce(s.account_id, 0), s.made_ms, s.touched_ms, s.ended_ms, s.audit_n, "                                   \
	"(SELECT count(*) FROM sitting_row r WHERE r.sitting_id = s.id), "                                                           \
	"(SELECT count(*) FROM sitting_row r WHERE r.sitting_id = s.id AND r.decision <> ''), "                                      \
	"(SELECT count(*) FROM sitting_row r WHERE r.sitting_id = s.id AND r.done_ms <> 0), "                                        \
	"(SELECT coalesce(min(n), 0) FROM sitting_row r WHERE r.sitting_id = s.id AND r.decision = ''), "                            \
	"s.kind, coalesce(c.name, ''), s.filter, s.state, s.actor, s.whence, s.audit_head, s.digest "                                \
	"FROM sitting s LEFT JOIN account c ON c.id = s.account_id "

static struct sitting read_sitting(const struct rows *r, struct arena *a)
{
	struct sitting out = { 0 };
	int64_t *const ints[] = { &out.id, &out.account, &out.made_ms, &out.touched_ms, &out.ended_ms, &out.audit_n, &out.rows, &out.decided, &out.done, &out.next };
	const char **const texts[] = { &out.kind, &out.account_name, &out.filter, &out.state, &out.actor, &out.whence, &out.audit_head, &out.digest };

	for (int i = 0; i < (int)(sizeof ints / sizeof *ints); i++)
		*ints[i] = rows_int(r, i);
	for (int i = 0; i < (int)(sizeof texts / sizeof *texts); i++)
		*texts[i] = rows_keep(r, 10 + i, a);
	return out;
}

enum fault sittings(struct store *s, bool open, int n, struct arena *a, struct sitting **out, int *got, struct err *err)
{
	static const char all[] = SITTING_COLUMNS "ORDER BY s.id DESC LIMIT ?";
	static const char only_open[] = SITTING_COLUMNS "WHERE s.state = 'OPEN' ORDER BY s.id DESC LIMIT ?";
	struct rows *r = open ? ASK(s, only_open, V(n)) : ASK(s, all, V(n));

	*out = arena_alloc(a, (size_t)(n + 1) * sizeof **out);
	for (*got = 0; rows_next(r);)
		(*out)[(*got)++] = read_sitting(r, a);
	return rows_end(r, err);
}

enum fault sitting_get(struct store *s, int64_t id, struct arena *a, struct sitting *out, struct err *err)
{
	static const char sql[] = SITTING_COLUMNS "WHERE s.id = ?";
	struct rows *r = ASK(s, sql, V(id));
	bool found = rows_next(r);

	if (found)
		*out = read_sitting(r, a);
	if (rows_end(r, err))
		return FAULT_STORE;
	return found ? OK : err_set(err, FAULT_REFUSED, "there is no session %" PRId64, id);
}

#define ROW_COLUMNS                                                                                                                  \
	"SELECT r.n, r.offer_id, r.rec_row_id, r.target, r.expected, r.observed, r.available, r.delta, r.seen_ms, r.ver, r.pack, r.decided_ms, r.done_ms, " \
	"r.job_id, coalesce(f.seen, -1), f.drift, c.name, f.marketplace, f.node, f.sku, coalesce(i.sku, ''), f.title, r.cause, r.decision, r.reason, r.item, " \
	"r.decided_by, r.result FROM sitting_row r JOIN offer f ON f.id = r.offer_id JOIN account c ON c.id = f.account_id LEFT JOIN item i ON i.id = f.item_id "

static struct sitting_row read_row(const struct rows *r, struct arena *a)
{
	struct sitting_row out = { 0 };
	int64_t *const ints[] = { &out.n,       &out.offer, &out.rec_row, &out.target,     &out.expected, &out.observed, &out.available, &out.delta,
		                  &out.seen_ms, &out.ver,   &out.pack,    &out.decided_ms, &out.done_ms,  &out.job,      &out.now_seen,  &out.now_drift };
	const char **const texts[] = { &out.account_name, &out.marketplace, &out.node,   &out.sku,  &out.item_sku,   &out.title, &out.cause,
		                       &out.decision,     &out.reason,      &out.item,   &out.decided_by, &out.result };

	for (int i = 0; i < (int)(sizeof ints / sizeof *ints); i++)
		*ints[i] = rows_int(r, i);
	for (int i = 0; i < (int)(sizeof texts / sizeof *texts); i++)
		*texts[i] = rows_keep(r, 16 + i, a);
	return out;
}

enum fault sitting_rows(struct store *s, int64_t id, int64_t after, int n, struct arena *a, struct sitting_row **out, int *got, struct err *err)
{
	static const char sql[] = ROW_COLUMNS "WHERE r.sitting_id = ? AND r.n > ? ORDER BY r.n LIMIT ?";
	struct rows *r = ASK(s, sql, V(id), V(after), V(n));

	*out = arena_alloc(a, (size_t)(n + 1) * sizeof **out);
	for (*got = 0; rows_next(r);)
		(*out)[(*got)++] = read_row(r, a);
	return rows_end(r, err);
}

static enum fault row_at(struct store *s, int64_t id, int64_t n, struct arena *a, struct sitting_row *out, struct err *err)
{
	struct sitting_row *row;
	int got;

	if (sitting_rows(s, id, n - 1, 1, a, &row, &got, err))
		return FAULT_STORE;
	if (!got || row->n != n)
		return err_set(err, FAULT_REFUSED, "session %" PRId64 " has no row %" PRId64, id, n);
	*out = *row;
	return OK;
}

/* ---- beginning ---- */

struct beginning {
	struct store *s;
	const struct fields *p;
	struct arena *a;
	int64_t session, account, n; /* n: rows so far */
	int64_t now_ms;
};

static enum fault freeze(struct beginning *b, const struct offer *o, int64_t rec_row, struct err *err)
{
	static const char sql[] = "INSERT INTO sitting_row (sitting_id, n, offer_id, rec_row_id, target, expected, observed, available, delta, cause, seen_ms, ver) "
				  "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";

	return RUN(b->s, err, sql, V(b->session), V(++b->n), V(o->id), rec_row ? V(rec_row) : V_NULL, V(o->target),
	           V(o->pushed < 0 ? o->pushed : o->seen - o->drift), V(o->seen), V(o->available), V(o->drift), V(o->cause), V(o->seen_ms), V(o->ver));
}

/* Units at risk first, as the pane has them. */
static enum fault freeze_drift(struct beginning *b, struct err *err)
{
	struct page_ask ask = { .filter = fields_get(b->p, "filter", ""), .n = PAGE, .now_ms = b->now_ms };
	struct offer *o;
	int got = PAGE;
	enum fault f = OK;

	while (!f && got == PAGE && b->n < SITTING_MOST) {
		f = drift_page(b->s, &ask, b->a, &o, &got, NULL, NULL, err);
		for (int i = 0; i < got && !f && b->n < SITTING_MOST; i++)
			if (!b->account || b->account == o[i].account)
				f = freeze(b, &o[i], 0, err);
		if (got)
			ask.key = drift_key(&o[got - 1], ask.sort);
	}
	return f;
}

static enum fault freeze_undecided(struct beginning *b, struct err *err)
{
	struct rec_row *row;
	struct offer o;
	int got;
	enum fault f = rec_undecided(b->s, b->account, SITTING_MOST, b->a, &row, &got, err);

	for (int i = 0; i < got && !f; i++) {
		f = offer_get(b->s, row[i].offer, b->a, &o, err);
		if (!f)
			f = freeze(b, &o, row[i].id, err);
	}
	return f;
}

static enum fault account_of(struct store *s, const struct fields *p, struct arena *a, int64_t *id, struct err *err)
{
	const char *name = fields_get(p, "account", "");
	struct account_row row;

	*id = 0;
	if (!*name)
		return OK;
	if (account_by_name(s, name, a, &row, err))
		return err->fault;
	*id = row.id;
	return OK;
}

static enum fault begin(struct beginning *b, const struct cause *why, struct err *err)
{
	static const char sql[] = "INSERT INTO sitting (kind, account_id, filter, state, actor, whence, made_ms, touched_ms) VALUES (?1, ?2, ?3, 'OPEN', ?4, ?5, ?6, ?6) "
				  "RETURNING id";
	static const char open[] = "SELECT coalesce(max(id), 0) FROM sitting WHERE state = 'OPEN' AND actor = ? AND kind = ?";
	const char *kind = fields_get(b->p, "kind", "manual");
	bool review = !strcmp(kind, "review");
	int64_t other;
	enum fault f = GET_INT(b->s, err, 0, &other, open, V(why->actor), V(kind));

	if (!f && other)
		f = err_set(err, FAULT_REFUSED, "session %" PRId64 " of yours is open: go on with it, or leave it", other);
	if (!f)
		f = account_of(b->s, b->p, b->a, &b->account, err);
	if (!f)
		f = RUN_ID(b->s, err, &b->session, sql, V(kind), b->account ? V(b->account) : V_NULL, V(fields_get(b->p, "filter", "")), V(why->actor),
		           V(fields_get(b->p, "whence", "")), V(why->now_ms));
	if (!f)
		f = review ? freeze_undecided(b, err) : freeze_drift(b, err);
	if (!f && !b->n)
		f = err_set(err, FAULT_REFUSED, review ? "nothing waits for a person's word" : "nothing differs in that scope");
	return f;
}

/* ---- deciding ---- */

static bool is_verdict(const char *word)
{
	static const char *const words[] = { "accept", "push", "hold", "remap", "ignore", "none" };

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (!strcmp(word, words[i]))
			return true;
	return false;
}

static enum fault check_remap(struct store *s, const struct fields *p, struct arena *a, struct err *err)
{
	struct item item;

	if (fields_int(p, "pack", 1) < 1 || fields_int(p, "pack", 1) > 10000)
		return err_set(err, FAULT_REFUSED, "1 to 10000 eaches in one");
	return item_get(s, fields_get(p, "item", ""), a, &item, err);
}

const char *sitting_no_accept(const struct offer *o, int64_t seen, int64_t available, struct arena *a)
{
	int64_t there = available > 0 ? available : 0;
	const char *each = o->pack > 1 ? arena_printf(a, " of %" PRId64 " each", o->pack) : "";

	if (o->seen < 0)
		return "nothing of it was read yet that could be accepted";
	if (o->pushed < 0)
		return "nothing was ever said of it that could be accepted in its place; push, hold, or ignore";
	if (seen * o->pack <= there)
		return NULL;
	return arena_printf(a, "they show %" PRId64 "%s and there are %" PRId64 ": that is no number to accept; push, hold, or count again", seen, each, available);
}

/* Why a verdict cannot stand, before it is written. */
static enum fault check_verdict(struct store *s, const struct sitting_row *row, const char *verdict, const struct fields *p, struct arena *a, struct err *err)
{
	const char *never;
	struct offer o;
	enum fault f = offer_get(s, row->offer, a, &o, err);

	if (f)
		return f;
	if (!is_verdict(verdict))
		return err_set(err, FAULT_REFUSED, "%.30s is no verdict: accept, push, hold, remap, ignore, or none to take one back", verdict);
	if (row->done_ms)
		return err_set(err, FAULT_REFUSED, "row %" PRId64 " was carried out already", row->n);
	if (!strcmp(verdict, "remap"))
		return check_remap(s, p, a, err);
	if (!strcmp(verdict, "accept") && (never = sitting_no_accept(&o, row->observed, row->available, a)))
		return err_set(err, FAULT_REFUSED, "%s", never);
	if ((!strcmp(verdict, "push") || !strcmp(verdict, "hold")) && offer_unwritable(&o))
		return err_set(err, FAULT_REFUSED, "%s %.60s may not be written: %s", o.account_name, o.sku, offer_unwritable(&o));
	if ((!strcmp(verdict, "ignore") || !strcmp(verdict, "hold")) && !*fields_get(p, "reason", ""))
		return err_set(err, FAULT_REFUSED, "%s wants a reason", verdict);
	return OK;
}

static enum fault open_one(struct store *s, const struct fields *p, struct arena *a, struct sitting *out, struct err *err)
{
	enum fault f = sitting_get(s, fields_int(p, "session", 0), a, out, err);

	if (!f && strcmp(out->state, "OPEN"))
		f = err_set(err, FAULT_REFUSED, "session %" PRId64 " has ended", out->id);
	return f;
}

static enum fault touch(struct store *s, int64_t id, const char *whence, int64_t now_ms, struct err *err)
{
	static const char sql[] = "UPDATE sitting SET touched_ms = ?, whence = CASE WHEN ?2 <> '' THEN ?2 ELSE whence END WHERE id = ?3";

	return RUN(s, err, sql, V(now_ms), V(whence), V(id));
}

static enum fault decide(struct store *s, const struct fields *p, struct arena *a, const struct cause *why, int64_t *session, struct err *err)
{
	static const char sql[] = "UPDATE sitting_row SET decision = ?, reason = ?, item = ?, pack = ?, decided_by = ?, decided_ms = ? WHERE sitting_id = ? AND n = ?";
	const char *verdict = fields_get(p, "verdict", "");
	struct sitting_row row;
	struct sitting it;
	enum fault f = open_one(s, p, a, &it, err);

	if (!f)
		f = row_at(s, it.id, fields_int(p, "row", 0), a, &row, err);
	if (!f)
		f = check_verdict(s, &row, verdict, p, a, err);
	if (f)
		return f;
	*session = it.id;
	if (RUN(s, err, sql, V(strcmp(verdict, "none") ? verdict : ""), V(fields_get(p, "reason", "")), V(strcmp(verdict, "remap") ? "" : fields_get(p, "item", "")),
	        V(fields_int(p, "pack", 1)), V(why->actor), V(why->now_ms), V(it.id), V(row.n)) ||
	    touch(s, it.id, fields_get(p, "whence", ""), why->now_ms, err))
		return FAULT_STORE;
	return change_text(s, "offer", row.offer, "session", row.decision, verdict, why->now_ms, why, err);
}

static enum fault leave(struct store *s, const struct fields *p, struct arena *a, const struct cause *why, int64_t *session, struct err *err)
{
	static const char sql[] = "UPDATE sitting SET state = 'LEFT', ended_ms = ? WHERE id = ?";
	struct sitting it;
	enum fault f = open_one(s, p, a, &it, err);

	if (f)
		return f;
	*session = it.id;
	return RUN(s, err, sql, V(why->now_ms), V(it.id));
}

enum fault sitting_carry(struct store *s, const struct fields *p, const struct cause *why, int64_t *session, struct err *err)
{
	struct arena *a = arena_new();
	struct beginning b = { .s = s, .p = p, .a = a, .now_ms = why->now_ms };
	const char *action = fields_get(p, "action", "");
	enum fault f;

	assert(store_in_transaction(s));
	*session = 0;
	if (!strcmp(action, "begin")) {
		f = begin(&b, why, err);
		*session = b.session;
	} else if (!strcmp(action, "decide")) {
		f = decide(s, p, a, why, session, err);
	} else if (!strcmp(action, "leave")) {
		f = leave(s, p, a, why, session, err);
	} else {
		f = err_set(err, FAULT_REFUSED, "begin, decide or leave a session");
	}
	arena_free(a);
	return f;
}

enum fault sitting_words(struct store *s, const struct fields *p, int64_t now_ms, struct arena *a, const char **text, struct err *err)
{
	const char *action = fields_get(p, "action", ""), *account = fields_get(p, "account", ""), *filter = fields_get(p, "filter", "");
	struct sitting_row row;
	struct sitting it;
	enum fault f;

	(void)now_ms;
	if (!strcmp(action, "begin")) {
		*text = arena_printf(a, "begin a %s of %s%s%s", !strcmp(fields_get(p, "kind", ""), "review") ? "review" : "session", *account ? account : "all accounts",
		                     *filter ? ", " : "", filter);
		return OK;
	}
	f = open_one(s, p, a, &it, err);
	if (!f && !strcmp(action, "leave"))
		*text = arena_printf(a, "leave session %" PRId64 ": %" PRId64 " of %" PRId64 " rows carried out", it.id, it.done, it.rows);
	if (f || !strcmp(action, "leave"))
		return f;
	f = row_at(s, it.id, fields_int(p, "row", 0), a, &row, err);
	if (!f)
		f = check_verdict(s, &row, fields_get(p, "verdict", ""), p, a, err);
	if (!f)
		*text = arena_printf(a, "session %" PRId64 " row %" PRId64 ", %s %s: %s", it.id, row.n, row.account_name, row.sku, fields_get(p, "verdict", ""));
	return f;
}
