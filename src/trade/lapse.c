#include "trade/lapse.h"

#include "base/clock.h"
#include "store/store.h"
#include "trade/accounts.h"
#include "trade/change.h"
#include "trade/intents.h"
#include "trade/places.h"
#include "trade/rows.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>

static const char *const cause_names[LAPSE_CAUSES] = { "truth", "write", "platform" };
static const char *const state_names[LAPSE_STATES] = { "FAILING", "ZEROED", "READING", "RESTORING", "ENDED" };

const char *lapse_cause_name(enum lapse_cause c)
{
	return c < LAPSE_CAUSES ? cause_names[c] : "?";
}

const char *lapse_state_name(enum lapse_state s)
{
	return s < LAPSE_STATES ? state_names[s] : "?";
}

static int index_of(const char *const *names, int n, const char *name)
{
	for (int i = 0; i < n; i++)
		if (!strcmp(names[i], name))
			return i;
	return 0;
}

/* ---- reading ---- */

#define LAPSES                                                                                                                     \
	"SELECT l.id, l.account_id, c.name, c.channel, l.cause, l.state, l.text, l.since_ms, l.lasted_ms, l.looked_ms, l.steady_ms, " \
	"l.bad_ms, l.good, l.good_ms, l.waiting, l.declared, l.until_ms, l.held_ms, l.held_by, coalesce(l.zero_id, 0), l.zeroed_ms, " \
	"l.mended_ms, l.orders_ms, l.stock_ms, l.shown_ms, l.ended_ms, l.due_ms FROM lapse l JOIN account c ON c.id = l.account_id "

static struct lapse read_lapse(const struct rows *r, struct arena *a)
{
	return (struct lapse){
		.id = rows_int(r, 0),
		.account = rows_int(r, 1),
		.account_name = rows_keep(r, 2, a),
		.channel = rows_keep(r, 3, a),
		.cause = (enum lapse_cause)index_of(cause_names, LAPSE_CAUSES, rows_text(r, 4)),
		.state = (enum lapse_state)index_of(state_names, LAPSE_STATES, rows_text(r, 5)),
		.text = rows_keep(r, 6, a),
		.since_ms = rows_int(r, 7),
		.lasted_ms = rows_int(r, 8),
		.looked_ms = rows_int(r, 9),
		.steady_ms = rows_int(r, 10),
		.bad_ms = rows_int(r, 11),
		.good = rows_int(r, 12),
		.good_ms = rows_int(r, 13),
		.waiting = rows_int(r, 14),
		.declared = rows_keep(r, 15, a),
		.until_ms = rows_int(r, 16),
		.held_ms = rows_int(r, 17),
		.held_by = rows_keep(r, 18, a),
		.zero = rows_int(r, 19),
		.zeroed_ms = rows_int(r, 20),
		.mended_ms = rows_int(r, 21),
		.orders_ms = rows_int(r, 22),
		.stock_ms = rows_int(r, 23),
		.shown_ms = rows_int(r, 24),
		.ended_ms = rows_int(r, 25),
		.due_ms = rows_int(r, 26),
	};
}

enum fault lapse_of(struct store *s, int64_t account, struct arena *a, struct lapse *out, struct err *err)
{
	static const char sql[] = LAPSES "WHERE l.account_id = ? AND l.ended_ms = 0";
	struct rows *r = ASK(s, sql, V(account));

	*out = (struct lapse){ 0 };
	if (rows_next(r))
		*out = read_lapse(r, a);
	return rows_end(r, err);
}

enum fault lapses_page(struct store *s, int64_t before, bool all, int n, struct arena *a, struct lapse **out, int *got, struct err *err)
{
	static const char sql[] = LAPSES "WHERE (?1 = 0 OR l.id < ?1) AND (?2 OR l.ended_ms = 0) ORDER BY l.id DESC LIMIT ?3";
	struct rows *r = ASK(s, sql, V(before), V(all), V(n));

	*out = arena_alloc(a, (size_t)(n + 1) * sizeof **out);
	for (*got = 0; rows_next(r);)
		(*out)[(*got)++] = read_lapse(r, a);
	return rows_end(r, err);
}

