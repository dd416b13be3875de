/* policy_config.c: what the configuration, and the table of channels' defaults, say about quantities. The interface is in policy.h. */
#include "trade/policy.h"

#include "base/asset.h"
#include "base/clock.h"
#include "base/csv.h"
#include "base/text.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>

struct reader {
	struct arena *a;
	const struct config *c;
	struct policy_book *b;
	struct err *err;
};

static enum fault wrong(const struct reader *r, const char *section, const char *key, const char *text)
{
	return err_set(r->err, FAULT_REFUSED, "%s:%d: [%.60s] %s: %.160s", r->c->file, config_line_of(r->c, section, key), section, key, text);
}

static void put(const struct reader *r, struct setting s, const char *layer)
{
	struct policy_book *b = r->b;

	s.layer = layer;
	b->setting = arena_grow(r->a, b->setting, b->settings, &b->cap, sizeof *b->setting);
	b->setting[b->settings++] = s;
}

/* ---- channels' defaults and presets ---- */

static void put_row(const struct reader *r, enum policy_key k, const char *channel, const char *value, const char *layer)
{
	struct setting s;
	bool read = !setting_parse(r->a, k, value, &s, r->err);

	assert(read && "data/buffers.csv"); /* it is part of the program */
	s.channel = channel;
	put(r, s, layer);
}

static struct csv channels(struct arena *a)
{
	struct csv csv;
	size_t n = 0;
	const char *text = asset_get(a, "data/buffers.csv", &n);
	bool read = text && !csv_read(a, "data/buffers.csv", text, n, &csv, NULL);

	assert(read && "data/buffers.csv");
	return csv;
}

static const char *cell(const struct csv *csv, int row, const char *column)
{
	return csv_field(&csv->row[row], csv_column(csv, column));
}

static void put_defaults(const struct reader *r, const struct csv *csv)
{
	for (int i = 0; i < csv->rows; i++) {
		put_row(r, POLICY_BUFFER, cell(csv, i, "channel"), cell(csv, i, "buffer"), "default");
		put_row(r, POLICY_COST, cell(csv, i, "channel"), cell(csv, i, "cost"), "default");
	}
}

/* The guide's simple rule gives the channel with the hardest scorecard the smallest buffer: whoever loads it is told. */
static enum fault read_preset(const struct reader *r, const struct csv *csv)
{
	struct buf differs = buf_new(r->a);

	r->b->preset = arena_strdup(r->a, config_get(r->c, "buffer", "preset", "default"));
	r->b->warning = "";
	if (!strcmp(r->b->preset, "default"))
		return OK;
	if (strcmp(r->b->preset, "simple"))
		return wrong(r, "buffer", "preset", "default or simple");
	for (int i = 0; i < csv->rows; i++) {
		put_row(r, POLICY_BUFFER, cell(csv, i, "channel"), cell(csv, i, "simple"), "preset simple");
		if (strcmp(cell(csv, i, "buffer"), cell(csv, i, "simple")))
			buf_printf(&differs, "%s%s %s instead of %s", differs.len ? ", " : "", cell(csv, i, "channel"), cell(csv, i, "simple"), cell(csv, i, "buffer"));
	}
	r->b->warning = arena_printf(r->a, "preset simple keeps back %s: no units, and least where overselling costs most", differs.p);
	return OK;
}

/* ---- keys of sections ---- */

static enum fault take_key(const struct reader *r, const char *section, const char *word, enum policy_key k, const char *account, const char *layer,
                           struct setting *out, bool *found)
{
	const char *value = config_get(r->c, section, word, NULL);
	struct err why;

	*found = value != NULL;
	if (!value)
		return OK;
	if (setting_parse(r->a, k, value, out, &why))
		return wrong(r, section, word, why.text);
	out->account = account;
	out->layer = layer;
	return OK;
}

static enum fault put_keys(const struct reader *r, const char *section, const enum policy_key *key, int n, const char *account, const char *layer)
{
	struct setting s;
	bool found;
	enum fault f = OK;

	for (int i = 0; i < n && !f; i++) {
		f = take_key(r, section, policy_key_name(key[i]), key[i], account, layer, &s, &found);
		if (!f && found)
			put(r, s, layer);
	}
	return f;
}

static bool has_account(const struct config *c, const char *name)
{
	const char *section;

	for (int i = 0; (section = config_section(c, i)); i++)
		if (!strncmp(section, "account ", 8) && !strcmp(section + 8, name))
			return true;
	return false;
}

/* "amazon 40%, walmart-us 25%": a value for each account named. */
static enum fault put_list(const struct reader *r, const char *word, enum policy_key k)
{
	const char *p = config_get(r->c, "alloc", word, "");
	enum fault f = OK;

