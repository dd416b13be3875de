/*
 * deed_zero: a zero-out from the letter to the preview: what is meant, where no row says it, then why, then when it ends.
 */
#include "ui/panes/deed_inside.h"

#include "base/clock.h"
#include "ui/panes/all.h"
#include "base/text.h"
#include "store/store.h"
#include "ui/panes/wishes.h"

#include <string.h>

enum { PICKS = 40 };

/* ---- what is meant ---- */

static const struct {
	char letter;
	const char *value, *label;
	enum zero_pick pick; /* ZERO_PICKS: it is typed, or needs no more words */
} scopes[] = {
	{ 'k', "sku", "a SKU, wherever it is offered", ZERO_PICKS },
	{ 'l', "list", "a list of SKUs", ZERO_PICKS },
	{ 't', "tag", "a tag: what items of ours have it", ZERO_PICK_TAG },
	{ 'n', "node", "a node: what is offered out of it", ZERO_PICK_NODE },
	{ 'c', "channel", "a channel: all that one account offers", ZERO_PICK_CHANNEL },
	{ 'a', "all", "all: every offer there is", ZERO_PICKS },
};

enum { SCOPES = sizeof scopes / sizeof *scopes };

static void menu(struct wish *wish, const char *title, const struct choice *choice, int n)
{
	wish->kind = WISH_MENU;
	wish->ask = ASK_VALUE;
	wish->text = title;
	wish->choices = choice;
	wish->n_choices = n;
}

static int read_picks(struct pane *p, enum zero_pick what, struct arena *a, struct zero_scope_row **out)
{
	struct err err;
	int n = 0;

	if (!p->store || store_begin_read(p->store, &err) || zero_picks(p->store, what, PICKS, a, out, &n, &err))
		n = 0;
	if (p->store)
		store_rollback(p->store);
	return n;
}

static void ask_scope(struct pane *p, struct deed *d, struct wish *wish)
{
	struct choice *c = arena_alloc(wish->arena, SCOPES * sizeof *c);
	struct zero_scope_row *row;

	for (int i = 0; i < SCOPES; i++) {
		c[i] = (struct choice){ .letter = scopes[i].letter, .label = scopes[i].label, .value = scopes[i].value };
		if (scopes[i].pick != ZERO_PICKS && !read_picks(p, scopes[i].pick, wish->arena, &row))
			c[i].why_not = "(there is none)";
	}
	d->step = STEP_SCOPE;
	menu(wish, "Hold at zero: what?", c, SCOPES);
}

static void ask_pick(struct pane *p, struct deed *d, enum zero_pick what, struct wish *wish)
{
	struct zero_scope_row *row;
	int n = read_picks(p, what, wish->arena, &row);
	struct choice *c = arena_alloc(wish->arena, (size_t)(n + 1) * sizeof *c);

	for (int i = 0; i < n; i++)
		c[i] = (struct choice){ .label = row[i].name, .value = row[i].word, .note = arena_printf(wish->arena, "%lld offers", (long long)row[i].offers) };
	d->step = STEP_PICK;
	menu(wish, what == ZERO_PICK_TAG ? "Which tag?" : what == ZERO_PICK_NODE ? "Which node?" : "Which channel?", c, n);
}

static void ask_why(struct deed *d, struct wish *wish)
{
	d->step = STEP_WHY;
	wish_ask(wish, ASK_VALUE, "why at zero", "");
}

static void take_scope(struct pane *p, struct deed *d, const char *value, struct wish *wish)
{
	int i = 0;

	while (i < SCOPES - 1 && strcmp(scopes[i].value, value))
		i++;
	if (scopes[i].pick != ZERO_PICKS) {
		ask_pick(p, d, scopes[i].pick, wish);
	} else if (!strcmp(value, "all")) {
		fields_put(&d->said, "scope", "all");
		ask_why(d, wish);
	} else {
		d->step = STEP_SKUS;
		wish_ask(wish, ASK_VALUE, !strcmp(value, "sku") ? "SKU" : "SKUs, with a comma or a space between", "");
	}
}

