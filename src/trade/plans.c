/*
 * plans: what an intent would do, now, in words; and the digest that binds what was shown to what is done.
 *
 * The engine makes the same plan again before it carries an intent out: what is no longer the same is noticed. What each kind
 * would do stands in plan_*.c.
 */
#include "trade/plan.h"

#include "base/text.h"
#include "trade/accounts.h"
#include "trade/audit.h"

#include <inttypes.h>
#include <string.h>

static void add(struct draft *d, const char ***list, int *n, int *cap, const char *text)
{
	*list = arena_grow(d->a, *list, *n, cap, sizeof **list);
	(*list)[(*n)++] = text;
}

void draft_skip(struct draft *d, const char *what, const char *why)
{
	add(d, &d->out->skip, &d->out->skips, &d->skip_cap, arena_printf(d->a, "%s: %s", what, why));
}

void draft_warn(struct draft *d, const char *text)
{
	add(d, &d->out->warn, &d->out->warns, &d->warn_cap, text);
}

void draft_step(struct draft *d, const char *account, int64_t id, const char *text)
{
	int i = 0;

	d->id = arena_grow(d->a, d->id, d->out->steps, &d->id_cap, sizeof *d->id);
	d->id[d->out->steps] = id;
	d->out->step_id = d->id;
	add(d, &d->out->step, &d->out->steps, &d->step_cap, text);
	buf_printf(&d->bound, "%" PRId64 "\n", id);
	while (i < d->accounts && strcmp(d->account[i], account))
		i++;
	if (i == d->accounts && i < PLAN_ACCOUNTS)
		d->account[d->accounts++] = account;
}

const char *draft_units(int64_t n)
{
	return n == 1 ? "unit" : "units";
}

static const char *typed_line(struct draft *d)
{
	static const struct {
		enum intent_kind kind;
		const char *verb, *noun;
	} words[] = {
		{ INTENT_ACK, "acknowledge", "order" }, { INTENT_SHIP, "ship", "order" },    { INTENT_CANCEL, "cancel", "order" },
		{ INTENT_PUSH, "push", "offer" },       { INTENT_LIVE, "live", "account" },
		{ INTENT_MAP, "map", "SKU" },           { INTENT_ZERO, "zero", "offer" },    { INTENT_LIFT, "lift", "offer" },
		{ INTENT_KIT, "map", "kit" },           { INTENT_LET, "zero", "SKU" },
		{ INTENT_SETTLE, "settle", "offer" },   { INTENT_RELEASE, "release", "store" },
		{ INTENT_REDACT, "forget", "order" },
		{ INTENT_VAULT, "change", "secret" },
	};
	struct buf b = buf_new(d->a);

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (words[i].kind == d->in->kind)
			buf_printf(&b, "%s %d %s%s", words[i].verb, d->out->steps, d->out->row ? "offer" : words[i].noun, d->out->steps == 1 ? "" : "s");
	for (int i = 0; b.len && i < d->accounts; i++)
		buf_printf(&b, "%s%s", *d->account[i] ? " " : "", d->account[i]);
	return b.p;
}

static const char *digest_of(struct draft *d)
{
	struct buf b = buf_new(d->a);
	char *hex = arena_alloc(d->a, 65);

	buf_printf(&b, "%s\n%s\n", d->out->line, d->bound.p);
	for (int i = 0; i < d->out->steps && !d->loose; i++)
		buf_printf(&b, "%s\n", d->out->step[i]);
	for (int i = 0; i < d->out->skips; i++)
		buf_printf(&b, "%s\n", d->out->skip[i]);
	buf_puts(&b, fields_pack(&d->in->payload, d->a));
	sha256_hex(b.p, b.len, hex);
	return hex;
}

static void warn_shadow(struct draft *d)
{
	struct err err;

	for (int i = 0; i < d->accounts; i++) {
		struct account_row row;

		if (*d->account[i] && !account_by_name(d->s, d->account[i], d->a, &row, &err) && strcmp(row.mode, "live") &&
		    d->in->kind != INTENT_LIVE && d->in->kind != INTENT_MAP && d->in->kind != INTENT_REDACT)
			draft_warn(d, arena_printf(d->a, "%s is in shadow mode: it is queued, and nothing is said until a person makes it live", row.name));
	}
}

/* By kind; the others stay on this machine and are only named. */
static enum fault (*const PLAN[INTENT_KINDS])(struct draft *, struct err *) = {
	[INTENT_ACK] = plan_acks,
	[INTENT_SHIP] = plan_ships,
	[INTENT_CANCEL] = plan_cancels,
	[INTENT_REDACT] = plan_redact,
	[INTENT_PUSH] = plan_push,
	[INTENT_MAP] = plan_map,
	[INTENT_KIT] = plan_kit,
	[INTENT_ZERO] = plan_zero,
	[INTENT_LIFT] = plan_lift,
	[INTENT_LET] = plan_let,
	[INTENT_HALT] = plan_halt,
	[INTENT_LIVE] = plan_mode,
	[INTENT_SHADOW] = plan_mode,
	[INTENT_POLICY] = plan_policy,
	[INTENT_SITTING] = plan_sitting,
	[INTENT_SETTLE] = plan_settle,
	[INTENT_PLACE] = plan_place,
	[INTENT_EVENT] = plan_event,
	[INTENT_HOLD] = plan_lapse,
	[INTENT_OUTAGE] = plan_lapse,
	[INTENT_INCIDENT] = plan_incident,
	[INTENT_VAULT] = plan_vault,
	[INTENT_RELEASE] = plan_release,
};

enum fault plan_make(struct store *s, const struct intent *in, int64_t now_ms, struct arena *a, struct plan *out, struct err *err)
{
	struct draft d = { .s = s, .in = in, .now_ms = now_ms, .a = a, .out = out, .bound = buf_new(a) };
	enum fault f;

	*out = (struct plan){ .kind = in->kind, .line = "" };
	if (in->kind == INTENT_APPROVE) /* the plan is somebody else's, whole */
		return plan_approve(&d, err);
	f = (in->kind < INTENT_KINDS && PLAN[in->kind] ? PLAN[in->kind] : plan_local)(&d, err);
	if (f)
		return f;
	if (!out->steps)
		return err_set(err, FAULT_REFUSED, "nothing is left to do%s%.180s", out->skips ? ": " : "", out->skips ? out->skip[0] : "");
	warn_shadow(&d);
	out->line = typed_line(&d);
	out->digest = digest_of(&d);
	return OK;
}
