#include "trade/policy.h"

#include "base/text.h"

#include <inttypes.h>
#include <string.h>

static const char *const names[POLICY_KEYS] = {
	[POLICY_STRATEGY] = "strategy",     [POLICY_RESERVE] = "reserve", [POLICY_LAST_UNITS] = "last_units", [POLICY_LAST_ACCOUNT] = "last_account",
	[POLICY_NEVER_FULL] = "never_full", [POLICY_BUFFER] = "buffer",   [POLICY_CAP] = "cap",               [POLICY_LEAST] = "min_publish",
	[POLICY_SHARE] = "share",           [POLICY_MARGIN] = "margin",   [POLICY_COST] = "oversell_cost",
	[POLICY_INCLUDE_FBA] = "include_fba",
};

const char *policy_key_name(enum policy_key k)
{
	return k < POLICY_KEYS ? names[k] : NULL;
}

enum policy_key policy_key_from_name(const char *name)
{
	enum policy_key k = POLICY_STRATEGY;

	while (k < POLICY_KEYS && strcmp(names[k], name))
		k++;
	return k;
}

/* ---- values as they are written ---- */

static bool parse_percent(struct arena *a, const char *s, int64_t most, int64_t *bp)
{
	size_t n = strlen(s);

	return n > 1 && s[n - 1] == '%' && text_minor(arena_strndup(a, s, n - 1), 2, bp) && *bp >= 0 && *bp <= most;
}

static bool parse_word(const char *s, const char *yes, const char *no, int64_t *n)
{
	*n = !strcmp(s, yes);
	return *n || !strcmp(s, no);
}

static bool parse_buffer(const char *s, struct setting *out)
{
	struct buffer b = { 0, 0, 1, -1 };

	if (buffer_parse(s, &b))
		return false;
	out->n = b.units;
	out->bp = b.bp;
	return true;
}

static const char *expected(enum policy_key k)
{
	switch (k) {
	case POLICY_STRATEGY:
		return "shared, fixed, velocity or margin";
	case POLICY_NEVER_FULL:
		return "on or off";
	case POLICY_BUFFER:
		return "units and percent as 5u/15%";
	case POLICY_SHARE:
		return "a share as 40%";
	case POLICY_MARGIN:
		return "an amount as 6.20";
	case POLICY_COST:
		return "a whole number from 1 to 9";
	case POLICY_LAST_ACCOUNT:
		return "an account's name";
	case POLICY_INCLUDE_FBA:
		return "off, or the account whose FBA stock is shipped from";
	default:
		return "a whole number from 0 to 999999";
	}
}

static bool parse(struct arena *a, enum policy_key k, const char *s, struct setting *out)
{
	switch (k) {
	case POLICY_STRATEGY:
		out->n = strategy_from_name(s);
		return out->n < STRATEGIES;
	case POLICY_NEVER_FULL:
		return parse_word(s, "on", "off", &out->n);
	case POLICY_BUFFER:
		return parse_buffer(s, out);
	case POLICY_SHARE:
		return parse_percent(a, s, 10000, &out->n);
	case POLICY_MARGIN:
		return text_minor(s, 2, &out->n);
	case POLICY_COST:
		return text_int(s, 1, 9, &out->n);
	case POLICY_INCLUDE_FBA:
		out->text = strcmp(s, "off") ? arena_strdup(a, s) : "";
		return text_id(s, "-_.", 40);
	case POLICY_LAST_ACCOUNT:
		out->text = arena_strdup(a, s);
		return text_id(s, "-_.", 40);
	default:
		return text_int(s, 0, 999999, &out->n);
	}
}

enum fault setting_parse(struct arena *a, enum policy_key k, const char *value, struct setting *out, struct err *err)
{
	*out = (struct setting){ .key = k, .channel = "", .account = "", .text = "", .layer = "" };
	if (!parse(a, k, value, out))
		return err_set(err, FAULT_REFUSED, "%s wants %s, not \"%.60s\"", names[k], expected(k), value);
	return OK;
}

static const char *percent(struct arena *a, int64_t bp)
{
	return bp % 100 ? arena_printf(a, "%" PRId64 ".%02d%%", bp / 100, (int)(bp % 100)) : arena_printf(a, "%" PRId64 "%%", bp / 100);
}