static bool names_offers(struct pane *p, struct deed *d, const char *word, struct err *err)
{
	int64_t *offer;
	int n;
	bool good = p->store && !store_begin_read(p->store, err) && !zero_scope(p->store, &word, 1, 0, d->arena, &offer, &n, err);

	store_rollback(p->store);
	return good;
}

/* What is named up to the next comma, for a SKU may have blanks in it; where that is nothing, up to the next blank. NULL: neither. */
static const char *take_name(struct pane *p, struct deed *d, const char *at, struct answer *answer)
{
	size_t len = strcspn(at, ",");
	struct err whole_err; /* an answer that keeps an error is asked for again */
	const char *whole, *word = arena_strndup(d->arena, at, strcspn(at, ", \t"));

	while (len && strchr(" \t", at[len - 1]))
		len--;
	whole = arena_strndup(d->arena, at, len);
	if (names_offers(p, d, whole, &whole_err))
		return whole;
	if (names_offers(p, d, word, &answer->err))
		return word;
	answer->len = (int)strlen(word);
	return NULL;
}

/* Each word names something here, or the whole line is asked for again. */
static bool take_skus(struct pane *p, struct deed *d, const char *text, struct answer *answer)
{
	struct fields said = fields_new(d->arena);

	for (const char *at = text + strspn(text, ", \t"); *at; at += strspn(at, ", \t")) {
		const char *word = take_name(p, d, at, answer);

		if (!word) {
			answer->at = (int)(at - text);
			return false;
		}
		fields_put(&said, "scope", word);
		at += strlen(word);
	}
	for (int i = 0; i < said.n; i++)
		fields_put(&d->said, "scope", said.field[i].value);
	return said.n || deed_refuse(answer, "which SKU? As it stands in our own list, or as the channel has it");
}

/* ---- until when ---- */

static const struct choice ends[] = {
	{ .letter = 'n', .label = "never by itself: somebody lifts it", .value = "never" },
	{ .letter = 'c', .label = "when a count has found something of each of its items", .value = "counted" },
	{ .letter = '1', .label = "after an hour", .value = "1h" },
	{ .letter = '8', .label = "after eight hours", .value = "8h" },
	{ .letter = 'd', .label = "after a day", .value = "1d" },
	{ .letter = 't', .label = "at another time ...", .value = "time" },
};

/* "90m", "8h", "2d", or a time with its zone; 0: neither, or not ahead. */
static int64_t end_of(const char *text, int64_t now_ms)
{
	static const struct {
		char unit;
		int64_t ms;
	} units[] = { { 'm', 60000 }, { 'h', 3600000 }, { 'd', 86400000 } };
	size_t n = strspn(text, "0123456789");
	int64_t value = 0;

	for (size_t i = 0; i < n && n < 6; i++)
		value = value * 10 + text[i] - '0';
	for (size_t i = 0; n && n < 6 && !text[n + 1] && i < sizeof units / sizeof *units; i++)
		if (text[n] == units[i].unit)
			return value ? now_ms + value * units[i].ms : 0;
	return time_parse(text, &value) || value <= now_ms ? 0 : value;
}

static const char *end_words(const struct fields *said, struct arena *a)
{
	int64_t until = fields_int(said, "until_ms", 0);
	char at[32];

	if (!until)
		return fields_has(said, "counted") ? "[ ] never   [x] when something of each is counted   [ ] at ____" : "[x] never, by hand   [ ] when something of each is counted   [ ] at ____";
	time_iso(until, at);
	return arena_printf(a, "[ ] never   [ ] when something of each is counted   [x] at %.16sZ", at);
}

/* What makes it safe, beside the preview's rows. */
static const char *safety(const struct plan *plan, const struct fields *said, struct arena *a)
{
	struct buf b = buf_new(a);

	buf_printf(&b, "why: %s\n", fields_get(said, "reason", ""));
	buf_printf(&b, "auto-restore: %s\n", end_words(said, a));
	buf_printf(&b, "two persons: %s%s\n", plan->two ? "needed, within ten minutes: " : "not needed: at most 100 offers, no whole channel, not most of what one shows",
	           plan->two ? plan->two : "");
	buf_puts(&b, "race check: each is read once more just before its call; one that shows more by then is held, and shown\n");
	buf_puts(&b, "stop: ^C on its page stops between two calls; each row says how far it is\n");
	buf_puts(&b, "meanwhile: quantities go to zero, no listing is ended; planning, reconciliation and pushes by hand respect it");
	return b.p;
}

