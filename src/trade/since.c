#include "trade/since.h"

#include "base/text.h"
#include "store/store.h"
#include "trade/logins.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SITTING_MS (INT64_C(24) * 3600000) /* nobody sits for longer */

/* ---- when he was last here ---- */

static bool is_him(const struct looker *w, const char *actor, struct arena *a)
{
	return w->actor ? login_one(actor, w->actor) : !strcmp(login_name(actor, a), w->name);
}

/* Where he sits at a console: since when, by the one that he has sat at for longest. *since_ms stays where it is not known that he does. */
static enum fault sits_since(struct store *s, const struct looker *who, struct arena *a, int64_t *since_ms, struct err *err)
{
	static const char sql[] = "SELECT at_ms, actor, action FROM audit WHERE substr(actor, 1, 4) = 'uid:' AND action IN ('login', 'logout') ORDER BY n DESC";
	struct rows *r = store_ask(s, sql, NULL, 0);
	int gone = 0;

	while (rows_next(r)) {
		bool came = !strcmp(rows_text(r, 2), "login");

		if (who->before_ms - rows_int(r, 0) > SITTING_MS) /* one whose end no engine saw */
			break;
		if (rows_int(r, 0) >= who->before_ms || !is_him(who, rows_text(r, 1), a))
			continue;
		if (came && !gone)
			*since_ms = rows_int(r, 0);
		gone += came ? gone ? -1 : 0 : 1;
	}
	return rows_end(r, err);
}

/* A session as it is walked through backwards. */
struct walk {
	int64_t until_ms; /* he was here then */
	int lines;        /* consoles of his that were open before the row at hand: their ends were passed */
};

/* Was he away between this row and the one after it? Not while he sat there, nor for as long as it takes to come back over a line that broke. */
static bool was_away(struct walk *w, int64_t at_ms, const char *action)
{
	if (!w->lines && w->until_ms - at_ms >= AWAY_MS)
		return true;
	w->lines += !strcmp(action, "logout") ? 1 : w->lines && !strcmp(action, "login") ? -1 : 0;
	w->until_ms = at_ms;
	return false;
}

enum fault last_look(struct store *s, const struct looker *who, struct arena *a, struct last_look *out, struct err *err)
{
	static const char sql[] = "SELECT n, at_ms, actor, action FROM audit WHERE substr(actor, 1, 4) = 'uid:' ORDER BY n DESC";
	struct walk w = { .until_ms = who->before_ms };
	struct rows *r;

	*out = (struct last_look){ .actor = "" };
	if (who->sits && sits_since(s, who, a, &w.until_ms, err))
		return FAULT_STORE;
	r = store_ask(s, sql, NULL, 0);
	for (int64_t before = w.until_ms; rows_next(r);)
		if (rows_int(r, 1) < before && is_him(who, rows_text(r, 2), a) && was_away(&w, rows_int(r, 1), rows_text(r, 3))) {
			*out = (struct last_look){ rows_keep(r, 2, a), rows_int(r, 1), rows_int(r, 0) };
			break;
		}
	return rows_end(r, err);
}

/* ---- what has become of each ---- */

const char *fate_name(enum fate f)
{
	static const char *const names[FATES] = { "opened", "worse", "untouched", "worked on", "closed", "came and went" };

	return names[f];
}

struct look {
	struct store *s;
	struct arena *a;
	struct since *out;
	int cap;
	struct err *err;
};

static enum fate fate_of(int64_t from_ms, const struct since_thing *t, bool worse)
{
	bool then = t->opened_ms < from_ms;

	if (t->closed_ms)
		return then ? FATE_CLOSED : FATE_PASSED;
	return !then ? FATE_OPENED : worse ? FATE_WORSE : *t->who ? FATE_WORKED : FATE_UNTOUCHED;
}

static struct since_thing *put(struct look *l, const struct since_thing *t)
{
	l->out->thing = arena_grow(l->a, l->out->thing, l->out->n, &l->cap, sizeof *l->out->thing);
	l->out->thing[l->out->n] = *t;
	return &l->out->thing[l->out->n++];
}

/* Graver than it ever was before that moment; or all of it was over by then, and something is open again. */
#define RANK "min(CASE t.severity WHEN 'CRIT' THEN 0 WHEN 'WARN' THEN 1 ELSE 2 END)"
#define TURNS "FROM alert l JOIN alert_turn t ON t.alert_id = l.id WHERE l.incident_id = n.id AND t.at_ms "
#define WORSE \
	"(coalesce((SELECT " RANK " " TURNS ">= ?1), 9) < coalesce((SELECT " RANK " " TURNS "< ?1), 9) OR (n.over_ms = 0 AND NOT EXISTS " \
	"(SELECT 1 FROM alert l WHERE l.incident_id = n.id AND l.opened_ms < ?1 AND (l.closed_ms = 0 OR l.closed_ms >= ?1))))"

