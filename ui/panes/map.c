/*
 * What SKUs stand for, as far as that is not clear: first what is not written for want of it, then each kind of doubt. A finding is decided where
 * it stands: an item and a pack are asked for, previewed and typed; then the next one is under the cursor.
 */
#include "base/text.h"
#include "trade/accounts.h"
#include "trade/inventory.h"
#include "trade/mapping.h"
#include "ui/panes/all.h"
#include "ui/panes/board.h"
#include "ui/panes/wishes.h"
#include "ui/panes/words.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { EACH = 200, NAME = 256 };

/* What a line is about. */
struct doubt {
	const char *key, *account, *sku, *candidates;
	int64_t offer, item;
	bool said; /* somebody or the spelling has said what it stands for */
};

/* Being asked about; it outlives loads. */
struct asked {
	char account[64], sku[NAME];
	int64_t item;
	bool pack;
};

struct map_pane {
	struct board_pane base; /* first */
	struct doubt *doubt;
	int n, cap;
	struct asked asked;
	char noted[NAME + 8]; /* what a note is being written on; it outlives loads */
};

static const struct board_column columns[] = {
	{ NULL, 12, 14, 0, ALIGN_LEFT, ROOM_COMPACT }, { NULL, 20, 26, 16, ALIGN_LEFT, ROOM_TINY }, { NULL, 18, 26, 0, ALIGN_LEFT, ROOM_COMPACT },
	{ NULL, 0, 0, 0, ALIGN_LEFT, ROOM_TINY },
};

static struct board_line *doubt_line(struct pane *p, struct board_block *b, const struct doubt *d, const char *text)
{
	struct map_pane *v = p->self;
	const char *means = *d->candidates ? arena_printf(p->facts, "%s?", d->candidates) : "";
	struct board_line *l = LINE(b, bit(ROLE_FG, *d->account ? d->account : "ours"), bit(ROLE_VALUE, d->sku), bit(ROLE_KEY, means), bit(ROLE_FG, text));

	v->doubt = arena_grow(p->facts, v->doubt, v->n, &v->cap, sizeof *v->doubt);
	v->doubt[v->n++] = *d;
	l->key = d->key;
	if (d->offer || d->item) {
		l->open = d->offer ? &pane_offer : &pane_explain;
		l->subject = arena_printf(p->facts, d->offer ? "%" PRId64 : "item:%" PRId64, d->offer ? d->offer : d->item);
	}
	return l;
}

static const struct doubt *doubt_at(struct map_pane *v)
{
	const struct board_line *l = board_at(&v->base.board, &v->base.at);

	for (int i = 0; i < v->n && l && l->key; i++)
		if (!strcmp(v->doubt[i].key, l->key))
			return &v->doubt[i];
	return NULL;
}

/* ---- what is not written ---- */

static enum fault waiting_block(struct pane *p, struct store *s, int *n, struct err *err)
{
	struct map_pane *v = p->self;
	struct arena *a = p->facts;
	struct mapping_waits *w;
	struct board_block *b;
	bool more;

	if (mapping_waiting(s, EACH, a, &w, n, &more, err))
		return err->fault;
	b = board_block(&v->base.board, "Not written for want of a mapping", arena_printf(a, "%d%s", *n, more ? " and more" : ""), columns, 4);
	for (int i = 0; i < *n; i++) {
		struct doubt d = { .key = arena_printf(a, "inbox %" PRId64, w[i].inbox), .account = w[i].account_name, .sku = w[i].sku, .candidates = w[i].candidates };
		struct board_line *l = doubt_line(p, b, &d, arena_printf(a, "they show %s, %s owed; %s%s%s", say_count(a, w[i].seen), say_count(a, w[i].owed),
		                                                         say_age(p, a, w[i].first_ms), *w[i].owner ? ", " : "", w[i].owner));

		l->open = &pane_failure;
		l->subject = arena_printf(a, "inbox:%" PRId64, w[i].inbox);
		l->why = "No quantity is ever written to what stands for nothing of ours: it goes on selling what it shows, and of its orders nothing is kept back.";
	}
	if (*n == 0)
		LINE(b, bit(ROLE_FG, ""), bit(ROLE_OK, "ok"), bit(ROLE_FG, ""), bit(ROLE_FG, "all that is sold stands for an item of ours"));
	return OK;
}

/* ---- the kinds of doubt ---- */

