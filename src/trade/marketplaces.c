#include "trade/marketplaces.h"

#include "base/asset.h"
#include "base/csv.h"

#include <assert.h>
#include <stdbool.h>
#include <string.h>
#include <strings.h>

static const char *word_of(struct arena *a, const char *id)
{
	struct csv csv;
	struct err err;
	size_t n = 0;
	const char *text = asset_get(a, "data/marketplaces.csv", &n);
	bool read = text && !csv_read(a, "data/marketplaces.csv", text, n, &csv, &err);

	assert(read && "data/marketplaces.csv");
	for (int i = 0; i < csv.rows; i++)
		if (!strcmp(csv_field(&csv.row[i], csv_column(&csv, "id")), id))
			return csv_field(&csv.row[i], csv_column(&csv, "word"));
	return id;
}

/* "walmart-us" and "US" */
static bool is_named_for(const char *account, const char *word)
{
	size_t n = strlen(account), w = strlen(word);

	return n > w && account[n - w - 1] == '-' && !strcasecmp(account + n - w, word);
}

const char *marketplace_say(struct arena *a, const char *account, const char *marketplace)
{
	const char *word = *marketplace ? word_of(a, marketplace) : "";

	return *word && !is_named_for(account, word) ? arena_printf(a, "%s %s", account, word) : account;
}
