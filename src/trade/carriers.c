#include "trade/shipments.h"

#include "base/asset.h"
#include "base/csv.h"

#include <assert.h>
#include <regex.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

static struct csv table(struct arena *a)
{
	struct csv csv;
	struct err err;
	size_t n = 0;
	const char *text = asset_get(a, "data/carriers.csv", &n);
	bool read = text && !csv_read(a, "data/carriers.csv", text, n, &csv, &err);

	assert(read && "data/carriers.csv"); /* it is part of the program: broken, it must not ship anything */
	return csv;
}

static const char *column(const struct csv *csv, int row, const char *name)
{
	return csv_field(&csv->row[row], csv_column(csv, name));
}

static void fill(const struct csv *csv, int row, struct carrier *out)
{
	*out = (struct carrier){
		.code = column(csv, row, "code"),
		.name = column(csv, row, "name"),
		.walmart = column(csv, row, "walmart"),
		.amazon = column(csv, row, "amazon"),
		.ebay = column(csv, row, "ebay"),
		.shopify = column(csv, row, "shopify"),
		.url = column(csv, row, "url"),
		.pattern = column(csv, row, "pattern"),
		.never = column(csv, row, "never"),
	};
}

/* "ups mi;mail innovations" */
static bool among(const char *list, const char *word)
{
	size_t n = strlen(word);

	for (const char *p = list; *p;) {
		size_t k = strcspn(p, ";");

		if (k == n && !strncasecmp(p, word, n))
			return true;
		p += k + (p[k] == ';');
	}
	return false;
}

bool carrier_find(struct arena *a, const char *word, struct carrier *out)
{
	struct csv csv = table(a);

	for (int i = 0; word && i < csv.rows; i++)
		if (!strcasecmp(column(&csv, i, "code"), word) || !strcasecmp(column(&csv, i, "name"), word) ||
		    among(column(&csv, i, "aliases"), word)) {
			fill(&csv, i, out);
			return strcmp(out->code, "other") != 0;
		}
	return false;
}

bool carrier_at(struct arena *a, int i, struct carrier *out)
{
	struct csv csv = table(a);

	if (i < 0 || i >= csv.rows)
		return false;
	fill(&csv, i, out);
	return true;
}

/* By the channel's own rule. */
static bool is_forbidden(const struct carrier *c, const char *channel)
{
	return among(c->never, channel);
}

const char *carrier_obstacle(struct arena *a, const struct carrier *c, const char *channel, bool has_url)
{
	if (!c)
		return has_url ? NULL : "the carrier is not in the table: a tracking URL (https://...) is required with it";
	if (is_forbidden(c, channel))
		return arena_printf(a, "%s forbids %s", channel, c->name);
	/* a carrier outside Walmart's closed list goes with a tracking page, and none is invented */
	if (!strcmp(channel, "walmart") && !*c->walmart && !*c->url && !has_url)
		return arena_printf(a, "Walmart has no word of its own for %s: a tracking URL (https://...) is required with it", c->name);
	return NULL;
}

bool carrier_fits(const struct carrier *c, const char *tracking)
{
	char whole[512], packed[80];
	size_t n = 0;
	regex_t re;
	bool fits;

	for (const char *p = tracking; *p && n + 1 < sizeof packed; p++)
		if (*p != ' ' && *p != '-')
			packed[n++] = *p;
	packed[n] = '\0';
	if (!*c->pattern || strlen(c->pattern) + 5 > sizeof whole)
		return true;
	snprintf(whole, sizeof whole, "^(%s)$", c->pattern);
	if (regcomp(&re, whole, REG_EXTENDED | REG_NOSUB | REG_ICASE))
		return true;
	fits = regexec(&re, packed, 0, NULL, 0) == 0;
	regfree(&re);
	return fits;
}

bool carrier_of_number(struct arena *a, const char *tracking, struct carrier *out)
{
	struct csv csv = table(a);
	int found = 0;

	for (int i = 0; i < csv.rows && found < 2; i++) {
		struct carrier c;

		fill(&csv, i, &c);
		if (*c.pattern && carrier_fits(&c, tracking) && ++found == 1)
			*out = c;
	}
	return found == 1;
}
