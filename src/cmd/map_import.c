/* map_import.c: a table of mappings or of kits, taken whole or not at all. */
#include "cmd/map.h"

#include "base/csv.h"
#include "base/text.h"
#include "cmd/send.h"
#include "trade/accounts.h"
#include "trade/inventory.h"
#include "trade/kits.h"
#include "trade/mapping.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { FILE_MOST = 64 * 1024 * 1024, BATCH = 300 };

struct import {
	struct session *s;
	struct csv csv;
	int account, sku, item, pack; /* columns of a table of mappings */
	int kit, part, qty;           /* and of one of kits */
	int needed;                   /* so many fields a row has, or it was cut off */
	struct account_row *accounts;
	int n_accounts;
	const char **line;            /* of the intent, in the file's order */
	const char **of;              /* and the SKU that each is about */
	int *at;                      /* and where it stands */
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
	return out->len > FILE_MOST ? err_set(&s->err, FAULT_REFUSED, "%.130s is larger than 64 MiB: import it in parts", path) : OK;
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

static bool is_of_kits(const struct import *im)
{
	return im->kit >= 0;
}

static bool is_account(const struct import *im, const char *name)
{
	for (int i = 0; i < im->n_accounts; i++)
		if (!strcmp(im->accounts[i].name, name))
			return true;
	return false;
}

/* A name that starts with # and is in no quotes: the line would silently be none. */
static enum fault look_at_remark(struct import *im, const struct csv_row *row)
{
	int64_t n;

	if (is_of_kits(im) ? !text_int(csv_field(row, im->qty), 1, KIT_QTY, &n) : !is_account(im, csv_field(row, im->account)))
		return OK;
	return wrong(im, row, "a row that starts with #: put a name that does so in quotes, or take the line out");
}

/* What is missing is not empty: that would take a mapping back. */
static enum fault look_at_end(struct import *im, const struct csv_row *row)
{
	return row->n >= im->needed ? OK : wrong(im, row, "the line ends early, as in a file that was cut off: an empty field has its comma");
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
	im->at[im->lines] = row->line;
	im->of[im->lines] = sku;
	im->line[im->lines++] = arena_printf(im->s->a, "%" PRId64 ":%" PRId64 ":%" PRId64 ":%s", account->id, eaches, found.id, sku);
	return OK;
}

static enum fault take_kit_row(struct import *im, const struct csv_row *row)
{
	const char *kit = plain(csv_field(row, im->kit)), *part = plain(csv_field(row, im->part)), *qty = csv_field(row, im->qty);
	struct item found = { 0 };
	int64_t n = 0;