const char *policy_value_text(struct arena *a, enum policy_key k, const struct policy_value *v)
{
	switch (k) {
	case POLICY_STRATEGY:
		return strategy_name((enum strategy)v->n);
	case POLICY_NEVER_FULL:
		return v->n ? "on" : "off";
	case POLICY_BUFFER:
		return arena_printf(a, "%" PRId64 "u/%s", v->n, percent(a, v->bp));
	case POLICY_SHARE:
		return percent(a, v->n);
	case POLICY_MARGIN:
		return arena_printf(a, "%s%" PRId64 ".%02d", v->n < 0 ? "-" : "", v->n < 0 ? -v->n / 100 : v->n / 100, (int)((v->n < 0 ? -v->n : v->n) % 100));
	case POLICY_LAST_ACCOUNT:
		return v->text;
	case POLICY_INCLUDE_FBA:
		return *v->text ? v->text : "off";
	case POLICY_CAP:
		if (v->n < 0)
			return "";
		break;
	default:
		break;
	}
	return arena_printf(a, "%" PRId64, v->n);
}

/* ---- layers ---- */

static bool speaks_of(const struct setting *s, const char *channel, const char *account)
{
	return (!*s->channel || !strcmp(s->channel, channel)) && (!*s->account || !strcmp(s->account, account));
}

/* Of one layer: first what it says of all accounts, then of this one. */
static void lay(struct policy *p, const struct setting *s, int n, const char *channel, const char *account)
{
	for (int own = 0; own < 2; own++)
		for (int i = 0; i < n; i++)
			if (speaks_of(&s[i], channel, account) && (*s[i].account != '\0') == own)
				p->value[s[i].key] = (struct policy_value){ s[i].n, s[i].bp, s[i].text, s[i].layer };
}

/* Settings stand layer by layer; each layer is laid whole. */
static void lay_all(struct policy *p, const struct setting *s, int n, const char *channel, const char *account)
{
	for (int i = 0, k; i < n; i = k) {
		for (k = i + 1; k < n && !strcmp(s[k].layer, s[i].layer);)
			k++;
		lay(p, s + i, k - i, channel, account);
	}
}

static bool lasts(const struct profile_event *e, int64_t now_ms)
{
	return e->start_ms <= now_ms && now_ms < e->end_ms;
}

static bool is_tagged(const struct policy_subject *of, const char *tag)
{
	for (int i = 0; i < of->tags; i++)
		if (!strcmp(of->tag[i], tag))
			return true;
	return !*tag;
}

struct policy policy_resolve(const struct policy_book *b, const struct policy_subject *of, const char *channel, const char *account, int64_t now_ms)
{
	struct policy p = { .buffer_percent = 100, .buffer_layer = "" };

	for (enum policy_key k = POLICY_STRATEGY; k < POLICY_KEYS; k++)
		p.value[k] = (struct policy_value){ 0, 0, "", "default" };
	p.value[POLICY_CAP].n = -1;
	p.value[POLICY_NEVER_FULL].n = 1;
	p.value[POLICY_COST].n = 2;
	lay_all(&p, b->setting, b->settings, channel, account);
	for (int i = 0; i < b->events; i++)
		if (lasts(&b->event[i], now_ms) && is_tagged(of, b->event[i].tag)) {
			lay(&p, b->event[i].setting, b->event[i].settings, channel, account);
			p.buffer_percent = b->event[i].buffer_percent;
			p.buffer_layer = b->event[i].name;
		}
	lay_all(&p, of->setting, of->settings, channel, account);
	return p;
}

struct alloc_rule policy_rule(const struct policy_book *b, const struct policy *p)
{
	return (struct alloc_rule){
		.split = {
			.strategy = (enum strategy)p->value[POLICY_STRATEGY].n,
			.all = b->all,
			.days = b->cover_days,
			.z_milli = b->cover_z,
			.margin_min = b->margin_min,
		},
		.reserve = p->value[POLICY_RESERVE].n,
		.last_units = p->value[POLICY_LAST_UNITS].n,
		.hysteresis_bp = b->hysteresis_bp,
		.buffers = b->buffers,
		.never_full = p->value[POLICY_NEVER_FULL].n != 0,
		.keep_dark = true,
	};
}

struct buffer policy_buffer(const struct policy *p)
{
	int64_t units = (p->value[POLICY_BUFFER].n * p->buffer_percent + 99) / 100, bp = (p->value[POLICY_BUFFER].bp * p->buffer_percent + 99) / 100;

	return (struct buffer){ .units = units < 999999 ? units : 999999, .bp = bp < 10000 ? bp : 10000, .pack = 1, .cap = p->value[POLICY_CAP].n };
}

const char *policy_events(const struct policy_book *b, int64_t now_ms, struct arena *a)
{
	struct buf out = buf_new(a);

	for (int i = 0; i < b->events; i++)
		if (lasts(&b->event[i], now_ms))
			buf_printf(&out, "%s%s", out.len ? " " : "", b->event[i].name);
	return out.len ? out.p : "";
}
