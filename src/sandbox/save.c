/*
 * save.c: the whole world in one text file, so that a demo survives a restart.
 *
 * Every array is rows of integers; which members of a struct they are stands in one table each. The texts
 * come last, one a line, percent-encoded.
 */
#include "sandbox/world.h"

#include "base/text.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { VERSION = 4, FIELDS_MAX = 32 };

struct field {
	size_t at, size;
};

#define F(type, member) { offsetof(struct type, member), sizeof(((struct type *)0)->member) }

struct table {
	const char *name;
	size_t size, items, n, cap; /* of a row; where world keeps the array, its length and its room */
	struct field field[FIELDS_MAX];
};

#define T(type, members) #members, sizeof(struct type), offsetof(struct world, type), offsetof(struct world, members), offsetof(struct world, type##_cap)

static const struct table tables[] = {
	{ T(product, products),
	  { F(product, sku), F(product, name), F(product, kind), F(product, gtin), F(product, asin), F(product, price_minor), F(product, weight_g),
	    F(product, rate), F(product, shelf), F(product, owed), F(product, coming), F(product, group), F(product, coming_to),
	    F(product, damaged), F(product, held), F(product, at[DEPOT_FILE]), F(product, at[DEPOT_RENO]), F(product, at[DEPOT_OHIO]),
	    F(product, at[DEPOT_HARBOR]), F(product, at[DEPOT_OAKLAND]), F(product, busy[DEPOT_FILE]), F(product, busy[DEPOT_RENO]),
	    F(product, busy[DEPOT_OHIO]), F(product, busy[DEPOT_HARBOR]), F(product, busy[DEPOT_OAKLAND]), F(product, believed[DEPOT_HARBOR]),
	    F(product, believed[DEPOT_OAKLAND]), F(product, retired), F(product, part[0]), F(product, part[1]),
	    F(product, each[0]), F(product, each[1]) } },
	{ T(listing, listings),
	  { F(listing, product), F(listing, place), F(listing, shown), F(listing, reserved), F(listing, said), F(listing, said_seq),
	    F(listing, shown_seq), F(listing, lead_days), F(listing, changed_ms), F(listing, wrong_ms), F(listing, unsaid_ms), F(listing, total), F(listing, offered),
	    F(listing, flags), F(listing, revisions), F(listing, revised_day) } },
	{ T(push, pushes), { F(push, listing), F(push, qty), F(push, seq), F(push, dropped) } },
	{ T(order, orders),
	  { F(order, placed_ms), F(order, touched_ms), F(order, acked_ms), F(order, ship_by_ms), F(order, buyer), F(order, line), F(order, touch),
	    F(order, outbound), F(order, lines), F(order, place), F(order, flags), F(order, reason) } },
	{ T(line, lines),
	  { F(line, product), F(line, order), F(line, price_minor), F(line, shipment), F(line, qty), F(line, cancelled), F(line, shipped),
	    F(line, seen), F(line, delivered), F(line, oversold), F(line, left), F(line, busy), F(line, depot),
	    F(line, status_ms) } },
	{ T(shipment, shipments),
	  { F(shipment, line), F(shipment, next), F(shipment, label), F(shipment, qty), F(shipment, seen), F(shipment, shipped_ms),
	    F(shipment, delivered_ms) } },
	{ T(label, labels),
	  { F(label, carrier), F(label, other_carrier), F(label, tracking), F(label, url), F(label, method), F(label, ref) } },
	{ T(touch, touches), { F(touch, at_ms), F(touch, order), F(touch, serial) } },
	{ T(event, events), { F(event, at_ms), F(event, seq), F(event, kind), F(event, subject) } },
	{ T(effect, effects),
	  { F(effect, at_ms), F(effect, kind), F(effect, place), F(effect, subject), F(effect, detail), F(effect, correlation), F(effect, qty),
	    F(effect, before) } },
	{ T(feed, feeds),
	  { F(feed, id), F(feed, type), F(feed, file), F(feed, at_ms), F(feed, modified_ms), F(feed, due_ms), F(feed, state), F(feed, first),
	    F(feed, items), F(feed, begin_ms), F(feed, platform), F(feed, place) } },
	{ T(once, onces), { F(once, key), F(once, at_ms), F(once, digest), F(once, first), F(once, n), F(once, failed) } },
	{ T(once_change, once_changes), { F(once_change, listing), F(once_change, delta), F(once_change, after) } },
	{ T(feed_item, feed_items), { F(feed_item, sku), F(feed_item, code), F(feed_item, description), F(feed_item, type), F(feed_item, push),
	    F(feed_item, pushes), F(feed_item, message) } },
	{ T(document, documents), { F(document, id), F(document, type), F(document, body), F(document, made_ms) } },
	{ T(outbound, outbounds),
	  { F(outbound, made_ms), F(outbound, changed_ms), F(outbound, packed_ms), F(outbound, dispatched_ms), F(outbound, order), F(outbound, depot),
	    F(outbound, status), F(outbound, tracking) } },
	{ T(report, reports),
	  { F(report, at_ms), F(report, due_ms), F(report, serial), F(report, depot), F(report, page), F(report, first), F(report, items), F(report, by),
	    F(report, failure) } },
	{ T(report_item, report_items),
	  { F(report_item, product), F(report_item, status), F(report_item, unit), F(report_item, qty), F(report_item, free), F(report_item, busy),
	    F(report_item, coming) } },
};

