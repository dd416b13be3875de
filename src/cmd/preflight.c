/*
 * tallyman preflight: the launch gate of an account. What a machine can check is checked; what only a person knows is listed, to be confirmed by a note.
 */
#include "cmd/print.h"
#include "cmd/session.h"
#include "base/config.h"
#include "channels/channel.h"
#include "store/lease.h"
#include "trade/accounts.h"
#include "trade/logins.h"
#include "trade/rehearse.h"
#include "trade/secrets.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { LOGINS = 100, FRESH_MS = 15 * 60 * 1000, SOON_DAYS = 14 };
#define DAY_MS INT64_C(86400000)

enum gate { GATE_OK, GATE_WARN, GATE_FAIL, GATE_PERSON };

struct preflight {
	struct session *s;
	const struct account_row *account;
	int fails;
};

static const struct column columns[] = {
	{ "account", CELL_TEXT, false }, { "step", CELL_TEXT, false }, { "verdict", CELL_TEXT, false }, { "seen", CELL_TEXT, false }, { "to_do", CELL_TEXT, false },
};

static void tell(struct preflight *p, const char *step, enum gate gate, const char *todo, const char *fmt, ...) __attribute__((format(printf, 5, 6)));

static void tell(struct preflight *p, const char *step, enum gate gate, const char *todo, const char *fmt, ...)
{
	static const char *const words[] = { "ok", "WARN", "FAIL", "PERSON" };
	char text[300];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	p->fails += gate == GATE_FAIL;
	put_text(p->s->sheet, p->account ? p->account->name : "");
	put_text(p->s->sheet, step);
	put_text(p->s->sheet, words[gate]);
	put_text(p->s->sheet, text);
	put_text(p->s->sheet, todo);
}

/* ---- once for the store ---- */

static void check_truth(struct preflight *p)
{
	static const char *const keys[] = { "catalog", "stock", "pricing" };
	const struct config *c = p->s->set.config;
	const char *missing = NULL;

	for (size_t i = 0; i < sizeof keys / sizeof *keys && c; i++)
		if (!*config_get(c, "truth", keys[i], ""))
			missing = keys[i];
	if (missing)
		tell(p, "source of truth", GATE_FAIL, "name the owner of catalog, stock and pricing under [truth]", "nobody is named for %s", missing);
	else
		tell(p, "source of truth", GATE_OK, NULL, "catalog %s, stock %s, pricing %s", config_get(c, "truth", "catalog", ""), config_get(c, "truth", "stock", ""), config_get(c, "truth", "pricing", ""));
}

static void check_profile(struct preflight *p)
{
	bool production = !strcmp(p->s->set.profile, "production");

	tell(p, "5 handoff", production ? GATE_OK : GATE_WARN, production ? NULL : "set [store] profile = production with credentials of its own when you go live", "profile %s", p->s->set.profile);
}

static void check_logins(struct preflight *p)
{
	struct login *l;
	int n, shared = 0;

	if (logins_since(p->s->store, p->s->now_ms - 30 * DAY_MS, LOGINS, p->s->a, &l, &n, &p->s->err))
		return;
	for (int i = 0; i < n; i++)
		if (l[i].shared) {
			shared++;
			tell(p, "accountable person", GATE_WARN, "give each person a login of his own: who did what cannot be known otherwise",
			     "%s sat down %" PRId64 " times from %" PRId64 " place%s: a name that several may share", l[i].name, l[i].times, l[i].places, l[i].places == 1 ? "" : "s");
		}
	if (!shared)
		tell(p, "accountable person", GATE_OK, NULL, "%d login%s of the last 30 days, none of a name that several share", n, n == 1 ? "" : "s");
}

static void check_engine(struct preflight *p)
{
	char holder[160];
	bool held = lease_holder(p->s->set.store, holder, sizeof holder);

	tell(p, "engine", held ? GATE_OK : GATE_FAIL, held ? NULL : "tallyman engine, or systemctl start tallyman@NAME", "%s", held ? holder : "no engine runs");
}

/* ---- for each account ---- */

static void check_families(struct preflight *p)
{
	static const char *const all[] = { "orders", "inventory", "listings", "pricing", "reports" };
	struct buf on = buf_new(p->s->a);
	bool both = true;

	buf_puts(&on, "");
	for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
		bool is = !strcmp(p->s->set.config ? config_get(p->s->set.config, "families", all[i], i < 2 ? "on" : "off") : i < 2 ? "on" : "off", "on");

		both &= is || i >= 2;
		if (is)
			buf_printf(&on, "%s%s", on.len ? " " : "", all[i]);
	}
	tell(p, "2 API families", both ? GATE_OK : GATE_FAIL, both ? NULL : "orders and inventory are needed to keep stock in step: [families]", "on: %s", on.p);
}