enum fault lapse_waiting(struct store *s, int64_t account, int64_t *changes, int64_t *tried_ms, struct err *err)
{
	static const char sql[] = "SELECT count(*), coalesce(min(CASE WHEN tries > 0 AND state = 'waiting' THEN made_ms END), 0) FROM job "
				  "WHERE account_id = ? AND verb = 'stock' AND (state = 'waiting' OR state = 'inflight' OR state = 'unsure')";
	struct rows *r = ASK(s, sql, V(account));

	*changes = *tried_ms = 0;
	if (rows_next(r)) {
		*changes = rows_int(r, 0);
		*tried_ms = rows_int(r, 1);
	}
	return rows_end(r, err);
}

enum fault lapse_unheard(struct store *s, int64_t account, struct arena *a, struct unheard *out, struct err *err)
{
	static const char worst[] =
		"SELECT id, fails, fault = 'AUTH', text FROM (SELECT id, fails, fault, text FROM job WHERE account_id = ?1 AND verb = 'orders' AND state = 'waiting' "
		"UNION ALL SELECT id, fails, fault, text FROM job WHERE account_id = ?1 AND verb = 'orders' AND state IN ('inflight', 'unsure')) AS list "
		"WHERE fails > 0 ORDER BY fails DESC, id LIMIT 1";
	static const char first[] = "SELECT min(opened_ms) FROM (SELECT a.opened_ms FROM attempt_job x JOIN attempt a ON a.id = x.attempt_id "
				    "WHERE x.job_id = ?1 AND a.fault NOT IN ('', 'BUSY') ORDER BY x.attempt_id DESC LIMIT ?2) AS tries";
	struct rows *r = ASK(s, worst, V(account));
	int64_t job = 0;

	*out = (struct unheard){ .text = "" };
	if (rows_next(r)) {
		job = rows_int(r, 0);
		*out = (struct unheard){ rows_int(r, 1), 0, rows_int(r, 2) != 0, rows_keep(r, 3, a) };
	}
	if (rows_end(r, err))
		return FAULT_STORE;
	return out->fails ? GET_INT(s, err, 0, &out->since_ms, first, V(job), V(out->fails)) : OK;
}

enum fault lapse_stock_read(struct store *s, int64_t since_ms, bool *yes, struct err *err)
{
	static const char sql[] = "SELECT count(*) FROM place_source x JOIN place p ON p.id = x.place_id JOIN account c ON c.id = x.account_id "
				  "WHERE p.sells = 1 AND c.enabled = 1 AND x.heard_ms > 0 AND x.heard_ms < ?"; /* who never told anything is not waited for */
	int64_t unheard;
	enum fault f = GET_INT(s, err, 0, &unheard, sql, V(since_ms));

	*yes = !f && !unheard;
	return f;
}

enum fault lapse_unread(struct store *s, int64_t zero, int64_t since_ms, int64_t *offers, struct err *err)
{
	static const char sql[] = "SELECT count(*) FROM zero_row z JOIN offer f ON f.id = z.offer_id WHERE z.zero_id = ? AND f.seen_ms < ?";

	return GET_INT(s, err, 0, offers, sql, V(zero), V(since_ms));
}

bool lapse_relapsed(const struct lapse *l)
{
	return l->state == LAPSE_ZEROED && l->since_ms > l->zeroed_ms;
}

/* ---- writing ---- */

static enum fault insert(struct store *s, struct lapse *l, struct err *err)
{
	static const char sql[] = "INSERT INTO lapse (account_id, cause, state, text, since_ms, lasted_ms, looked_ms, steady_ms, bad_ms, waiting, declared, until_ms) "
				  "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id";

	return RUN_ID(s, err, &l->id, sql, V(l->account), V(lapse_cause_name(l->cause)), V(lapse_state_name(l->state)), V(l->text), V(l->since_ms),
	              V(l->lasted_ms), V(l->looked_ms), V(l->steady_ms), V(l->bad_ms), V(l->waiting), V(l->declared ? l->declared : ""), V(l->until_ms));
}