enum { TABLES = sizeof tables / sizeof *tables };

/* The world's own numbers, all of 64 bits. */
#define NUMBERS 17

static void numbers_take(const struct world *w, int64_t out[NUMBERS])
{
	const int64_t n[NUMBERS] = { (int64_t)w->opt.seed, w->opt.skus,        w->opt.orders,           w->opt.orders_a_day,    w->opt.epoch_ms,
		                     w->opt.list_cap,      w->opt.settle_pct,  w->opt.demo,             w->now_ms,              w->next_buyer_ms,
		                     (int64_t)w->demand.s[0], (int64_t)w->demand.s[1], (int64_t)w->chance.s[0], (int64_t)w->chance.s[1],
		                     w->opt.sells,         w->opt.depots,      w->reports_made };

	memcpy(out, n, sizeof n);
}

static void numbers_put(struct world *w, const int64_t n[NUMBERS])
{
	w->opt = (struct world_options){ .seed = (uint64_t)n[0], .skus = (int)n[1],        .orders = (int)n[2],     .orders_a_day = (int)n[3],
		                         .epoch_ms = n[4],       .list_cap = (int)n[5],    .settle_pct = (int)n[6], .demo = n[7] != 0,
		                         .sells = (unsigned)n[14] };
	w->now_ms = n[8];
	w->next_buyer_ms = n[9];
	w->demand = (struct rng){ { (uint64_t)n[10], (uint64_t)n[11] }, 0 };
	w->chance = (struct rng){ { (uint64_t)n[12], (uint64_t)n[13] }, 0 };
	w->opt.depots = n[15] != 0;
	w->reports_made = (int32_t)n[16];
}

/* ---- writing ---- */

/* Every integer fits in 64 bits; how a small one is read back depends on its size alone. */
static int64_t field_get(const char *row, const struct field *f)
{
	uint64_t bits = 0;

	memcpy(&bits, row + f->at, f->size); /* little-endian, as every machine that we build for */
	if (f->size == 1)
		return (int64_t)bits;
	if (f->size == 2)
		return (int16_t)bits;
	return f->size == 4 ? (int32_t)bits : (int64_t)bits;
}

static void table_write(FILE *f, const struct world *w, const struct table *t)
{
	char *const *items = (char *const *)(const void *)((const char *)w + t->items);
	const int *n = (const int *)(const void *)((const char *)w + t->n);

	fprintf(f, "%s %d\n", t->name, *n);
	for (int i = 0; i < *n; i++)
		for (int k = 0; k < FIELDS_MAX && t->field[k].size; k++)
			fprintf(f, "%" PRId64 "%c", field_get(*items + (size_t)i * t->size, &t->field[k]),
			        k + 1 < FIELDS_MAX && t->field[k + 1].size ? ' ' : '\n');
}

static void texts_write(FILE *f, const struct world *w)
{
	fprintf(f, "texts %d\n", w->texts);
	for (int i = 0; i < w->texts; i++) {
		for (const char *s = w->text[i]; *s; s++) {
			if ((unsigned char)*s <= ' ' || *s == '%' || *s == 0x7f)
				fprintf(f, "%%%02X", (unsigned)(unsigned char)*s);
			else
				fputc(*s, f);
		}
		fputc('\n', f);
	}
}

static void world_write(FILE *f, const struct world *w)
{
	int64_t number[NUMBERS];

	numbers_take(w, number);
	fprintf(f, "tallyman-sandbox %d\n", VERSION);
	for (int i = 0; i < NUMBERS; i++)
		fprintf(f, "%" PRId64 "%c", number[i], i + 1 < NUMBERS ? ' ' : '\n');
	fprintf(f, "%" PRIu32 " %" PRIu32 " %d %d\n", w->seq, w->serial, w->forbidden, w->endless);
	for (int i = 0; i < COUNTS; i++)
		fprintf(f, "%s %" PRId64 "\n", count_names[i], w->count[i]);
	for (int i = 0; i < TABLES; i++)
		table_write(f, w, &tables[i]);
	texts_write(f, w);
	fputs("end\n", f);
}