	while (*p && !f) {
		size_t n = strcspn(p, ",");
		char *item = arena_strndup(r->a, p + strspn(p, " "), n - (strspn(p, " ") < n ? strspn(p, " ") : n)), *value = item + strcspn(item, " ");
		struct setting s;
		struct err why;

		p += n + (p[n] == ',');
		if (*value)
			*value++ = '\0';
		value += strspn(value, " ");
		value[strcspn(value, " ")] = '\0';
		if (!has_account(r->c, item))
			f = wrong(r, "alloc", word, arena_printf(r->a, "there is no [account %.40s]; expected names and values as amazon 40%%, walmart-us 25%%", item));
		else if (setting_parse(r->a, k, value, &s, &why))
			f = wrong(r, "alloc", word, why.text);
		else {
			s.account = item;
			put(r, s, "[alloc]");
		}
	}
	return f;
}

static enum fault read_switch(const struct reader *r, const char *section, const char *key, const char *yes, const char *no, bool *out)
{
	const char *value = config_get(r->c, section, key, no);

	*out = !strcmp(value, yes);
	return *out || !strcmp(value, no) ? OK : wrong(r, section, key, arena_printf(r->a, "%s or %s", yes, no));
}

/* A number with so many digits after the point, as an integer of its smallest part; a percent sign when `sign`. */
static enum fault read_part(const struct reader *r, const char *section, const char *key, const char *otherwise, int digits, bool sign, int64_t most,
                            int64_t *out)
{
	const char *value = config_get(r->c, section, key, otherwise);
	size_t n = strlen(value);

	if (sign && (!n || value[n - 1] != '%'))
		return wrong(r, section, key, "expected a percentage as 2%");
	if (!text_minor(arena_strndup(r->a, value, n - sign), digits, out) || *out < 0 || *out > most)
		return wrong(r, section, key, arena_printf(r->a, "no such number from 0 to %" PRId64 "%s", most, digits ? " of its smallest part" : ""));
	return OK;
}

static enum fault read_numbers(const struct reader *r)
{
	struct policy_book *b = r->b;
	int64_t minutes = 0;
	enum fault f = config_int(r->c, "alloc", "velocity_days", 1, 90, 14, &b->velocity_days, r->err);

	if (!f)
		f = config_int(r->c, "alloc", "cover_days", 1, 365, 3, &b->cover_days, r->err);
	if (!f)
		f = config_int(r->c, "alloc", "dark_min", 0, 10080, 30, &minutes, r->err);
	if (!f)
		f = read_part(r, "alloc", "velocity_prior", "0", 3, false, 1000000000, &b->velocity_prior);
	if (!f)
		f = read_part(r, "alloc", "cover_z", "1.28", 3, false, 10000, &b->cover_z);
	if (!f)
		f = read_part(r, "alloc", "margin_min", "0", 2, false, 100000000, &b->margin_min);
	if (!f)
		f = read_part(r, "alloc", "hysteresis", "2%", 2, true, 10000, &b->hysteresis_bp);
	b->dark_ms = minutes * 60000;
	return f;
}

static enum fault read_alloc(const struct reader *r)
{
	static const enum policy_key keys[] = { POLICY_STRATEGY, POLICY_RESERVE, POLICY_LAST_UNITS, POLICY_LAST_ACCOUNT };
	static const enum policy_key buffer[] = { POLICY_NEVER_FULL };
	enum fault f = put_keys(r, "alloc", keys, sizeof keys / sizeof *keys, "", "[alloc]");

	if (!f)
		f = put_list(r, "fixed", POLICY_SHARE);
	if (!f)
		f = put_list(r, "margin", POLICY_MARGIN);
	if (!f)
		f = put_keys(r, "buffer", buffer, 1, "", "[buffer]");
	if (!f)
		f = read_switch(r, "alloc", "remainder", "largest", "reserve", &r->b->all);
	if (!f)
		f = read_switch(r, "alloc", "buffers", "on", "off", &r->b->buffers);
	if (!f)
		f = read_switch(r, "buffer", "advice", "strict", "usual", &r->b->strict);
	return f ? f : read_numbers(r);
}

static enum fault read_accounts(const struct reader *r)
{
	static const enum policy_key keys[] = { POLICY_BUFFER, POLICY_CAP, POLICY_LEAST, POLICY_SHARE, POLICY_MARGIN, POLICY_COST, POLICY_INCLUDE_FBA };
	const char *section;
	enum fault f = OK;