static enum fault update(struct store *s, const struct lapse *l, struct err *err)
{
	static const char sql[] = "UPDATE lapse SET cause = ?2, state = ?3, text = ?4, since_ms = ?5, lasted_ms = ?6, looked_ms = ?7, steady_ms = ?8, bad_ms = ?9, "
				  "good = ?10, good_ms = ?11, waiting = ?12, declared = ?13, until_ms = ?14, held_ms = ?15, held_by = ?16, zero_id = ?17, "
				  "zeroed_ms = ?18, mended_ms = ?19, orders_ms = ?20, stock_ms = ?21, shown_ms = ?22, ended_ms = ?23, due_ms = ?24 WHERE id = ?1";

	return RUN(s, err, sql, V(l->id), V(lapse_cause_name(l->cause)), V(lapse_state_name(l->state)), V(l->text), V(l->since_ms), V(l->lasted_ms),
	           V(l->looked_ms), V(l->steady_ms), V(l->bad_ms), V(l->good), V(l->good_ms), V(l->waiting), V(l->declared), V(l->until_ms), V(l->held_ms),
	           V(l->held_by), l->zero ? V(l->zero) : V_NULL, V(l->zeroed_ms), V(l->mended_ms), V(l->orders_ms), V(l->stock_ms), V(l->shown_ms), V(l->ended_ms), V(l->due_ms));
}

enum fault lapse_put(struct store *s, struct lapse *l, const struct cause *why, struct err *err)
{
	static const char ask[] = "SELECT state FROM lapse WHERE id = ?";
	struct rows *r = ASK(s, ask, V(l->id));
	struct arena *a = arena_new();
	const char *was = rows_next(r) ? rows_keep(r, 0, a) : NULL;
	enum fault f = rows_end(r, err);

	assert(store_in_transaction(s));
	if (!f)
		f = was ? update(s, l, err) : insert(s, l, err);
	if (!f) /* nothing is written when the state is what it was */
		f = change_text(s, "lapse", l->id, "state", was, lapse_state_name(l->state), why->now_ms, why, err);
	arena_free(a);
	return f;
}

/* ---- what a person says ---- */

static enum fault hold(struct store *s, int64_t account, int64_t until_ms, const struct cause *why, struct err *err)
{
	struct arena *a = arena_new();
	struct lapse l;
	enum fault f = lapse_of(s, account, a, &l, err);

	if (!f && (!l.id || (l.state != LAPSE_FAILING && !lapse_relapsed(&l))))
		f = err_set(err, FAULT_REFUSED, !l.id ? "it is in step: there is no zero to hold off" : "its offers are at zero already: `tallyman lift` lets go of them");
	if (!f) {
		l.held_ms = until_ms;
		l.held_by = why->actor;
		f = lapse_put(s, &l, why, err);
	}
	arena_free(a);
	return f;
}

static enum fault declare(struct store *s, int64_t account, int64_t until_ms, const struct cause *why, struct err *err)
{
	struct arena *a = arena_new();
	struct lapse l;
	enum fault f = lapse_of(s, account, a, &l, err);

	if (!f && !l.id)
		l = (struct lapse){ .account = account, .text = "declared", .since_ms = why->now_ms, .looked_ms = why->now_ms, .bad_ms = why->now_ms, .steady_ms = -1 };
	if (!f) {
		l.cause = LAPSE_PLATFORM;
		l.declared = why->actor;
		l.until_ms = until_ms;
		l.good = 0;
		f = lapse_put(s, &l, why, err);
	}
	arena_free(a);
	return f;
}

static enum fault declare_over(struct store *s, int64_t account, const struct cause *why, struct err *err)
{
	struct arena *a = arena_new();
	struct lapse l;
	enum fault f = lapse_of(s, account, a, &l, err);

	if (!f && (!l.id || !*l.declared))
		f = err_set(err, FAULT_REFUSED, "nobody said that it is out");
	if (!f) {
		l.declared = "";
		l.until_ms = 0;
		f = lapse_put(s, &l, why, err);
	}
	arena_free(a);
	return f;
}

static bool is_over(const struct intent *in)
{
	return in->kind == INTENT_HOLD ? !fields_int(&in->payload, "minutes", 0) : fields_int(&in->payload, "end", 0) == 1;
}

