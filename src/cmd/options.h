#ifndef TALLYMAN_OPTIONS_H
#define TALLYMAN_OPTIONS_H
/*
 * options.h: the options of commands: one table, and each command says which of them it takes.
 */
#include <stdbool.h>
#include <stdint.h>

enum shape { SHAPE_TABLE, SHAPE_PLAIN, SHAPE_CSV, SHAPE_JSON };

enum {
	TAKES_SHAPE = 1 << 0,   /* --json --csv --plain; --at TIME --hindsight */
	TAKES_LIMIT = 1 << 1,   /* --limit N */
	TAKES_ALL = 1 << 2,     /* --all */
	TAKES_SORT = 1 << 3,    /* --sort NAME --reverse */
	TAKES_CONFIRM = 1 << 4, /* --confirm LINE */
	TAKES_REASON = 1 << 5,  /* --reason TEXT */
	TAKES_SHIP = 1 << 6,    /* --carrier --tracking --url --service --shipped */
	TAKES_ACCOUNT = 1 << 7, /* --account NAME */
	TAKES_PLACE = 1 << 8,   /* --place NAME */
	TAKES_GROUP = 1 << 9,   /* --group G --profile P */
	TAKES_ANCHOR = 1 << 10, /* --rows N --head HASH */
	TAKES_OWNER = 1 << 11,  /* --owner NAME */
	TAKES_PACK = 1 << 12,   /* --pack N */
	TAKES_REMIND = 1 << 13, /* --remind TIME */
	TAKES_FULL = 1 << 14,   /* --full */
	TAKES_VAULT = 1 << 15,  /* --key-file FILE --expires TIME */
	TAKES_SET = 1 << 16,    /* --set KEY=VALUE */
	TAKES_DAYS = 1 << 17,   /* --days N */
	TAKES_LATENCY = 1 << 18, /* --latency MIN */
	TAKES_SPAN = 1 << 19,   /* --since TIME --until TIME */
	TAKES_MINUTES = 1 << 20, /* --minutes N */
	TAKES_DRY = 1 << 21,    /* --dry-run */
	TAKES_UNTIL = 1 << 22,  /* --until TIME */
	TAKES_WAIT = 1 << 23,   /* --wait */
	TAKES_FIND = 1 << 24,   /* --find WORDS */
	TAKES_NOW = 1 << 25,    /* --json --csv --plain; it tells of now alone */
	TAKES_BUYER = 1 << 26,  /* --buyer TEXT */
	TAKES_BUYERS = 1 << 27, /* --buyers */
	TAKES_FOLD = 1 << 29,   /* --fold */
	TAKES_PAGE = 1 << 30,   /* --page */
};

struct options {
	const char *command;
	const char *config, *store; /* NULL: the defaults of settings.h */
	enum shape shape;
	int64_t limit;              /* 0: none */
	bool all, hindsight, reverse, dry, full, page, fold, wait, buyers;
	const char *sort, *confirm, *reason, *carrier, *tracking, *url, *service, *shipped, *account, *place, *group, *profile, *head, *owner, *remind, *set, *since, *until, *at, *find;
	const char *key_file, *expires, *buyer;
	int64_t rows, days, latency, pack, minutes; /* -1: not given */
	char **word;                /* what is left */
	int words;
};

/*
 * Read argv of a command that takes at least min and at most max words (-1: any number).
 *
 * return  -1: go on. Else the command's status: 0 after --help, 2 after an option it does not take, with the
 * nearest that it does. Options are not abbreviated: what --al means today must not be --alias tomorrow.
 */
int options_read(int argc, char **argv, unsigned takes, int min, int max, struct options *o);

struct option;

/*
 * For a command that reads its options with getopt_long itself: are they typed whole? getopt_long takes abbreviations, and speaks
 * itself of what it does not know; asked before it, it does neither.
 *
 * return  -1: go on. Else STATUS_WORDS, and what is none was said with the nearest that the command takes.
 */
int options_whole(const char *command, int argc, char **argv, const struct option *longs);

#endif
