/*
 * tallyman map: which item a SKU of an account stands for. `tallyman map --all --csv` is the table that `tallyman map import` takes.
 */
#include "cmd/print.h"
#include "cmd/send.h"
#include "cmd/session.h"
#include "base/csv.h"
#include "base/text.h"
#include "trade/accounts.h"
#include "trade/inventory.h"
#include "trade/mapping.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FILE_MOST = 64 * 1024 * 1024, BATCH = 300, FOUND_MOST = 1000 };

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
		if (f[i].offer)
			put_int(s->sheet, f[i].offer);
		else
			put_none(s->sheet);
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

/* ---- a table of them ---- */

struct import {
	struct session *s;
	struct csv csv;
	int account, sku, item, pack; /* columns */
	struct account_row *accounts;
	int n_accounts;
	const char **line;            /* of the intent, in the file's order */
	int lines;
};

static enum fault read_file(struct session *s, const char *path, struct buf *out)
{
	FILE *f = fopen(path, "re");
	char chunk[16384];
	size_t n;

	if (!f)
		return err_set(&s->err, FAULT_REFUSED, "%.150s: %s", path, strerror(errno));
	while ((n = fread(chunk, 1, sizeof chunk, f)) > 0 && out->len <= FILE_MOST)
		buf_add(out, chunk, n);
	fclose(f);
	return out->len > FILE_MOST ? err_set(&s->err, FAULT_REFUSED, "%.150s is larger than 64 MiB", path) : OK;
}

/* What the export put before a text that a spreadsheet would take for a formula. */
static const char *plain(const char *field)
{
	return field[0] == '\'' && field[1] && strchr("=+-@\t", field[1]) ? field + 1 : field;
}

static enum fault wrong(struct import *im, const struct csv_row *row, const char *text)
{
	return err_set(&im->s->err, FAULT_REFUSED, "%.80s:%d: %.160s: nothing of the file is taken", im->csv.name, row->line, text);
}

static enum fault take_row(struct import *im, const struct csv_row *row)
{
	const char *name = csv_field(row, im->account), *sku = plain(csv_field(row, im->sku)), *item = plain(csv_field(row, im->item));
	const char *pack = csv_field(row, im->pack);
	const struct account_row *account = NULL;
	struct item found = { 0 };
	int64_t eaches = 1;

	for (int i = 0; i < im->n_accounts; i++)
		if (!strcmp(im->accounts[i].name, name))
			account = &im->accounts[i];
	if (!account)
		return wrong(im, row, *name ? arena_printf(im->s->a, "there is no account %.60s", name) : "the account is missing");
	if (!*sku || !text_utf8(sku, strlen(sku)) || strlen(sku) > 100)
		return wrong(im, row, "the SKU is missing, longer than 100 bytes or not UTF-8");
	if (*pack && !text_int(pack, 1, PACK_MOST, &eaches))
		return wrong(im, row, "the pack is no whole number from 1 to 10000");
	if (*item && item_get(im->s->store, item, im->s->a, &found, &im->s->err))
		return wrong(im, row, arena_printf(im->s->a, "there is no item %.80s", item));
	im->line[im->lines++] = arena_printf(im->s->a, "%" PRId64 ":%" PRId64 ":%" PRId64 ":%s", account->id, eaches, found.id, sku);
	return OK;
}

static enum fault read_import(struct import *im, const char *path)
{
	struct session *s = im->s;
	struct buf text = buf_new(s->a);
	const char *slash = strrchr(path, '/');
	enum fault f = read_file(s, path, &text);

	if (!f)
		f = csv_read(s->a, slash ? slash + 1 : path, text.p, text.len, &im->csv, &s->err);
	if (!f)
		f = accounts_all(s->store, s->a, &im->accounts, &im->n_accounts, &s->err);
	if (f)
		return f;
	im->account = csv_column(&im->csv, "account");
	im->sku = csv_column(&im->csv, "sku");
	im->item = csv_column(&im->csv, "item");
	im->pack = csv_column(&im->csv, "pack");
	if (im->account < 0 || im->sku < 0 || im->item < 0)
		return err_set(&s->err, FAULT_FORMAT, "%.80s:1: the header needs the columns account, sku and item (and may have pack)", im->csv.name);
	im->line = arena_alloc(s->a, (size_t)(im->csv.rows + 1) * sizeof *im->line);
	for (int i = 0; i < im->csv.rows && !f; i++)
		f = take_row(im, &im->csv.row[i]);
	return f;
}