	if (!*kit || !text_utf8(kit, strlen(kit)) || strlen(kit) > 100)
		return wrong(im, row, "the kit's SKU is missing, longer than 100 bytes or not UTF-8");
	if (!*part != !*qty || (*qty && !text_int(qty, 1, KIT_QTY, &n)))
		return wrong(im, row, "a part goes with a whole number from 1 to 10000 (both empty: it is no kit any more)");
	if (*part && item_get(im->s->store, part, im->s->a, &found, &im->s->err))
		return wrong(im, row, arena_printf(im->s->a, "there is no item %.80s", part));
	for (int i = 0; i + 1 < im->lines; i++)
		if (!strcmp(im->of[i], kit) && strcmp(im->of[im->lines - 1], kit))
			return wrong(im, row, "the parts of a kit stand together");
	im->at[im->lines] = row->line;
	im->of[im->lines] = kit;
	im->line[im->lines++] = arena_printf(im->s->a, "%" PRId64 ":%" PRId64 ":%s", n, found.id, kit);
	return OK;
}

static int needed(const struct import *im)
{
	const int column[] = { im->account, im->sku, im->item, im->pack, im->kit, im->part, im->qty };
	int last = -1;

	for (size_t i = is_of_kits(im) ? 4 : 0; i < (is_of_kits(im) ? 7u : 4u); i++)
		last = column[i] > last ? column[i] : last;
	return last + 1;
}

/* Which of the two tables is it? */
static enum fault find_columns(struct import *im)
{
	im->account = csv_column(&im->csv, "account");
	im->sku = csv_column(&im->csv, "sku");
	im->item = csv_column(&im->csv, "item");
	im->pack = csv_column(&im->csv, "pack");
	im->kit = csv_column(&im->csv, "kit");
	im->part = csv_column(&im->csv, "part");
	im->qty = csv_column(&im->csv, "qty");
	im->needed = needed(im);
	if (is_of_kits(im) ? im->part >= 0 && im->qty >= 0 : im->account >= 0 && im->sku >= 0 && im->item >= 0)
		return OK;
	return err_set(&im->s->err, FAULT_FORMAT, "%.80s:1: the header needs the columns account, sku and item (and may have pack), or kit, part and qty",
	               im->csv.name);
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
	if (!f)
		f = find_columns(im);
	if (f)
		return f;
	im->line = arena_alloc(s->a, (size_t)(im->csv.rows + 1) * sizeof *im->line);
	im->at = arena_alloc(s->a, (size_t)(im->csv.rows + 1) * sizeof *im->at);
	im->of = arena_alloc(s->a, (size_t)(im->csv.rows + 1) * sizeof *im->of);
	for (int i = 0; i < im->csv.remarks && !f; i++)
		f = look_at_remark(im, &im->csv.remark[i]);
	for (int i = 0; i < im->csv.rows && !f; i++) {
		const struct csv_row *row = &im->csv.row[i];

		f = look_at_end(im, row);
		if (!f)
			f = is_of_kits(im) ? take_kit_row(im, row) : take_row(im, row);
	}
	return f;
}

/* The first line that the next message has no room for; a kit is not cut in two. */
static int batch_end(const struct import *im, int from)
{
	int to = from + BATCH < im->lines ? from + BATCH : im->lines;

	while (is_of_kits(im) && to < im->lines && to > from + 1 && !strcmp(im->of[to], im->of[to - 1]))
		to--;
	return to;
}

static struct intent intent_of(struct import *im, int from, int to)
{
	struct intent in = { .kind = is_of_kits(im) ? INTENT_KIT : INTENT_MAP, .payload = fields_new(im->s->a), .subject = im->csv.name };

	fields_put(&in.payload, "by", "import");
	for (int i = from; i < to; i++)
		fields_put(&in.payload, is_of_kits(im) ? "kit" : "map", im->line[i]);
	return in;
}

/* Mappings or kits of a part: so many steps a plan of it has, and what is so already. */
static int subjects(const struct import *im, int from, int to)
{
	int n = 0;

	for (int i = from; i < to; i++)
		n += !is_of_kits(im) || i == from || strcmp(im->of[i], im->of[i - 1]) != 0;
	return n;
}

static enum fault refused(struct import *im, int from, int to, int done)
{
	const char *why = arena_strdup(im->s->a, im->s->err.text);

	return err_set(&im->s->err, FAULT_REFUSED, "%.60s:%d-%d: %.120s; %d before it were mapped and stay", im->csv.name, im->at[from], im->at[to - 1], why, done);
}

/* More rows than one message holds: the person confirmed the whole, and each part is the engine's plan of its own. */
static enum fault send_part(struct import *im, int from, int to, int *done)
{
	struct session *s = im->s;
	struct intent in = intent_of(im, from, to);
	struct answered a = { 0 };
	struct plan p;

	in.why = s->o.reason ? s->o.reason : "";
	if (plan_make(s->store, &in, s->now_ms, s->a, &p, &s->err)) {
		if (s->err.fault != FAULT_REFUSED)
			return s->err.fault;
		return !p.steps && p.skips == subjects(im, from, to) ? OK : refused(im, from, to, *done); /* OK: all of it is so already */
	}
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
	for (int i = 0, to; i < im->lines && !f; i = to) {
		to = batch_end(im, i);
		f = send_part(im, i, to, &done);
	}
	if (!f)
		printf("%d %s mapped\n", done, is_of_kits(im) ? "kits" : "SKUs");
	return session_end(s, f);
}

int map_import(struct session *s)
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