/* A place has no account: what is held off is the end of its stock. */
static bool is_place(const struct intent *in)
{
	return in->kind == INTENT_HOLD && fields_int(&in->payload, "place", 0) == 1;
}

/* By number, or by the name that it is about. */
static enum fault account_meant(struct store *s, const struct intent *in, struct arena *a, struct account_row *out, struct err *err)
{
	return in->account ? account_by_id(s, in->account, a, out, err) : account_by_name(s, in->subject ? in->subject : "", a, out, err);
}

/* Only where something is said can it be kept from being said. */
static enum fault can_be_out(struct store *s, const struct account_row *row, struct err *err)
{
	static const char sql[] = "SELECT counts_ms >= 0 FROM account WHERE id = ?";
	int64_t source = 0;

	if (GET_INT(s, err, 0, &source, sql, V(row->id)))
		return FAULT_STORE;
	if (source)
		return err_set(err, FAULT_REFUSED, "%s tells of stock: nothing is said to it, and when it is silent that is counted down by itself: tallyman places", row->name);
	if (!row->enabled || strcmp(row->mode, "live"))
		return err_set(err, FAULT_REFUSED, "%s is %s: nothing is said there", row->name, row->enabled ? "in shadow" : "switched off");
	return OK;
}

enum fault lapse_words(struct store *s, const struct intent *in, int64_t now_ms, struct arena *a, const char **text, struct err *err)
{
	int64_t minutes = fields_int(&in->payload, "minutes", 0), until = fields_int(&in->payload, "until_ms", 0);
	struct account_row row;
	char at[25] = "";

	if (is_place(in))
		row.name = in->subject;
	if (is_place(in) ? place_off_check(s, in->subject, is_over(in), err) : account_meant(s, in, a, &row, err))
		return err->fault;
	if (!*intent_reason(in) && !is_over(in))
		return err_set(err, FAULT_REFUSED, "a reason is wanted: it stands in the audit");
	if (in->kind == INTENT_HOLD && (minutes < 0 || minutes > HOLD_MOST_MIN))
		return err_set(err, FAULT_REFUSED, "a zero is held off for at most %d minutes", HOLD_MOST_MIN);
	if (until && until <= now_ms)
		return err_set(err, FAULT_REFUSED, "that time is over");
	if (in->kind == INTENT_OUTAGE && !is_over(in) && can_be_out(s, &row, err))
		return err->fault;
	if (in->kind == INTENT_HOLD)
		time_iso_s(now_ms + minutes * 60000, at);
	else if (until)
		time_iso_s(until, at);
	if (is_place(in))
		*text = is_over(in) ? arena_printf(a, "%s: its stock is held on sale no longer", row.name) : arena_printf(a, "%s: its stock stays on sale until %s, heard or not", row.name, at);
	else if (in->kind == INTENT_HOLD)
		*text = is_over(in) ? arena_printf(a, "%s: its zero is held off no longer", row.name) : arena_printf(a, "%s: its zero is held off until %s", row.name, at);
	else
		*text = is_over(in) ? arena_printf(a, "%s: is not out any more: everything is sent again", row.name)
		                    : arena_printf(a, "%s: is out%s%s: nothing but probes is sent there", row.name, *at ? " until " : " until somebody says otherwise", at);
	return OK;
}

enum fault lapse_carry(struct store *s, const struct intent *in, const struct cause *why, struct err *err)
{
	int64_t minutes = fields_int(&in->payload, "minutes", 0), until_ms = minutes ? why->now_ms + minutes * 60000 : 0;
	struct arena *a;
	struct account_row row;
	enum fault f;

	if (is_place(in))
		return place_hold_off(s, in->subject, until_ms, why, err);
	a = arena_new();
	f = account_meant(s, in, a, &row, err);
	if (!f && in->kind == INTENT_HOLD)
		f = hold(s, row.id, until_ms, why, err);
	else if (!f && is_over(in))
		f = declare_over(s, row.id, why, err);
	else if (!f)
		f = declare(s, row.id, fields_int(&in->payload, "until_ms", 0), why, err);
	arena_free(a);
	return f;
}