	for (int i = 0; !f && (section = config_section(r->c, i)); i++)
		if (!strncmp(section, "account ", 8))
			f = put_keys(r, section, keys, sizeof keys / sizeof *keys, arena_strdup(r->a, section + 8), arena_printf(r->a, "[%s]", section));
	return f;
}

/* ---- events ---- */

static enum fault read_time(const struct reader *r, const char *section, const char *key, int64_t *ms)
{
	const char *value = config_get(r->c, section, key, "");

	return time_parse(value, ms) ? wrong(r, section, key, "a time with its zone is needed, such as 2026-11-26T00:00:00-05:00") : OK;
}

static enum fault read_event(const struct reader *r, const char *section, struct profile_event *e)
{
	static const enum policy_key keys[] = { POLICY_STRATEGY, POLICY_RESERVE, POLICY_LAST_UNITS, POLICY_BUFFER, POLICY_CAP, POLICY_LEAST };
	const char *layer = arena_printf(r->a, "profile %s", section + strlen("profile "));
	enum fault f = OK;
	bool found;

	*e = (struct profile_event){ .name = layer, .tag = arena_strdup(r->a, config_get(r->c, section, "tag", "")), .buffer_percent = 100 };
	e->setting = arena_alloc(r->a, sizeof keys / sizeof *keys * sizeof *e->setting);
	for (size_t i = 0; i < sizeof keys / sizeof *keys && !f; i++) {
		f = take_key(r, section, policy_key_name(keys[i]), keys[i], "", layer, &e->setting[e->settings], &found);
		e->settings += !f && found;
	}
	if (!f)
		f = read_time(r, section, "start", &e->start_ms);
	if (!f)
		f = read_time(r, section, "end", &e->end_ms);
	if (!f && e->end_ms <= e->start_ms)
		f = wrong(r, section, "end", "it ends before it starts");
	if (!f)
		f = read_part(r, section, "buffers", "100%", 0, true, 10000, &e->buffer_percent);
	return f;
}

static enum fault read_events(const struct reader *r)
{
	struct policy_book *b = r->b;
	const char *section;
	enum fault f = OK;

	for (int i = 0; !f && (section = config_section(r->c, i)); i++)
		if (!strncmp(section, "profile ", 8)) {
			b->event = arena_grow(r->a, b->event, b->events, &b->events_cap, sizeof *b->event);
			f = read_event(r, section, &b->event[b->events++]);
		}
	return f;
}

/* ---- all of it ---- */

static enum fault check_shares(const struct reader *r)
{
	const struct policy_subject nobody = { 0 };
	const char *section;
	int64_t sum = 0;

	for (int i = 0; (section = config_section(r->c, i)); i++)
		if (!strncmp(section, "account ", 8))
			sum += policy_resolve(r->b, &nobody, config_get(r->c, section, "channel", ""), section + 8, 0).value[POLICY_SHARE].n;
	if (sum > 10000)
		return err_set(r->err, FAULT_REFUSED, "%s:%d: [alloc] fixed: the shares come to %" PRId64 ".%02d%%: more than there is", r->c->file,
		               config_line_of(r->c, "alloc", "fixed"), sum / 100, (int)(sum % 100));
	return OK;
}

static enum fault check_last(const struct reader *r)
{
	const char *name = config_get(r->c, "alloc", "last_account", "");

	return !*name || has_account(r->c, name) ? OK : wrong(r, "alloc", "last_account", "there is no such account");
}

/* Its goods are another account's, and whoever ships them was asked before. */
static enum fault check_pools(const struct reader *r)
{
	const char *section;

	for (int i = 0; (section = config_section(r->c, i)); i++) {
		const char *of = strncmp(section, "account ", 8) ? "off" : config_get(r->c, section, "include_fba", "off");

		if (!strcmp(of, "off"))
			continue;
		if (!has_account(r->c, of) || !strcmp(of, section + 8))
			return wrong(r, section, "include_fba", "off, or another account whose FBA stock orders from here are shipped from");
		r->b->pools = true;
	}
	return OK;
}

enum fault policy_book_read(struct arena *a, const struct config *c, struct policy_book *out, struct err *err)
{
	struct reader r = { a, c, out, err };
	struct csv csv = channels(a);
	enum fault f;

	*out = (struct policy_book){ .preset = "default", .warning = "" };
	put_defaults(&r, &csv);
	f = read_preset(&r, &csv);
	if (!f)
		f = read_alloc(&r);
	if (!f)
		f = read_accounts(&r);
	if (!f)
		f = read_events(&r);
	if (!f)
		f = check_shares(&r);
	if (!f)
		f = check_pools(&r);
	return f ? f : check_last(&r);
}
