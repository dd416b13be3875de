#include "ui/frame.h"

#include "base/text.h"
#include "ui/frame_row.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

enum room frame_room(int w, int h)
{
	return w >= 120 && h >= 40 ? ROOM_WIDE : w >= 80 && h >= 24 ? ROOM_FULL : w >= 60 && h >= 15 ? ROOM_COMPACT
	     : w >= 40 && h >= 10 ? ROOM_TINY : ROOM_VERDICT;
}

bool frame_portrait(int w, int h)
{
	return w <= 84 && h >= 46;
}

void number_words(int64_t n, char *out)
{
	char plain[24];
	size_t len, o = 0;

	snprintf(plain, sizeof plain, "%" PRId64, n);
	len = strlen(plain);
	for (size_t i = 0; i < len; i++) {
		size_t left = len - i;

		if (i > 0 && left % 3 == 0 && plain[i - 1] != '-')
			out[o++] = ',';
		out[o++] = plain[i];
	}
	out[o] = '\0';
}

void clock_words(int64_t ms, bool local, bool seconds, char *out)
{
	time_t at = (time_t)(ms / 1000);
	struct tm tm;

	if (local)
		localtime_r(&at, &tm);
	else
		gmtime_r(&at, &tm);
	strftime(out, 16, seconds ? "%H:%M:%S" : local ? "%H:%M" : "%H:%MZ", &tm);
}

void facts_brief(const struct desk_facts *f, char *out, size_t cap)
{
	const char *none = f->engine ? "" : "NO ENG", *stale = f->stale_ms && !f->then ? "STALE" : "";

	snprintf(out, cap, "%s%s%s%s%s", f->doom_brief, *f->doom_brief && *none ? " " : "", none, (*f->doom_brief || *none) && *stale ? " " : "", stale);
}

/* ---- row 1: who, how armed, how well ---- */

static enum role count_role(int n, enum role role)
{
	return n ? role : ROLE_MUTED;
}

static const char *world(const struct desk_facts *f)
{
	return f->demo ? "DEMO" : !strcmp(f->profile, "sandbox") ? "SANDBOX" : "";
}

static void age_words(int64_t ms, char *out)
{
	if (ms < 0)
		snprintf(out, 16, "never");
	else
		time_age(ms, out);
}

static void row_one_wide(const struct frame *f, struct frame_row *r)
{
	const struct desk_facts *k = f->facts;
	char fresh[16], oldest[16];

	age_words(k->fresh_ms, fresh);
	age_words(k->stale_ms ? k->stale_ms : k->oldest_ms, oldest);
	row_add(r, ROLE_TITLE, 4, 0, "tallyman");
	row_add(r, ROLE_WARN, 0, 1, world(k));
	row_addf(r, ROLE_FG, 1, 2, "store:%s", k->store);
	row_addf(r, f->armed ? ROLE_ARMED : ROLE_RO, 0, 2, "[%s]", f->arm);
	row_addf(r, ROLE_FG, 5, 2, "%s%s", k->operator, k->at);
	r->part[r->n - 1].right = false;
	row_add(r, ROLE_WARN, 1, 2, k->engine ? "" : "NO ENGINE");
	row_add(r, ROLE_CRIT, 0, 2, k->doom);
	row_addf(r, k->channels_ok < k->channels ? ROLE_WARN : ROLE_OK, 2, 3, "channels %d/%d", k->channels_ok, k->channels);
	r->part[r->n - 1].right = true;
	row_addf(r, count_role(k->crit, ROLE_CRIT), 0, 2, "CRIT %d", k->crit);
	row_addf(r, count_role(k->warn, ROLE_WARN), 0, 2, "WARN %d", k->warn);
	row_addf(r, ROLE_FG, k->stale_ms ? 6 : 3, 2, "fresh %s", fresh);
	row_addf(r, k->stale_ms ? ROLE_STALE : ROLE_FG, k->stale_ms ? 3 : 6, 2, "%s %s", k->stale_ms ? "STALE" : "oldest", oldest);
	row_add(r, ROLE_FG, 4, 2, f->clock);
}