/* What was folded into another since is told as that one, which is as old as the oldest of them. */
#define FOLDED \
	"WITH folded(id, opened_ms) AS MATERIALIZED (SELECT CAST(substr(cause, length('folded into I-') + 1) AS INTEGER), min(opened_ms) FROM incident " \
	"WHERE closed_ms <> 0 AND closed_ms >= ?1 AND closed_by = 'system' AND cause LIKE 'folded into I-%' GROUP BY 1) "
#define INCIDENT "n.id, n.severity, coalesce(c.name, ''), n.text, n.cause, min(n.opened_ms, coalesce(d.opened_ms, n.opened_ms)), n.closed_ms, n.over_ms"
#define INCIDENTS "FROM incident n LEFT JOIN account c ON c.id = n.account_id LEFT JOIN folded d ON d.id = n.id "

static enum fault put_incidents(struct look *l, struct rows *r)
{
	while (rows_next(r)) {
		const char *id = arena_printf(l->a, "%" PRId64, rows_int(r, 0)), *whose = rows_text(r, 2), *text = rows_text(r, 3), *cause = rows_text(r, 4);
		bool named = !*whose || !strncmp(text, whose, strlen(whose));

		put(l, &(struct since_thing){
			.name = arena_printf(l->a, "I-%s", id),
			.severity = rows_keep(r, 1, l->a),
			.text = arena_printf(l->a, "%s%s%s%s%s%s", named ? "" : whose, named ? "" : ": ", text, *cause ? " (" : "", cause, *cause ? ")" : rows_int(r, 7) ? "; over, not closed" : ""),
			.who = "",
			.opened_ms = rows_int(r, 5),
			.closed_ms = rows_int(r, 6),
			.pane = "incident",
			.subject = arena_printf(l->a, "incident:%s", id),
		})->fate = rows_int(r, 8) ? FATE_WORSE : FATE_UNTOUCHED; /* until it is known who did something */
	}
	return rows_end(r, l->err);
}

static enum fault look_at_incidents(struct look *l)
{
	static const char open[] = FOLDED "SELECT " INCIDENT ", " WORSE " " INCIDENTS "WHERE n.closed_ms = 0";
	static const char closed[] = FOLDED "SELECT " INCIDENT ", 0 " INCIDENTS "WHERE n.closed_ms <> 0 AND n.closed_ms >= ?1 "
				     "AND NOT (n.closed_by = 'system' AND n.cause LIKE 'folded into I-%') ORDER BY n.closed_ms DESC LIMIT ?2";
	enum fault f = put_incidents(l, ASK(l->s, open, V(l->out->from_ms)));

	return f ? f : put_incidents(l, ASK(l->s, closed, V(l->out->from_ms), V(SINCE_MOST)));
}

/* An engine's own, of an account out of step, as well as a person's. */
static enum fault look_at_zeros(struct look *l)
{
	static const char sql[] = "SELECT z.id, z.scope, z.reason, z.actor, z.made_ms, z.lifted_ms, z.lifted_by FROM zero_out z WHERE z.lifted_ms = 0 OR z.lifted_ms >= ?1 "
				  "ORDER BY z.id DESC LIMIT ?2";
	struct rows *r = ASK(l->s, sql, V(l->out->from_ms), V(SINCE_MOST));

	while (rows_next(r)) {
		const char *lifted = rows_int(r, 5) ? arena_printf(l->a, "; lifted by %s", login_name(rows_text(r, 6), l->a)) : "";

		put(l, &(struct since_thing){
			.fate = FATE_UNTOUCHED,
			.name = arena_printf(l->a, "Z-%" PRId64, rows_int(r, 0)),
			.severity = "WARN",
			.text = arena_printf(l->a, "%s at zero: %s, by %s%s", rows_text(r, 1), rows_text(r, 2), login_name(rows_text(r, 3), l->a), lifted),
			.who = "",
			.opened_ms = rows_int(r, 4),
			.closed_ms = rows_int(r, 5),
			.pane = "zero",
			.subject = arena_printf(l->a, "%" PRId64, rows_int(r, 0)),
		});
	}
	return rows_end(r, l->err);
}

/* ---- who did something about which ---- */

static const char *and_name(struct arena *a, const char *names, const char *name)
{
	size_t n = strlen(name);

	for (const char *at = names; *at; at += strcspn(at, ",") + (strchr(at, ',') ? 2 : 0))
		if (strcspn(at, ",") == n && !strncmp(at, name, n))
			return names;
	return *names ? arena_printf(a, "%s, %s", names, name) : arena_strdup(a, name);
}

static void touch(struct look *l, char kind, int64_t id, const char *actor)
{
	char name[32];

	snprintf(name, sizeof name, "%c-%" PRId64, kind, id);
	for (int i = 0; i < l->out->n; i++)
		if (!strcmp(l->out->thing[i].name, name))
			l->out->thing[i].who = and_name(l->a, l->out->thing[i].who, login_name(actor, l->a));
}

/* Of alerts that are folded the incident is meant. */
static enum fault incident_of(struct look *l, int64_t alert, int64_t *incident)
{
	static const char sql[] = "SELECT coalesce(incident_id, id) FROM alert WHERE id = ?";

	return GET_INT(l->s, l->err, 0, incident, sql, V(alert));
}

