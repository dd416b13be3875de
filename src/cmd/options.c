#include "cmd/options.h"

#include "base/near.h"
#include "base/text.h"
#include "cmd/cmd.h"

#include <getopt.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

enum kind { TEXT, NUMBER, FLAG, SHAPE, HELP };

struct option_row {
	const char *name, *help;
	unsigned takes; /* 0: every command */
	enum kind kind;
	size_t at;      /* where it goes in struct options */
	int value;      /* SHAPE: which */
};

#define AT(field) offsetof(struct options, field)

static const struct option_row rows[] = {
	{ "config", "FILE: the configuration", 0, TEXT, AT(config), 0 },
	{ "store", "DIR: the store's folder", 0, TEXT, AT(store), 0 },
	{ "help", "what the command takes", 0, HELP, 0, 0 },
	{ "json", "one JSON object, a key for each table", TAKES_SHAPE | TAKES_NOW, SHAPE, AT(shape), SHAPE_JSON },
	{ "csv", "comma-separated values under a line of names", TAKES_SHAPE | TAKES_NOW, SHAPE, AT(shape), SHAPE_CSV },
	{ "plain", "one line a row, to be read aloud", TAKES_SHAPE | TAKES_NOW, SHAPE, AT(shape), SHAPE_PLAIN },
	{ "limit", "N: at most so many rows", TAKES_LIMIT, NUMBER, AT(limit), 0 },
	{ "all", "closed ones too", TAKES_ALL, FLAG, AT(all), 0 },
	{ "sort", "NAME: the order of rows", TAKES_SORT, TEXT, AT(sort), 0 },
	{ "reverse", "the other way round", TAKES_SORT, FLAG, AT(reverse), 0 },
	{ "confirm", "LINE: the line that the plan asks for; without it nothing is changed", TAKES_CONFIRM, TEXT, AT(confirm), 0 },
	{ "reason", "TEXT: why, for the audit", TAKES_REASON, TEXT, AT(reason), 0 },
	{ "carrier", "CODE: carrier, as in data/carriers.csv", TAKES_SHIP, TEXT, AT(carrier), 0 },
	{ "tracking", "NUMBER: tracking number", TAKES_SHIP, TEXT, AT(tracking), 0 },
	{ "url", "URL: tracking page, for a carrier the channel has no word for", TAKES_SHIP, TEXT, AT(url), 0 },
	{ "service", "NAME: shipping service", TAKES_SHIP, TEXT, AT(service), 0 },
	{ "shipped", "TIME: when it left, ISO 8601 with its zone; now by default", TAKES_SHIP, TEXT, AT(shipped), 0 },
	{ "full", "ghost listings, young mappings and what vanished too", TAKES_FULL, FLAG, AT(full), 0 },
	{ "account", "NAME: of one account only", TAKES_ACCOUNT, TEXT, AT(account), 0 },
	{ "place", "NAME: the place that was counted", TAKES_PLACE, TEXT, AT(place), 0 },
	{ "group", "NAME: this group may read the store and ask the engine", TAKES_GROUP, TEXT, AT(group), 0 },
	{ "profile", "production or sandbox", TAKES_GROUP, TEXT, AT(profile), 0 },
	{ "rows", "N: rows the chain must have", TAKES_ANCHOR, NUMBER, AT(rows), 0 },
	{ "head", "HASH: the hash its last row must have", TAKES_ANCHOR, TEXT, AT(head), 0 },
	{ "set", "KEY=VALUE: one key of the configuration otherwise; more may follow as words", TAKES_SET, TEXT, AT(set), 0 },
	{ "days", "N: how far back; with vault rotate, for how long the one before is valid as well", TAKES_DAYS, NUMBER, AT(days), 0 },
	{ "latency", "MINUTES: from a sale elsewhere to the quantity that is shown", TAKES_LATENCY, NUMBER, AT(latency), 0 },
	{ "at", "TIME: as it was known then; nothing can be decided", TAKES_SHAPE, TEXT, AT(at), 0 },
	{ "hindsight", "with --at: as it was then by what is known now", TAKES_SHAPE, FLAG, AT(hindsight), 0 },
	{ "since", "TIME: from then on, ISO 8601 with its zone", TAKES_SPAN, TEXT, AT(since), 0 },
	{ "until", "TIME: as far as then; now by default", TAKES_SPAN | TAKES_UNTIL, TEXT, AT(until), 0 },
	{ "pack", "N: eaches in one of the listing's units; 1 by default", TAKES_PACK, NUMBER, AT(pack), 0 },
	{ "remind", "TIME: an alert asks about it from then on, ISO 8601 with its zone", TAKES_REMIND, TEXT, AT(remind), 0 },
	{ "dry-run", "show the plan and change nothing, whatever --confirm says", TAKES_DRY, FLAG, AT(dry), 0 },
	{ "wait", "stay until all of it is seen, for --minutes at most (15); ^C stops between two calls", TAKES_WAIT, FLAG, AT(wait), 0 },
	{ "minutes", "N: for so long, at most 240", TAKES_MINUTES, NUMBER, AT(minutes), 0 },
	{ "key-file", "FILE: opens the vault instead of a passphrase; with init: another way to open it, made when it is not there", TAKES_VAULT, TEXT, AT(key_file), 0 },
	{ "expires", "TIME: the day on which the secret ends, where that is not what data/secrets.csv says", TAKES_VAULT, TEXT, AT(expires), 0 },
	{ "find", "WORDS: only rows that have them", TAKES_FIND, TEXT, AT(find), 0 },
	{ "buyer", "TEXT: whose orders: user name, e-mail address, telephone number or full name; -: a line of stdin", TAKES_BUYER, TEXT, AT(buyer), 0 },
	{ "buyers", "with who its orders go to, in the open; takes --reason and --confirm", TAKES_BUYERS, FLAG, AT(buyers), 0 },
	{ "fold", "those of one class, account and wording as one row", TAKES_FOLD, FLAG, AT(fold), 0 },
	{ "page", "tell people by [hooks] what the engine cannot tell itself", TAKES_PAGE, FLAG, AT(page), 0 },
	{ "owner", "NAME: who takes care of it", TAKES_OWNER, TEXT, AT(owner), 0 },
};