static const struct {
	enum finding_kind kind;
	const char *title, *why;
} kinds[] = {
	{ FINDING_AMBIGUOUS, "Ambiguous", "More than one item of ours may be meant. A guess is never made." },
	{ FINDING_CASE, "Alike but for case or space", "Nearly the same spelling is not the same: say which it is, or correct the SKU where it was typed." },
	{ FINDING_UNMAPPED, "Unmapped", "It stands for no item of ours: say for which, or create the item at the source of truth." },
	{ FINDING_DUPLICATE, "Duplicate", "Two SKUs of one account and marketplace sell the same item: both show its stock. Right for a second listing, wrong for a typing error." },
	{ FINDING_ORPHAN, "Orphan", "Something was said of a SKU that is not listed any more, or an item in stock is offered nowhere." },
	{ FINDING_NUMBER, "Numbers that cannot be right", "A product number with a wrong check digit, or one that a spreadsheet has damaged: correct it where it came from." },
	{ FINDING_YOUNG, "Young", "Mapped within seven days, and not yet pushed and seen: look whether it sells what it should." },
};

/* A SKU that one of the closer kinds tells already. */
static bool told(const struct map_pane *v, const struct finding *f)
{
	for (int i = 0; i < v->n; i++)
		if (!strcmp(v->doubt[i].account, f->account_name) && !strcmp(v->doubt[i].sku, f->sku))
			return true;
	return false;
}

static enum fault kind_block(struct pane *p, struct store *s, int k, int *left, struct err *err)
{
	struct map_pane *v = p->self;
	struct arena *a = p->facts;
	struct board_block *b = NULL;
	struct finding *f;
	bool more;
	int n, kept = 0;

	if (findings_of(s, kinds[k].kind, p->now_ms, EACH, a, &f, &n, &more, err))
		return err->fault;
	for (int i = 0; i < n; i++) {
		struct doubt d = { .key = arena_printf(a, "%s %s %s", finding_name(f[i].kind), f[i].account_name, f[i].sku), .account = f[i].account_name, .sku = f[i].sku,
			           .candidates = f[i].candidates, .offer = f[i].offer, .item = f[i].item, .said = f[i].item && kinds[k].kind != FINDING_CASE };

		if (f[i].kind == FINDING_UNMAPPED && told(v, &f[i]))
			continue;
		if (!b)
			b = board_block(&v->base.board, kinds[k].title, NULL, columns, 4);
		doubt_line(p, b, &d, f[i].text)->why = kinds[k].why;
		kept++;
	}
	if (b)
		b->remark = arena_printf(a, "%d%s", kept, more ? " and more: tallyman map faults" : "");
	*left += kept;
	return OK;
}

static enum fault map_load(struct pane *p, struct store *s, struct arena *facts, struct err *err)
{
	struct map_pane *v = p->self;
	int waiting, doubts = 0;

	v->base.board = board_new(facts);
	v->doubt = NULL;
	v->n = v->cap = 0;
	if (waiting_block(p, s, &waiting, err))
		return err->fault;
	for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++)
		if (kind_block(p, s, (int)k, &doubts, err))
			return err->fault;
	snprintf(v->base.strip, sizeof v->base.strip, "Mapping   %d not written, %d in doubt", waiting, doubts);
	v->base.hint = "a decides the row";
	board_settle(&v->base.board, &v->base.at);
	return OK;
}

/* ---- deciding ---- */

static void sheet(const struct doubt *d, struct wish *wish)
{
	struct choice *c = arena_alloc(wish->arena, 4 * sizeof *c);
	int n = 0;

	c[n++] = (struct choice){ .letter = 'n', .label = "write a note", .act = ACT_NOTE };
	if (d->item)
		c[n++] = (struct choice){ .letter = 'x', .label = "explain the item's quantity", .act = ACT_EXPLAIN };
	c[n++] = (struct choice){ .letter = 'm', .label = arena_printf(wish->arena, "say what %s stands for", d->sku), .note = "asks for the item and the pack",
		                  .act = ACT_MAP, .why_not = *d->account ? NULL : "(an item of ours stands for itself)" };
	c[n++] = (struct choice){ .letter = 'u', .label = arena_printf(wish->arena, "take back what was said of %s", d->sku),
		                  .act = ACT_UNMAP, .why_not = *d->account && d->said ? NULL : "(nothing was said of it)" };
	wish->kind = WISH_SHEET;
	wish->text = arena_printf(wish->arena, "%s %s", d->account, d->sku);
	wish->choices = c;
	wish->n_choices = n;
}

/* A single candidate stands there to be confirmed; of several none is put forward. */
static void ask_item(const struct doubt *d, struct wish *wish)
{
	wish_ask(wish, ASK_VALUE, arena_printf(wish->arena, "our SKU that %s stands for", d->sku), strchr(d->candidates, ',') ? "" : d->candidates);
}