/* The row keeps its intent's words, "KEY=ID" a line: what are they about? */
static enum fault touched(struct look *l, const char *actor, const char *detail)
{
	static const struct {
		const char *key;
		char kind; /* A: an alert */
	} keys[] = { { "incident=", 'I' }, { "alert=", 'A' }, { "subject=alert:", 'A' }, { "zero=", 'Z' }, { "subject=zero:", 'Z' } };

	for (size_t k = 0; k < sizeof keys / sizeof *keys; k++)
		for (const char *at = strstr(detail, keys[k].key); at; at = strstr(at + 1, keys[k].key)) {
			int64_t id = 0;
			const char *number = at + strlen(keys[k].key);

			if ((at != detail && at[-1] != '|' && at[-1] != '\n') || !text_int(arena_strndup(l->a, number, strspn(number, "0123456789")), 1, INT64_MAX, &id))
				continue;
			if (keys[k].kind == 'A' && incident_of(l, id, &id))
				return FAULT_STORE;
			touch(l, keys[k].kind == 'Z' ? 'Z' : 'I', id, actor);
		}
	return OK;
}

static enum fault look_who(struct look *l)
{
	static const char sql[] = "SELECT actor, detail FROM audit WHERE substr(actor, 1, 4) = 'uid:' AND at_ms >= ? AND action IN ('incident', 'alert-ack', 'note', 'lift', 'let', 'halt')";
	struct rows *r = ASK(l->s, sql, V(l->out->from_ms));
	enum fault f = OK;

	while (!f && rows_next(r))
		f = touched(l, rows_text(r, 0), rows_text(r, 1));
	return rows_end(r, l->err) ? FAULT_STORE : f;
}

/* ---- in numbers ---- */

const char *since_figure_name(enum since_figure f)
{
	static const char *const names[SINCE_FIGURES] = { "orders placed", "packages left", "late since, and still", "not understood", "refused", "zero-outs begun" };

	return names[f];
}

static enum fault look_at_figures(struct look *l)
{
	/* orders stand in two indexes, by whether they are open; shipped_ms has none: the newest packages are looked at */
	static const char *const sql[SINCE_FIGURES] = {
		[SINCE_ORDERS] = "SELECT (SELECT count(*) FROM orders WHERE open = 1 AND placed_ms >= ?1 AND placed_ms < ?2) + (SELECT count(*) FROM orders WHERE open = 0 AND placed_ms >= ?1 AND placed_ms < ?2)",
		[SINCE_SHIPPED] = "SELECT count(*) FROM (SELECT shipped_ms FROM shipment ORDER BY id DESC LIMIT 20000) x WHERE shipped_ms >= ?1 AND shipped_ms < ?2",
		[SINCE_LATE] = "SELECT count(*) FROM orders WHERE open = 1 AND due_ms >= ?1 AND due_ms < ?2",
		[SINCE_PARKED] = "SELECT count(*) FROM inbox WHERE state IN ('parked', 'retried') AND first_ms >= ?1 AND first_ms < ?2",
		[SINCE_REFUSED] = "SELECT count(*) FROM job WHERE state = 'failed' AND state_ms >= ?1 AND state_ms < ?2",
		[SINCE_ZEROS] = "SELECT count(*) FROM zero_out WHERE made_ms >= ?1 AND made_ms < ?2",
	};

	for (int i = 0; i < SINCE_FIGURES; i++)
		if (GET_INT(l->s, l->err, 0, &l->out->figure[i], sql[i], V(l->out->from_ms), V(l->out->to_ms)))
			return FAULT_STORE;
	return OK;
}

/* ---- all of it ---- */

static int rank_of(const char *severity)
{
	return !strcmp(severity, "CRIT") ? 0 : !strcmp(severity, "WARN") ? 1 : 2;
}

static int by_fate(const void *one, const void *other)
{
	const struct since_thing *a = one, *b = other;
	int by = (int)a->fate - (int)b->fate;

	by = by ? by : rank_of(a->severity) - rank_of(b->severity);
	by = by ? by : (a->opened_ms < b->opened_ms) - (a->opened_ms > b->opened_ms);
	return by ? by : strcmp(b->name, a->name);
}

enum fault since_read(struct store *s, int64_t from_ms, int64_t now_ms, struct arena *a, struct since *out, struct err *err)
{
	struct look l = { .s = s, .a = a, .out = out, .err = err };
	enum fault f;

	*out = (struct since){ .from_ms = from_ms, .to_ms = now_ms };
	f = look_at_incidents(&l);
	if (!f)
		f = look_at_zeros(&l);
	if (!f)
		f = look_who(&l);
	if (!f)
		f = look_at_figures(&l);
	for (int i = 0; i < out->n && !f; i++) {
		struct since_thing *t = &out->thing[i];

		t->fate = fate_of(from_ms, t, t->fate == FATE_WORSE);
		out->count[t->fate]++;
	}
	if (!f && out->n)
		qsort(out->thing, (size_t)out->n, sizeof *out->thing, by_fate);
	return f;
}