enum { ROWS = sizeof rows / sizeof *rows };

static bool is_taken(const struct option_row *r, unsigned takes)
{
	return !r->takes || (r->takes & takes);
}

static void print_help(const char *command, unsigned takes)
{
	const struct command *c = command_find(command);

	printf("usage: tallyman %s %s\n\n%s\n\n", command, c ? c->usage : "", c ? c->what : "");
	for (int i = 0; i < ROWS; i++)
		if (is_taken(&rows[i], takes))
			printf("  --%-10s %s\n", rows[i].name, rows[i].help);
}

static int unknown(const char *command, const char *typed, const struct option *longs)
{
	char name[48], clean[160];
	struct near near;

	text_clean(clean, sizeof clean, typed);
	if (strncmp(typed, "--", 2))
		return command_misused(command, "there are no short options: %s", clean);
	snprintf(name, sizeof name, "%.*s", (int)strcspn(typed + 2, "="), typed + 2);
	near = near_to(name);
	for (const struct option *o = longs; o->name; o++)
		near_offer(&near, o->name);
	if (near.best)
		return command_misused(command, "there is no option %s; did you mean --%s?", clean, near.best);
	return command_misused(command, "there is no option %s", clean);
}

/* The one that was typed in all its letters; NULL: none. */
static const struct option *typed_whole(const char *typed, const struct option *longs)
{
	size_t n = strcspn(typed, "=") - 2;

	for (const struct option *o = longs; o->name; o++)
		if (strlen(o->name) == n && !strncmp(o->name, typed + 2, n))
			return o;
	return NULL;
}

int options_whole(const char *command, int argc, char **argv, const struct option *longs)
{
	opterr = 0;
	for (int i = 1; i < argc && strcmp(argv[i], "--"); i++) {
		const struct option *o = strncmp(argv[i], "--", 2) ? NULL : typed_whole(argv[i], longs);

		if (!o && !strncmp(argv[i], "--", 2))
			return unknown(command, argv[i], longs);
		if (o && o->has_arg == required_argument && !strchr(argv[i], '='))
			i++; /* its value may begin with anything */
	}
	return -1;
}

static int keep(const struct option_row *r, const char *value, struct options *o)
{
	void *at = (char *)o + r->at;

	switch (r->kind) {
	case TEXT:
		if (!text_utf8(value, strlen(value)))
			return command_misused(o->command, "--%s is not written in UTF-8", r->name);
		*(const char **)at = value;
		break;
	case NUMBER:
		if (!text_int(value, 0, INT64_C(1000000000000), at))
			return command_misused(o->command, "--%s wants a whole number", r->name);
		break;
	case FLAG:
		*(bool *)at = true;
		break;
	case SHAPE:
		if (o->shape != SHAPE_TABLE && (int)o->shape != r->value)
			return command_misused(o->command, "one of --json, --csv and --plain");
		o->shape = (enum shape)r->value;
		break;
	case HELP:
		break;
	}
	return -1;
}

static int read_all(int argc, char **argv, unsigned takes, struct options *o)
{
	struct option longs[ROWS + 1] = { 0 };
	int n = 0, which[ROWS], c, i = 0, status;

	for (int r = 0; r < ROWS; r++)
		if (is_taken(&rows[r], takes)) {
			longs[n] = (struct option){ rows[r].name, rows[r].kind == TEXT || rows[r].kind == NUMBER, NULL, 'o' };
			which[n++] = r;
		}
	status = options_whole(o->command, argc, argv, longs);
	optind = 1;
	while (status < 0 && (c = getopt_long(argc, argv, ":", longs, &i)) != -1) {
		if (c == ':')
			return command_misused(o->command, "%s wants a value", argv[optind - 1]);
		if (c != 'o')
			return unknown(o->command, argv[optind - 1], longs);
		if (rows[which[i]].kind == HELP) {
			print_help(o->command, takes);
			return STATUS_DONE;
		}
		status = keep(&rows[which[i]], optarg, o);
	}
	return status;
}

int options_read(int argc, char **argv, unsigned takes, int min, int max, struct options *o)
{
	char clean[160];
	int status;

	*o = (struct options){ .command = argv[0], .rows = -1, .pack = -1, .days = -1, .latency = -1, .minutes = -1 };
	status = read_all(argc, argv, takes, o);
	if (status >= 0)
		return status;
	o->word = argv + optind;
	o->words = argc - optind;
	for (int i = 0; i < o->words; i++)
		if (!text_utf8(o->word[i], strlen(o->word[i])))
			return command_misused(o->command, "word %d is not written in UTF-8", i + 1);
	if (o->words < min)
		return command_misused(o->command, "something is missing");
	if (max >= 0 && o->words > max) {
		text_clean(clean, sizeof clean, o->word[max]);
		return command_misused(o->command, "one word too many: %s", clean);
	}
	return -1;
}