enum fault world_save(const struct world *w, const char *path, struct err *err)
{
	struct arena *a = arena_new();
	const char *beside = arena_printf(a, "%s.new", path);
	FILE *f = fopen(beside, "we");
	bool ok = f != NULL;

	if (f) {
		world_write(f, w);
		ok = fflush(f) == 0 && fsync(fileno(f)) == 0;
		ok = fclose(f) == 0 && ok;
	}
	ok = ok && rename(beside, path) == 0;
	if (!ok)
		err_set(err, FAULT_STORE, "sandbox: cannot save %s: %s", path, strerror(errno));
	arena_free(a);
	return ok ? OK : FAULT_STORE;
}

/* ---- reading ---- */

static bool numbers_read(FILE *f, int64_t *out, int n)
{
	for (int i = 0; i < n; i++)
		if (fscanf(f, "%" SCNd64, &out[i]) != 1)
			return false;
	return true;
}

static bool counts_read(FILE *f, struct world *w)
{
	for (int i = 0; i < COUNTS; i++) {
		char name[40];

		if (fscanf(f, "%39s %" SCNd64, name, &w->count[i]) != 2 || strcmp(name, count_names[i]) != 0)
			return false;
	}
	return true;
}

static bool heading_read(FILE *f, const char *want, int *n)
{
	char name[40];

	return fscanf(f, "%39s %d", name, n) == 2 && strcmp(name, want) == 0 && *n >= 0 && *n <= 100000000;
}

static bool table_read(FILE *f, struct world *w, const struct table *t)
{
	char **items = (char **)(void *)((char *)w + t->items);
	int *n = (int *)(void *)((char *)w + t->n), *cap = (int *)(void *)((char *)w + t->cap);

	if (!heading_read(f, t->name, n))
		return false;
	*cap = *n + 64;
	*items = calloc((size_t)*cap, t->size);
	if (!*items)
		abort();
	for (int i = 0; i < *n; i++)
		for (int k = 0; k < FIELDS_MAX && t->field[k].size; k++) {
			int64_t v;

			if (!numbers_read(f, &v, 1))
				return false;
			memcpy(*items + (size_t)i * t->size + t->field[k].at, &v, t->field[k].size);
		}
	return true;
}

static bool texts_read(FILE *f, struct world *w)
{
	char *line = NULL;
	size_t room = 0;
	int n;
	bool ok = heading_read(f, "texts", &n) && fgetc(f) == '\n';

	for (int i = 0; ok && i < n; i++) {
		char *to, *from;

		ok = getline(&line, &room, f) > 0;
		if (!ok)
			break;
		for (to = from = line; *from && *from != '\n'; to++, from++) {
			unsigned c = 0;

			*to = *from;
			if (*from == '%' && sscanf(from + 1, "%2x", &c) == 1) {
				*to = (char)c;
				from += 2;
			}
		}
		*to = '\0';
		w->text = world_room(w->text, w->texts, &w->text_cap, sizeof *w->text);
		w->text[w->texts++] = arena_strdup(w->arena, line);
	}
	free(line);
	return ok && n > 0;
}

static bool feeds_sound(const struct world *w)
{
	for (int i = 0; i < w->feeds; i++)
		if (w->feed[i].first < 0 || w->feed[i].items < 0 || w->feed[i].first + w->feed[i].items > w->feed_items || w->feed[i].state < 0 ||
		    w->feed[i].state > FEED_CANCELLED || w->feed[i].place < 0 || w->feed[i].place >= PLACES || w->feed[i].id >= (uint32_t)w->texts)
			return false;
	for (int i = 0; i < w->feed_items; i++)
		if (w->feed_item[i].pushes < 0 || w->feed_item[i].push < 0 || w->feed_item[i].push + w->feed_item[i].pushes > w->pushes ||
		    (unsigned)w->feed_item[i].type > ITEM_TIMEOUT_ERROR)
			return false;
	for (int i = 0; i < w->documents; i++)
		if (w->document[i].id >= (uint32_t)w->texts || w->document[i].type >= (uint32_t)w->texts || w->document[i].body >= (uint32_t)w->texts)
			return false;
	return true;
}