static void propose(struct pane *p, int64_t item, int64_t pack, struct wish *wish)
{
	struct map_pane *v = p->self;
	struct intent *in = intent_new(wish, INTENT_MAP);
	struct account_row account;
	struct err err;

	if (!p->store || account_by_name(p->store, v->asked.account, wish->arena, &account, &err)) {
		wish_say(wish, LEVEL_WARN, "there is no account %s any more", v->asked.account);
		return;
	}
	in->account = account.id;
	in->subject = arena_strdup(wish->arena, v->asked.sku);
	fields_put(&in->payload, "map", arena_printf(wish->arena, "%" PRId64 ":%" PRId64 ":%" PRId64 ":%s", account.id, pack, item, v->asked.sku));
	wish_plan(p, in, item ? "MAPPING PREVIEW" : "TAKE BACK A MAPPING",
	          "Its offers are thought over again at once and what is right is said to the channel; what open orders owe is kept back from the item it stands for now.", wish);
}

static bool begin(struct pane *p, enum act act, const struct doubt *d, struct wish *wish)
{
	struct map_pane *v = p->self;

	if (!*d->account || strlen(d->sku) >= sizeof v->asked.sku) {
		wish_say(wish, LEVEL_INFO, "that is no SKU of an account");
		return true;
	}
	snprintf(v->asked.account, sizeof v->asked.account, "%s", d->account);
	snprintf(v->asked.sku, sizeof v->asked.sku, "%s", d->sku);
	v->asked.pack = false;
	if (act == ACT_MAP)
		ask_item(d, wish);
	else
		propose(p, 0, 1, wish);
	return true;
}

static void item_answer(struct pane *p, struct answer *answer, struct wish *wish)
{
	struct map_pane *v = p->self;
	struct item item;

	if (!p->store || item_get(p->store, answer->text, wish->arena, &item, &answer->err)) {
		err_set(&answer->err, FAULT_REFUSED, "no item of ours is spelled exactly so");
		return;
	}
	v->asked.item = item.id;
	v->asked.pack = true;
	wish_ask(wish, ASK_VALUE, arena_printf(wish->arena, "how many of %s are in one %s", item.sku, v->asked.sku), "1");
}

static void pack_answer(struct pane *p, struct answer *answer, struct wish *wish)
{
	struct map_pane *v = p->self;
	int64_t pack;

	if (!text_int(answer->text, 1, PACK_MOST, &pack))
		err_set(&answer->err, FAULT_REFUSED, "a pack holds 1 to %d eaches", PACK_MOST);
	else
		propose(p, v->asked.item, pack, wish);
}

static bool map_act(struct pane *p, enum act act, struct wish *wish)
{
	struct map_pane *v = p->self;
	const struct doubt *d = doubt_at(v);

	if (!d)
		return board_pane_act(p, act, wish);
	switch (act) {
	case ACT_ACTIONS:
		board_name(&v->base.at);
		sheet(d, wish);
		return true;
	case ACT_MAP:
	case ACT_UNMAP:
		return board_missed(&v->base.at, wish) || begin(p, act, d, wish);
	case ACT_NOTE:
		if (board_missed(&v->base.at, wish))
			return true;
		snprintf(v->noted, sizeof v->noted, "sku:%s", d->sku);
		wish_ask(wish, ASK_NOTE, arena_printf(wish->arena, "note on %s", d->sku), "");
		return true;
	case ACT_EXPLAIN:
		if (!d->item)
			return board_pane_act(p, act, wish);
		wish_open_id(wish, &pane_explain, "item", d->item);
		return true;
	default:
		return board_pane_act(p, act, wish);
	}
}

static void map_answer(struct pane *p, struct answer *answer, struct wish *wish)
{
	struct map_pane *v = p->self;
	const struct doubt *d = doubt_at(v);
	const char *on = answer->asked ? v->noted : d ? arena_printf(wish->arena, "sku:%s", d->sku) : "";

	if (answer->ask == ASK_NOTE && answer->done && *answer->text && *on)
		wish_note(wish, arena_strdup(wish->arena, on), answer->text);
	else if (answer->ask == ASK_VALUE && answer->done)
		(v->asked.pack ? pack_answer : item_answer)(p, answer, wish);
	else if (answer->ask != ASK_NOTE && answer->ask != ASK_VALUE)
		board_pane_answer(p, answer, wish);
}

const struct pane_type pane_map = {
	.name = "map",
	.says = "SKUs of which it is not clear what they stand for: unmapped, ambiguous, duplicate, orphan",
	.help = "What SKUs stand for, where that is not clear. First what is not written for want of it. a, m says for which item of ours a SKU stands, and how many "
	        "are in one: it is previewed and typed, and the next row is under the cursor. For many at once: tallyman map import.",
	.where = WHERE_DETAILS | WHERE_PANES,
	.size = sizeof(struct map_pane),
	.keys = (const enum act[]){ ACT_ACTIONS, ACT_OPEN, ACT_EXPLAIN, ACT_NEXT_PANE, ACT_FIND, ACT_COPY, ACT_NONE },
	.load = map_load,
	.draw = board_pane_draw,
	.act = map_act,
	.strip = board_pane_strip,
	.answer = map_answer,
	.save = board_pane_save,
	.restore = board_pane_restore,
};
