#include "trade/alert_rules.h"

#include "base/asset.h"
#include "base/csv.h"
#include "base/text.h"

#include <assert.h>
#include <string.h>

static struct csv table(struct arena *a, const char *name)
{
	struct csv csv;
	struct err err;
	size_t n = 0;
	const char *text = asset_get(a, name, &n);
	bool read = text && !csv_read(a, name, text, n, &csv, &err);

	assert(read && "data/alerts.csv, data/runbooks.csv"); /* parts of the program: broken, nobody would be told of anything */
	return csv;
}

static const char *cell(const struct csv *csv, int row, const char *name)
{
	return csv_field(&csv->row[row], csv_column(csv, name));
}

static int64_t seconds(const struct csv *csv, int row, const char *name)
{
	int64_t s;

	return text_int(cell(csv, row, name), 0, 366 * 86400, &s) ? s * 1000 : 0;
}

static int rank(const struct csv *csv, int row, const char *name)
{
	int64_t n;

	return text_int(cell(csv, row, name), 0, 9, &n) ? (int)n : 0;
}

static bool says(const struct csv *csv, int row, const char *name, const char *word)
{
	return !strcmp(cell(csv, row, name), word);
}

static struct alert_rule read_rule(const struct csv *csv, int row)
{
	const char *severity = cell(csv, row, "severity");

	return (struct alert_rule){
		.kind = cell(csv, row, "kind"),
		.title = cell(csv, row, "title"),
		.severity = strchr(severity, '-') ? "" : severity,
		.owner = cell(csv, row, "owner"),
		.card = cell(csv, row, "card"),
		.noise = cell(csv, row, "noise"),
		.fold = says(csv, row, "fold", "account") ? FOLD_ACCOUNT : says(csv, row, "fold", "kind") ? FOLD_KIND : FOLD_NONE,
		.root = rank(csv, row, "root"),
		.person = says(csv, row, "ends", "person"),
		.tells = says(csv, row, "tells", "yes"),
		.debounce_ms = seconds(csv, row, "debounce_s"),
		.expires_ms = seconds(csv, row, "expires_s"),
	};
}

int alert_rules(struct arena *a, struct alert_rule **out)
{
	struct csv csv = table(a, "data/alerts.csv");

	*out = arena_alloc(a, (size_t)(csv.rows + 1) * sizeof **out);
	for (int i = 0; i < csv.rows; i++)
		(*out)[i] = read_rule(&csv, i);
	assert(csv.rows && !strcmp((*out)[csv.rows - 1].kind, "*"));
	return csv.rows;
}

struct alert_rule alert_rule_of(struct arena *a, const char *kind)
{
	struct csv csv = table(a, "data/alerts.csv");
	int row = 0;

	while (row < csv.rows - 1 && strcmp(cell(&csv, row, "kind"), kind))
		row++;
	return read_rule(&csv, row);
}

int card_steps(struct arena *a, const char *card, struct card_step **out)
{
	struct csv csv = table(a, "data/runbooks.csv");
	int n = 0;

	*out = arena_alloc(a, (size_t)(csv.rows + 1) * sizeof **out);
	for (int i = 0; i < csv.rows; i++)
		if (says(&csv, i, "card", card)) {
			(*out)[n] = (struct card_step){ n + 1, cell(&csv, i, "does"), cell(&csv, i, "text"), cell(&csv, i, "key") };
			n++;
		}
	return n;
}