static struct intent intent_of(struct import *im, int from, int to)
{
	struct intent in = { .kind = INTENT_MAP, .payload = fields_new(im->s->a), .subject = im->csv.name };

	fields_put(&in.payload, "by", "import");
	for (int i = from; i < to; i++)
		fields_put(&in.payload, "map", im->line[i]);
	return in;
}

/* More rows than one message holds: the person confirmed the whole, and each part is the engine's plan of its own. */
static enum fault send_part(struct import *im, int from, int to, int *done)
{
	struct session *s = im->s;
	struct intent in = intent_of(im, from, to);
	struct answered a = { 0 };
	struct plan p;

	in.why = s->o.reason ? s->o.reason : "";
	if (plan_make(s->store, &in, s->now_ms, s->a, &p, &s->err))
		return s->err.fault == FAULT_REFUSED ? OK : s->err.fault; /* all of it is so already */
	in.typed = p.line;
	in.digest = p.digest;
	if (intent_send(s, &in, &a))
		return s->err.fault;
	if (!a.done)
		return err_set(&s->err, FAULT_REFUSED, "after %d rows the engine refused: %.160s; what was taken stays, and importing again goes on", *done, a.text);
	*done += p.steps;
	return OK;
}

static int send_parts(struct import *im)
{
	struct session *s = im->s;
	struct intent all = intent_of(im, 0, im->lines);
	enum fault f = OK;
	struct plan p;
	int done = 0;

	if (plan_make(s->store, &all, s->now_ms, s->a, &p, &s->err))
		return session_end(s, s->err.fault);
	if (strcmp(p.line, s->o.confirm)) {
		err_set(&s->err, FAULT_REFUSED, "nothing was changed: the plan is now \"%.120s\", which is not the line given to --confirm", p.line);
		return session_end(s, FAULT_REFUSED);
	}
	for (int i = 0; i < im->lines && !f; i += BATCH)
		f = send_part(im, i, i + BATCH < im->lines ? i + BATCH : im->lines, &done);
	if (!f)
		printf("%d SKUs mapped\n", done);
	return session_end(s, f);
}

static int map_import(struct session *s)
{
	struct import im = { .s = s };
	struct intent all;

	if (read_import(&im, s->o.word[1]))
		return session_end(s, s->err.fault);
	if (s->o.confirm && im.lines > BATCH)
		return send_parts(&im);
	all = intent_of(&im, 0, im.lines);
	return intent_run(s, &all);
}

/* ---- words ---- */

static int misused(struct session *s, const char *text)
{
	return session_leave(s, command_misused("map", "%s", text));
}

int cmd_map(int argc, char **argv)
{
	struct session s;
	int status = session_begin(argc, argv, TAKES_SHAPE | TAKES_LIMIT | TAKES_ALL | TAKES_CONFIRM | TAKES_REASON | TAKES_PACK, 0, 4, &s);
	const char *verb = status < 0 && s.o.words ? s.o.word[0] : "";
	enum finding_kind kind = FINDINGS;
	static const struct {
		const char *verb;
		int least, most;
	} verbs[] = { { "", 0, 0 }, { "show", 2, 2 }, { "faults", 1, 2 }, { "set", 4, 4 }, { "drop", 3, 3 }, { "import", 2, 2 } };
	size_t v = 0;

	if (status >= 0)
		return status;
	while (v < sizeof verbs / sizeof *verbs && strcmp(verbs[v].verb, verb))
		v++;
	if (v == sizeof verbs / sizeof *verbs)
		return misused(&s, "show, faults, set, drop or import");
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
	default:
		return map_one(&s, !strcmp(verb, "drop"));
	}
}