/* A warehouse's file or its keyboard has no login that could be somebody else's, or end. */
static bool logs_in(const struct preflight *p)
{
	const struct channel *c = channel_find(p->account->channel);

	return !c || c->production_hosts[0];
}

static void check_access(struct preflight *p)
{
	const struct account_row *a = p->account;
	bool heard = a->ok_ms && a->ok_ms > p->s->now_ms - FRESH_MS;

	if (strcmp(a->state, "ok") || !heard)
		tell(p, "3 access", GATE_FAIL, "8 Engine and tallyman doctor say why", "%s: %s", a->state, *a->state_text ? a->state_text : heard ? "it answers" : "not heard within a quarter of an hour");
	else
		tell(p, "3 access", GATE_OK, NULL, "%s access, it answers", a->kind);
	if (logs_in(p))
		tell(p, "3 right entity", GATE_PERSON, "look in the portal which legal entity the access belongs to, and note it", "%s, %s", a->channel, *a->marketplaces ? a->marketplaces : "no marketplace named");
}

static void check_secrets(struct preflight *p)
{
	struct secret *row;
	int n, own = 0;

	if (secrets_all(p->s->store, p->s->a, &row, &n, &p->s->err))
		return;
	for (int i = 0; i < n; i++) {
		int64_t left = row[i].expires_ms ? secret_days_left(&row[i], p->s->now_ms) : INT64_MAX;

		if (row[i].account != p->account->id)
			continue;
		own++;
		if (left < SOON_DAYS)
			tell(p, "4 credentials", left < 0 ? GATE_FAIL : GATE_WARN, "renew it before the launch", "%s ends in %" PRId64 " days%s", row[i].key, left, secret_assumed(&row[i]));
	}
	tell(p, "4 credentials", own ? GATE_OK : GATE_WARN, own ? NULL : "start the engine once: it writes down which secrets it uses, never what they are", "%d on record by their fingerprints", own);
}

static void check_rehearsal(struct preflight *p)
{
	bool live = !strcmp(p->account->mode, "live");
	const char *see = arena_printf(p->s->a, "tallyman rehearse %s", p->account->name);
	struct rehearsed_all all;
	struct rehearsed *row;
	int n;

	if (rehearse_account(p->s->store, p->account->id, 1, p->s->a, &all, &row, &n, &p->s->err))
		return;
	if (!all.offers) {
		tell(p, "6 rehearsal", GATE_FAIL, "let one whole reading of its listings come in", "no offer of it is known yet");
		return;
	}
	tell(p, "6 rehearsal", all.wrong ? GATE_WARN : GATE_OK, all.wrong ? see : NULL, "%" PRId64 " writes %s, %" PRId64 " of %" PRId64 " offers look wrong", all.writes,
	     live ? "were decided" : "would have been sent", all.wrong, all.offers);
	if (!live && all.since_ms && all.since_ms > p->s->now_ms - DAY_MS)
		tell(p, "6 a day in shadow", GATE_WARN, "look at it for a day before it is made live", "it has planned for less than a day");
}

/* A source of truth is only read: it has no offers, and nothing is rehearsed. */
static bool sells(const struct account_row *a)
{
	const struct channel *c = channel_find(a->channel);

	return c && c->say[VERB_STOCK].ask;
}

static void check_account(struct preflight *p)
{
	tell(p, "1 ownership", GATE_PERSON, arena_printf(p->s->a, "name who answers for it: a note, or an owner in your own records"), "account %s of %s, %s mode", p->account->name, p->account->channel, p->account->mode);
	check_families(p);
	check_access(p);
	if (logs_in(p))
		check_secrets(p);
	if (sells(p->account))
		check_rehearsal(p);
}

static enum fault print(struct session *s, int *fails)
{
	struct preflight p = { .s = s };
	struct account_row named, *row;
	int n;

	if ((s->o.words && account_by_name(s->store, s->o.word[0], s->a, &named, &s->err)) || accounts_all(s->store, s->a, &row, &n, &s->err))
		return s->err.fault;
	sheet_table(session_sheet(s, false), "gates", COLUMNS(columns));
	check_truth(&p);
	check_profile(&p);
	check_engine(&p);
	check_logins(&p);
	for (int i = 0; i < n; i++) {
		p.account = &row[i];
		if (row[i].enabled && (!s->o.words || !strcmp(s->o.word[0], row[i].name)))
			check_account(&p);
	}
	*fails = p.fails;
	return OK;
}

int cmd_preflight(int argc, char **argv)
{
	struct session s;
	int fails = 0, status = session_open(argc, argv, TAKES_SHAPE, 0, 1, &s);

	if (status >= 0)
		return status;
	status = session_end(&s, print(&s, &fails));
	return fails && status == STATUS_DONE ? STATUS_FAILED : status;
}