static void row_one_full(const struct frame *f, struct frame_row *r)
{
	const struct desk_facts *k = f->facts;
	char lag[16];

	age_words(k->stale_ms ? k->stale_ms : k->fresh_ms, lag);
	row_add(r, ROLE_TITLE, 6, 0, "tallyman");
	row_add(r, ROLE_WARN, 0, 1, world(k));
	row_add(r, ROLE_FG, 2, 1, k->store);
	row_addf(r, f->armed ? ROLE_ARMED : ROLE_RO, 0, 2, "[%s]", f->arm);
	row_add(r, ROLE_FG, 5, 2, k->operator);
	row_add(r, ROLE_WARN, 1, 2, k->engine ? "" : "NO ENGINE");
	row_add(r, ROLE_CRIT, 0, 2, k->doom);
	row_addf(r, k->channels_ok < k->channels ? ROLE_WARN : ROLE_OK, 3, 2, "%d/%d ch", k->channels_ok, k->channels);
	r->part[r->n - 1].right = true;
	row_addf(r, count_role(k->crit, ROLE_CRIT), 0, 2, "CRIT %d", k->crit);
	row_addf(r, count_role(k->warn, ROLE_WARN), 0, 1, "WARN %d", k->warn);
	row_addf(r, k->stale_ms ? ROLE_STALE : ROLE_FG, 4, 2, "%s %s", k->stale_ms ? "STALE" : "lag", lag);
	row_add(r, ROLE_FG, 4, 2, f->clock);
}

/* "[RO]", "[ARM 13:22]" */
static void arm_short(const struct frame *f, char *out, size_t cap)
{
	if (f->armed)
		snprintf(out, cap, "[ARM%s]", f->arm + strcspn(f->arm, " "));
	else
		snprintf(out, cap, "[RO]");
}

static void row_one_tiny(const struct frame *f, struct frame_row *r)
{
	const struct desk_facts *k = f->facts;
	char lag[16], arm[24];

	age_words(k->stale_ms ? k->stale_ms : k->fresh_ms, lag);
	arm_short(f, arm, sizeof arm);
	row_add(r, ROLE_WARN, 0, 1, world(k));
	row_add(r, ROLE_FG, 2, 1, k->store);
	row_add(r, f->armed ? ROLE_ARMED : ROLE_RO, 0, 1, arm);
	row_add(r, ROLE_WARN, 0, 1, k->engine ? "" : "NO ENG");
	row_add(r, ROLE_CRIT, 0, 1, k->doom_brief);
	row_addf(r, count_role(k->crit, ROLE_CRIT), 0, 1, "CRIT%d", k->crit);
	row_addf(r, count_role(k->warn, ROLE_WARN), 0, 1, "WARN%d", k->warn);
	row_addf(r, ROLE_FG, 1, 1, "%d/%dch", k->channels_ok, k->channels);
	row_addf(r, k->stale_ms ? ROLE_STALE : ROLE_FG, 3, 2, "%s%s", k->stale_ms ? "STALE" : "lag", lag);
}

static void row_one(const struct frame *f, enum room room, struct canvas *c)
{
	struct frame_row r = { 0 };

	if (room == ROOM_TINY)
		row_one_tiny(f, &r);
	else if (c->w >= 100)
		row_one_wide(f, &r);
	else
		row_one_full(f, &r);
	row_draw(&r, c, 0, room != ROOM_TINY, room != ROOM_TINY);
}

/* ---- row 2: the ten screens ---- */

/* One tab's words: "2 Orders 42", or without the count. i -1: what is shown is none of them. */
static void tab_words(const struct frame *f, int i, bool brief, bool counts, char *out, size_t cap)
{
	char n[32] = "";
	const char *name;
	bool alarm;

	if (i < 0) {
		snprintf(out, cap, "%s", f->own);
		return;
	}
	name = brief ? f->screens[i].brief : f->screens[i].name;
	alarm = f->facts->tab[i].alarm;
	if (counts && f->facts->tab[i].n >= 0)
		number_words(f->facts->tab[i].n, n);
	snprintf(out, cap, "%d%s%s%s%s%s", (i + 1) % 10, brief ? "" : " ", name, *n ? " " : "", n, counts && alarm ? "!" : "");
}

/* Columns of the whole row in one of its forms. */
static int tabs_draw(const struct frame *f, bool brief, bool counts, int gap, struct canvas *c, int y, bool draw)
{
	int x = 1;

	for (int i = 0; i < DESK_SCREENS; i++) {
		char words[64], shown[70];
		bool current = i == f->screen;

		tab_words(f, i, brief, counts, words, sizeof words);
		snprintf(shown, sizeof shown, current ? "[%s]" : "%s", words);
		x += i ? gap : 0;
		if (draw)
			canvas_put(c, x, y, current ? ROLE_TAB_CUR : f->facts->tab[i].alarm ? ROLE_WARN : ROLE_TAB, shown);
		x += text_width(shown);
	}
	return x;
}

static void row_two(const struct frame *f, struct canvas *c)
{
	static const struct { bool brief, counts; int gap; } forms[] = {
		{ false, true, 2 }, { false, true, 1 }, { true, true, 1 }, { true, false, 1 },
	};
	char words[64];

	for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
		if (tabs_draw(f, forms[i].brief, forms[i].counts, forms[i].gap, c, 1, false) > c->w)
			continue;
		tabs_draw(f, forms[i].brief, forms[i].counts, forms[i].gap, c, 1, true);
		return;
	}
	tab_words(f, f->screen, false, true, words, sizeof words);
	canvas_printf(c, canvas_printf(c, 1, 1, ROLE_TAB_CUR, "[%s]", words) + 2, 1, ROLE_TAB, "1-9,0 other screens");
}

