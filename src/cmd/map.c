/*
 * tallyman map: which item a SKU of an account stands for, and which items are kits of others. `tallyman map --all --csv` and `tallyman map
 * kits --csv` are the tables that `tallyman map import` takes.
 */
#include "cmd/map.h"
#include "cmd/print.h"
#include "cmd/send.h"
#include "cmd/session.h"
#include "trade/accounts.h"
#include "trade/kits.h"
#include "trade/mapping.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { FOUND_MOST = 1000 };

/* ---- what is said ---- */

static const struct column columns[] = {
	{ "account", CELL_TEXT, false }, { "sku", CELL_TEXT, false },   { "item", CELL_TEXT, false }, { "pack", CELL_INT, false },
	{ "by", CELL_TEXT, false },      { "since", CELL_TIME, false }, { "offers", CELL_INT, false }, { "title", CELL_TEXT, false },
	{ "who", CELL_TEXT, true },      { "numbers", CELL_TEXT, true },
};

static void put_mapping(struct sheet *t, const struct mapping_row *m)
{
	put_text(t, m->account_name);
	put_text(t, m->sku);
	put_text(t, m->item_sku);
	put_int(t, m->pack);
	put_text(t, m->by);
	put_time(t, m->mapped_ms);
	put_int(t, m->offers);
	put_text(t, m->title);
	put_text(t, m->actor);
	put_text(t, m->numbers);
}

static enum fault print_all(struct session *s)
{
	struct pager p = pager_new(s->o.limit);
	struct mapping_row *row = NULL;
	enum fault f = OK;
	int n = 0;

	sheet_table(session_sheet(s, false), "mappings", COLUMNS(columns));
	while (!f && pager_more(&p, n)) {
		const struct mapping_row *last = n ? &row[n - 1] : NULL;

		f = mappings_page(s->store, last, s->o.all, p.want, p.page, &row, &n, &s->err);
		for (int i = 0; i < n && !f; i++)
			put_mapping(s->sheet, &row[i]);
	}
	pager_end(&p);
	return f;
}

/* ---- one item: its numbers everywhere ---- */

static const struct column number_columns[] = {
	{ "account", CELL_TEXT, false }, { "sku", CELL_TEXT, false }, { "kind", CELL_TEXT, false }, { "value", CELL_TEXT, false },
	{ "wrong", CELL_TEXT, false },
};

static enum fault print_one(struct session *s, const char *sku)
{
	struct number *number;
	struct offer *offer;
	int64_t item;
	int n, offers;

	if (one_found(s, sku, FOUND_ITEM, "item", &item) || numbers_of(s->store, item, s->a, &number, &n, &s->err) ||
	    offers_list(s->store, item, 0, 0, 500, s->a, &offer, &offers, &s->err))
		return s->err.fault;
	sheet_table(session_sheet(s, true), "numbers", COLUMNS(number_columns));
	for (int i = 0; i < n; i++) {
		put_text(s->sheet, number[i].account_name);
		put_text(s->sheet, number[i].sku);
		put_text(s->sheet, number[i].kind);
		put_text(s->sheet, number[i].value);
		put_text(s->sheet, number[i].fault);
	}
	put_offers(s->sheet, "offers", offer, offers);
	return OK;
}

/* ---- what is wrong ---- */

static const struct column finding_columns[] = {
	{ "kind", CELL_TEXT, false }, { "account", CELL_TEXT, false },    { "sku", CELL_TEXT, false },
	{ "text", CELL_TEXT, false }, { "candidates", CELL_TEXT, false }, { "offer", CELL_INT, true },
};

static enum fault put_findings(struct session *s, enum finding_kind k, bool *more)
{
	int most = s->o.limit && s->o.limit < FOUND_MOST ? (int)s->o.limit : FOUND_MOST, n;
	struct finding *f;

	if (findings_of(s->store, k, s->now_ms, most, s->a, &f, &n, more, &s->err))
		return s->err.fault;
	for (int i = 0; i < n; i++) {
		put_text(s->sheet, finding_name(k));
		put_text(s->sheet, f[i].account_name);
		put_text(s->sheet, f[i].sku);
		put_text(s->sheet, f[i].text);
		put_text(s->sheet, f[i].candidates);
		put_id(s->sheet, f[i].offer);
	}
	return OK;
}

