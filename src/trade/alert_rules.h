#ifndef TALLYMAN_ALERT_RULES_H
#define TALLYMAN_ALERT_RULES_H
/*
 * alert_rules.h: what is known of each kind of alert before one is raised: data/alerts.csv, and the cards of data/runbooks.csv.
 *
 * How bad it is, whose it is, when it is told, what it is folded into and how it ends are facts of a kind, not of the code that notices it.
 */
#include "base/arena.h"

#include <stdbool.h>
#include <stdint.h>

enum fold {
	FOLD_NONE,    /* an incident of its own */
	FOLD_KIND,    /* one with all of its kind, on its account where it has one */
	FOLD_ACCOUNT, /* part of what is wrong with its account, while that is open; else one with all of its kind there */
};

struct alert_rule {
	const char *kind, *title, *severity; /* severity "": who raises it says */
	const char *owner, *card, *noise;
	enum fold fold;
	int root;            /* what is wrong with an account: it gathers the others, and of several the highest is what their incident is called by; 0: no */
	bool person;         /* a person closes it with a cause; else it ends by itself */
	bool tells;          /* hooks are told of it whatever its severity; of CRIT they are always */
	int64_t debounce_ms; /* told when it has been so for so long */
	int64_t expires_ms;  /* closed when it was not seen again for so long; 0: by its own end */
};

/* The rule of a kind; one that has none has the row "*". Lives in a. */
struct alert_rule alert_rule_of(struct arena *a, const char *kind);

/* All of them, as they stand; the last is "*". */
int alert_rules(struct arena *a, struct alert_rule **out);

/* A step of a card. */
struct card_step {
	int step;
	const char *does; /* the name of a check (trade/checks.h), or "note": a person says what was found */
	const char *text, *key;
};

/* The steps of a card, in order; 0: there is none of that name. */
int card_steps(struct arena *a, const char *card, struct card_step **out);

#endif