/* ---- row 3: the strip ---- */

static void strip_count(const struct strip *s, bool wide, struct frame_row *r)
{
	char shown[32], total[32];

	if (s->shown < 0)
		return;
	number_words(s->shown, shown);
	number_words(s->total, total);
	if (s->total < 0)
		row_addf(r, ROLE_STRIP, 2, 2, "%s%s", shown, wide ? " shown" : "");
	else if (wide)
		row_addf(r, ROLE_STRIP, 2, 2, "%s of %s", shown, total);
	else
		row_addf(r, ROLE_STRIP, 2, 2, "%" PRId64 "/%" PRId64, s->shown, s->total);
}

static void strip_marks(const struct strip *s, bool wide, struct frame_row *r)
{
	if (s->marks <= 0 && s->hidden <= 0)
		return;
	row_addf(r, ROLE_MARK, 0, 2, wide ? "marks %" PRId64 : "mk %" PRId64, s->marks);
	if (s->hidden > 0)
		row_addf(r, ROLE_MARK, 0, 0, wide ? " + %" PRId64 " hidden" : "+%" PRId64 "hid", s->hidden);
}

static void strip_words(const struct frame *f, bool wide, struct frame_row *r)
{
	if (f->paused && f->waiting)
		row_addf(r, ROLE_WARN, 0, 2, wide ? "PAUSED, %" PRId64 " changes wait" : "PAUSED %" PRId64, f->waiting);
	else if (f->paused)
		row_add(r, ROLE_WARN, 0, 2, "PAUSED");
	else if (f->strip.live && f->facts->engine && !f->facts->then)
		row_add(r, ROLE_STRIP, 1, 2, "LIVE");
	row_add(r, ROLE_STALE, 0, 2, f->facts->stale_ms ? "STALE" : "");
	row_add(r, ROLE_WARN, 0, 2, f->slow ? "SLOW LINK" : "");
}

static void strip_row(const struct frame *f, bool wide, bool tiny, struct frame_row *r)
{
	const struct strip *s = &f->strip;

	row_add(r, ROLE_STRIP, 4, 2, s->text ? s->text : "");
	if (r->n && s->text)
		r->part[r->n - 1].shrinks = true;
	if (s->view && !tiny)
		row_addf(r, ROLE_STRIP, 5, 2, "view %s%s", s->view, s->changed ? "*" : "");
	if (tiny)
		strip_count(s, wide, r);
	if (s->filter && *s->filter) {
		row_addf(r, ROLE_STRIP, 0, tiny ? 1 : 2, "%s%s", tiny ? "flt:" : wide ? "filter " : "flt ", s->filter);
		r->part[r->n - 1].shrinks = true;
	}
	if (s->sort && !tiny)
		row_addf(r, ROLE_STRIP, 3, 2, "sort %s", s->sort);
	if (!tiny)
		strip_count(s, wide, r);
	strip_marks(s, wide, r);
	strip_words(f, wide, r);
	row_add(r, ROLE_MUTED, 6, 2, s->remark ? s->remark : "");
}

static void row_three(const struct frame *f, enum room room, struct canvas *c)
{
	struct frame_row r = { 0 };
	char tab[64];

	if (room == ROOM_TINY) {
		tab_words(f, f->screen, false, false, tab, sizeof tab);
		row_add(&r, ROLE_TAB_CUR, 0, 0, tab);
		strip_row(f, false, true, &r);
		row_draw(&r, c, 1, 0, 0);
		return;
	}
	strip_row(f, c->w >= 100, false, &r);
	row_draw(&r, c, 2, 1, 0);
}

/* ---- the last two rows ---- */

static void message_row(const struct frame *f, enum room room, struct canvas *c, int y)
{
	const struct notice *m = f->newest;
	char at[16], more[48] = "";
	int x = room != ROOM_TINY, room_w;

	if (*f->hint) {
		canvas_field(c, x, y, c->w - x, ROLE_ERROR, ALIGN_LEFT, f->hint);
		return;
	}
	if (!m)
		return;
	if (f->more > 0)
		snprintf(more, sizeof more, c->w >= 100 ? "  (%" PRId64 " more, M opens the message log)" : " (+%" PRId64 " M)", f->more);
	clock_words(m->at_ms, f->local_time, room > ROOM_TINY, at);
	at[strcspn(at, "Z")] = '\0';
	x = canvas_put(c, x, y, ROLE_MUTED, at) + 1;
	if (*level_word(m->level))
		x = canvas_put(c, x, y, level_role(m->level), level_word(m->level)) + 1;
	room_w = c->w - x - text_width(more);
	if (room_w < 8) {
		room_w = c->w - x;
		more[0] = '\0';
	}
	x = text_width(m->text) < room_w ? canvas_put(c, x, y, level_role(m->level), m->text)
	                                 : (canvas_field(c, x, y, room_w, level_role(m->level), ALIGN_LEFT, m->text), x + room_w);
	canvas_put(c, x, y, ROLE_MUTED, more);
}