static enum fault print_findings(struct session *s, enum finding_kind only)
{
	enum fault f = OK;
	bool more = false, any = false;

	sheet_table(session_sheet(s, false), "faults", COLUMNS(finding_columns));
	for (int k = 0; k < FINDINGS && !f; k++)
		if (only == FINDINGS || (int)only == k) {
			f = put_findings(s, (enum finding_kind)k, &more);
			any |= more;
		}
	if (!f && any)
		fprintf(stderr, "tallyman map: there are more than %d of a kind; --limit and the kind's name narrow it down\n", FOUND_MOST);
	return f;
}

/* ---- saying it ---- */

static void put_line(struct session *s, struct intent *in, int64_t account, int64_t item, int64_t pack, const char *sku)
{
	fields_put(&in->payload, "map", arena_printf(s->a, "%" PRId64 ":%" PRId64 ":%" PRId64 ":%s", account, pack, item, sku));
}

static int map_one(struct session *s, bool drop)
{
	struct intent in = { .kind = INTENT_MAP, .payload = fields_new(s->a), .subject = s->o.word[2] };
	int64_t item = 0, pack = s->o.pack < 0 ? 1 : s->o.pack;
	struct account_row account;

	if (pack < 1 || pack > PACK_MOST)
		return session_leave(s, command_misused("map", "a pack holds 1 to %d eaches", PACK_MOST));
	if (account_by_name(s->store, s->o.word[1], s->a, &account, &s->err) ||
	    (!drop && one_found(s, s->o.word[3], FOUND_ITEM, "item", &item)))
		return session_end(s, FAULT_REFUSED);
	put_line(s, &in, account.id, item, pack, s->o.word[2]);
	return intent_run(s, &in);
}

/* ---- words ---- */

static int misused(struct session *s, const char *text)
{
	return session_leave(s, command_misused("map", "%s", text));
}

int cmd_map(int argc, char **argv)
{
	struct session s;
	int status = session_begin(argc, argv, TAKES_SHAPE | TAKES_LIMIT | TAKES_ALL | TAKES_CONFIRM | TAKES_REASON | TAKES_PACK, 0, 3 + KIT_PARTS, &s);
	const char *verb = status < 0 && s.o.words ? s.o.word[0] : "";
	enum finding_kind kind = FINDINGS;
	static const struct {
		const char *verb;
		int least, most;
	} verbs[] = { { "", 0, 0 }, { "show", 2, 2 }, { "faults", 1, 2 }, { "set", 4, 4 }, { "drop", 3, 3 }, { "import", 2, 2 },
	             { "kits", 1, 1 }, { "kit", 3, 3 + KIT_PARTS } };
	size_t v = 0;

	if (status >= 0)
		return status;
	while (v < sizeof verbs / sizeof *verbs && strcmp(verbs[v].verb, verb))
		v++;
	if (v == sizeof verbs / sizeof *verbs && s.o.words == 1) { /* a SKU alone is shown */
		status = session_store(&s);
		return status >= 0 ? status : session_end(&s, print_one(&s, verb));
	}
	if (v == sizeof verbs / sizeof *verbs)
		return misused(&s, "a SKU, or show, faults, set, drop, kits, kit, import");
	if (s.o.words < verbs[v].least || s.o.words > verbs[v].most)
		return misused(&s, "words are missing, or too many");
	if (!strcmp(verb, "faults") && s.o.words == 2 && (kind = finding_from_name(s.o.word[1])) == FINDINGS)
		return misused(&s, "one of unmapped, ambiguous, case, duplicate, orphan, number, young");
	status = session_store(&s);
	if (status >= 0)
		return status;
	switch (v) {
	case 0:
		return session_end(&s, print_all(&s));
	case 1:
		return session_end(&s, print_one(&s, s.o.word[1]));
	case 2:
		return session_end(&s, print_findings(&s, kind));
	case 5:
		return map_import(&s);
	case 6:
		return session_end(&s, kits_print(&s));
	case 7:
		return map_kit(&s);
	default:
		return map_one(&s, !strcmp(verb, "drop"));
	}
}