/* Beside the rows of the preview stands what makes it safe. */
static void with_safety(const struct fields *said, struct wish *wish)
{
	struct proposal *own = arena_alloc(wish->arena, sizeof *own);
	struct section *section = arena_alloc(wish->arena, sizeof *section);

	if (wish->kind != WISH_PLAN)
		return;
	*own = *wish->proposal;
	*section = (struct section){ .title = "Safety", .text = safety(own->plan, said, wish->arena) };
	own->sections = section;
	own->n_sections = 1;
	wish->proposal = own;
}

static void propose(struct pane *p, struct deed *d, struct wish *wish)
{
	fields_put_int(&d->said, "looked_ms", p->now_ms);
	deed_propose(p, d, INTENT_ZERO, "ZERO-OUT PREVIEW", "", wish);
	with_safety(&d->said, wish);
}

void deed_resume(struct pane *p, const struct draft *draft, struct wish *wish)
{
	struct intent *in = intent_new(wish, intent_kind_from_name(draft->kind));

	for (int i = 0; i < draft->said->n; i++) {
		const struct field *f = &draft->said->field[i];

		if (!strncmp(f->key, "p.", 2) && strcmp(f->key, "p.looked_ms"))
			fields_put(&in->payload, arena_strdup(wish->arena, f->key + 2), arena_strdup(wish->arena, f->value));
	}
	if (in->kind == INTENT_ZERO)
		fields_put_int(&in->payload, "looked_ms", p->now_ms);
	in->account = draft->account;
	in->subject = arena_strdup(wish->arena, draft->subject);
	wish_plan(p, in, arena_strdup(wish->arena, draft->title), arena_strdup(wish->arena, draft->after), wish);
	if (in->kind == INTENT_ZERO)
		with_safety(&in->payload, wish);
}

/* ---- one after the other ---- */

static void take_why(struct deed *d, const char *text, struct answer *answer, struct wish *wish)
{
	if (!*text) {
		deed_refuse(answer, "why? It stands in the audit and on every listing's timeline");
		return;
	}
	fields_put(&d->said, "reason", arena_strdup(d->arena, text));
	d->step = STEP_END;
	menu(wish, "When does it end?", ends, sizeof ends / sizeof *ends);
}

static void take_end(struct pane *p, struct deed *d, const char *text, struct answer *answer, struct wish *wish)
{
	int64_t until = 0;

	if (!strcmp(text, "time")) {
		d->step = STEP_TIME;
		wish_ask(wish, ASK_VALUE, "ends (90m, 8h, 2d or 2026-11-20T07:58Z)", "");
		return;
	}
	if (!strcmp(text, "counted"))
		fields_put_int(&d->said, "counted", 1);
	else if (strcmp(text, "never") && !(until = end_of(text, p->now_ms))) {
		deed_refuse(answer, "minutes, hours or days ahead (90m, 8h, 2d), or a time to come with its zone");
		return;
	}
	if (until)
		fields_put_int(&d->said, "until_ms", until);
	propose(p, d, wish);
}

void deed_zero_begin(struct pane *p, struct deed *d, struct wish *wish)
{
	if (d->kind == DEED_SCOPE)
		ask_scope(p, d, wish);
	else
		ask_why(d, wish);
}

void deed_zero_answer(struct pane *p, struct deed *d, struct answer *answer, struct wish *wish)
{
	switch (d->step) {
	case STEP_SCOPE:
		take_scope(p, d, answer->text, wish);
		break;
	case STEP_PICK:
		fields_put(&d->said, "scope", arena_strdup(d->arena, answer->text));
		ask_why(d, wish);
		break;
	case STEP_SKUS:
		if (take_skus(p, d, answer->text, answer))
			ask_why(d, wish);
		break;
	case STEP_WHY:
		take_why(d, answer->text, answer, wish);
		break;
	default:
		take_end(p, d, answer->text, answer, wish);
	}
}