static bool depots_sound(const struct world *w)
{
	for (int i = 0; i < w->products; i++)
		if (w->product[i].coming_to < 0 || w->product[i].coming_to >= DEPOTS)
			return false;
	for (int i = 0; i < w->outbounds; i++)
		if (w->outbound[i].order < 0 || w->outbound[i].order >= w->orders || w->outbound[i].depot < 0 || w->outbound[i].depot >= DEPOTS ||
		    w->outbound[i].status < 0 || w->outbound[i].status > OUT_DELETED || w->outbound[i].tracking >= (uint32_t)w->texts)
			return false;
	for (int i = 0; i < w->reports; i++)
		if (w->report[i].first < 0 || w->report[i].items < 0 || w->report[i].first + w->report[i].items > w->report_items ||
		    w->report[i].failure >= (uint32_t)w->texts || w->report[i].page < 1)
			return false;
	for (int i = 0; i < w->report_items; i++)
		if (w->report_item[i].product < 0 || w->report_item[i].product >= w->products || (unsigned)w->report_item[i].unit > 2 ||
		    (unsigned)w->report_item[i].status > 2)
			return false;
	return true;
}

/* Do all numbers of rows and texts lead somewhere? A file may have been edited. */
static bool world_sound(const struct world *w)
{
	for (int i = 0; i < w->products; i++)
		if (w->product[i].sku >= (uint32_t)w->texts || w->product[i].name >= (uint32_t)w->texts || w->product[i].kind >= (uint32_t)w->texts ||
		    w->product[i].asin >= (uint32_t)w->texts || w->product[i].group > i)
			return false;
	for (int i = 0; i < w->listings; i++)
		if (w->listing[i].product < 0 || w->listing[i].product >= w->products || w->listing[i].place < 0 || w->listing[i].place >= PLACES)
			return false;
	for (int i = 0; i < w->orders; i++)
		if (w->order[i].line < 0 || w->order[i].line + w->order[i].lines > w->lines || w->order[i].place >= PLACES ||
		    w->order[i].outbound < -1 || w->order[i].outbound >= w->outbounds)
			return false;
	for (int i = 0; i < w->lines; i++)
		if (w->line[i].product < 0 || w->line[i].product >= w->products || w->line[i].order < 0 || w->line[i].order >= w->orders ||
		    w->line[i].shipment >= w->shipments || w->line[i].depot < -1 || w->line[i].depot >= DEPOTS)
			return false;
	for (int i = 0; i < w->shipments; i++)
		if (w->shipment[i].line < 0 || w->shipment[i].line >= w->lines || w->shipment[i].next >= i || w->shipment[i].label < 0 ||
		    w->shipment[i].label >= w->labels)
			return false;
	for (int i = 0; i < w->onces; i++)
		if (w->once[i].key >= (uint32_t)w->texts || w->once[i].first < 0 || w->once[i].n < 0 || w->once[i].first > w->once_changes - w->once[i].n)
			return false;
	for (int i = 0; i < w->once_changes; i++)
		if (w->once_change[i].listing < 0 || w->once_change[i].listing >= w->listings)
			return false;
	for (int i = 0; i < w->touches; i++)
		if (w->touch[i].order < 0 || w->touch[i].order >= w->orders)
			return false;
	return depots_sound(w) && feeds_sound(w);
}

static bool world_read(FILE *f, struct world *w)
{
	int64_t number[NUMBERS], more[4];
	char end[8];
	int version = 0;

	if (fscanf(f, "tallyman-sandbox %d", &version) != 1 || version != VERSION || !numbers_read(f, number, NUMBERS) || !numbers_read(f, more, 4))
		return false;
	numbers_put(w, number);
	w->seq = (uint32_t)more[0];
	w->serial = (uint32_t)more[1];
	w->forbidden = more[2] != 0;
	w->endless = more[3] != 0;
	if (!counts_read(f, w))
		return false;
	for (int i = 0; i < TABLES; i++)
		if (!table_read(f, w, &tables[i]))
			return false;
	return texts_read(f, w) && fscanf(f, "%7s", end) == 1 && strcmp(end, "end") == 0 && world_sound(w);
}

/* What follows from the rest is not saved. */
static void world_derive(struct world *w)
{
	for (int i = 0; i < w->products; i++)
		for (enum place p = 0; p < PLACES; p++)
			w->product[i].listing[p] = -1;
	for (int i = 0; i < w->listings; i++)
		w->product[w->listing[i].product].listing[w->listing[i].place] = i;
	catalog_weigh(w);
}

enum fault world_load(const char *path, struct world **out, struct err *err)
{
	FILE *f = fopen(path, "re");
	struct world *w;
	bool ok;

	*out = NULL;
	if (!f)
		return errno == ENOENT ? OK : err_set(err, FAULT_STORE, "sandbox: cannot read %s: %s", path, strerror(errno));
	w = calloc(1, sizeof *w);
	if (!w)
		abort();
	w->arena = arena_new();
	ok = world_read(f, w);
	fclose(f);
	if (!ok) {
		world_close(w);
		return err_set(err, FAULT_FORMAT, "sandbox: %s is no saved world of this version; move it away to begin anew", path);
	}
	world_derive(w);
	*out = w;
	return OK;
}