static int key_width(const struct frame_key *k)
{
	return text_width(k->keys) + (*k->brief ? 1 + text_width(k->brief) : 0);
}

static int keys_width(const struct frame *f, int shown, int gap)
{
	int w = 0;

	for (int i = 0; i < f->keys; i++)
		if (i < shown || i >= f->keys - f->keep)
			w += key_width(&f->key[i]) + (w ? gap : 0);
	return w;
}

/* How many of the leading keys there is room for beside those that are always shown. */
static int keys_fit(const struct frame *f, int w, int gap)
{
	int shown = f->keys - f->keep;

	while (shown > 0 && keys_width(f, shown, gap) > w)
		shown--;
	return shown;
}

static void key_row(const struct frame *f, enum room room, struct canvas *c, int y)
{
	int x = room != ROOM_TINY, w = c->w - x, gap = keys_width(f, f->keys, 3) <= w ? 3 : 2, shown = keys_fit(f, w, gap);

	for (int i = 0; i < f->keys; i++) {
		if (i >= shown && i < f->keys - f->keep)
			continue;
		x = canvas_put(c, x, y, ROLE_KEY, f->key[i].keys);
		if (*f->key[i].brief)
			x = canvas_put(c, x + (*f->key[i].keys != '\0'), y, ROLE_FG, f->key[i].brief);
		x += gap;
	}
}

/* ---- below 40x10: the verdict ---- */

static void verdict(const struct frame *f, struct canvas *c)
{
	static const int order[] = { 1, 2, 0, 3, 4, 5 }; /* what counts most when there are fewer rows */
	char line[6][80], arm[24];
	bool shown[6] = { false };
	int y = 0, room = c->h;
	const char *name = *world(f->facts) ? world(f->facts) : f->facts->store;

	arm_short(f, arm, sizeof arm);
	snprintf(line[0], sizeof line[0], "%.20s %s %dx%d", name, arm, c->w, c->h);
	if (text_width(line[0]) > c->w)
		snprintf(line[0], sizeof line[0], "%s", arm);
	snprintf(line[1], sizeof line[1], c->w >= 13 ? "CRIT %d WARN %d" : "C%d W%d", f->facts->crit, f->facts->warn);
	facts_brief(f->facts, line[2], sizeof line[2]);
	snprintf(line[3], sizeof line[3], "%s", f->facts->worst);
	snprintf(line[4], sizeof line[4], "need 40x10; keys");
	snprintf(line[5], sizeof line[5], "off except q ? Esc");
	for (int i = 0; i < 6; i++)
		if (*line[order[i]] && room-- > 0)
			shown[order[i]] = true;
	for (int i = 0; i < 6; i++)
		if (shown[i])
			canvas_field(c, 0, y++, c->w, i == 2 || (i == 1 && f->facts->crit) ? ROLE_CRIT : i == 0 && f->armed ? ROLE_ARMED : ROLE_FG, ALIGN_LEFT, line[i]);
}

struct canvas frame_content(const struct canvas *c)
{
	enum room room = frame_room(c->w, c->h);
	int top = room == ROOM_TINY ? 2 : 3;

	return room == ROOM_VERDICT ? canvas_part(c, 0, 0, 0, 0) : canvas_part(c, 0, top, c->w, c->h - top - 2);
}

void frame_draw(const struct frame *f, struct canvas *c)
{
	enum room room = frame_room(c->w, c->h);
	bool typing = f->prompt && f->prompt->open;

	if (room == ROOM_VERDICT) {
		verdict(f, c);
		return;
	}
	row_one(f, room, c);
	if (room != ROOM_TINY)
		row_two(f, c);
	row_three(f, room, c);
	if (typing)
		prompt_draw(f->prompt, c, c->h - 2);
	else
		message_row(f, room, c, c->h - 2);
	if (typing && *f->prompt->remark)
		canvas_field(c, 1, c->h - 1, c->w - 1, f->prompt->bad_len ? ROLE_ERROR : ROLE_MUTED, ALIGN_LEFT, f->prompt->remark);
	else
		key_row(f, room, c, c->h - 1);
}
