#ifndef TALLYMAN_POLICY_H
#define TALLYMAN_POLICY_H
/*
 * policy.h: which rule holds for an item and an account now, and who said so.
 *
 * A value comes from the last layer that sets it: the channel's default (data/buffers.csv), the preset, the configuration,
 * the account's section, an event's profile while it lasts, the item's tags, the item itself; in each layer a line for one account wins over one for
 * all. Every value keeps the name of its layer, for the screen. Pure: what is set for tags and items is handed in.
 */
#include "base/arena.h"
#include "base/config.h"
#include "base/err.h"
#include "trade/allocation.h"

#include <stdbool.h>
#include <stdint.h>

enum policy_key {
	POLICY_STRATEGY,
	POLICY_RESERVE,      /* eaches of the item that nobody is shown */
	POLICY_LAST_UNITS,
	POLICY_LAST_ACCOUNT, /* an account's name; "": the one where overselling costs least */
	POLICY_NEVER_FULL,
	POLICY_BUFFER,       /* n units, bp */
	POLICY_CAP,
	POLICY_LEAST,        /* min_publish */
	POLICY_SHARE,        /* basis points */
	POLICY_MARGIN,       /* minor units an each */
	POLICY_COST,         /* 1..9: of overselling there */
	POLICY_INCLUDE_FBA,  /* the account whose FBA stock is shown here besides ours, for there is somebody who ships from it; "": none */
	POLICY_KEYS
};

struct setting {
	enum policy_key key;
	const char *channel, *account; /* "": of any */
	int64_t n, bp;
	const char *text;              /* POLICY_LAST_ACCOUNT's, POLICY_INCLUDE_FBA's; "" */
	const char *layer;             /* "default" "preset simple" "[alloc]" "[account x]" "profile x" "tag x" "SKU x" */
};

struct policy_value {
	int64_t n, bp;
	const char *text, *layer;
};

struct policy {
	struct policy_value value[POLICY_KEYS];
	int64_t buffer_percent;    /* an event's: 200 doubles buffers; 100 otherwise */
	const char *buffer_layer;  /* who said so; "" */
};

/* An event: from start to end its settings stand above the configuration, and buffers are multiplied. */
struct profile_event {
	const char *name, *tag;    /* tag "": every item */
	int64_t start_ms, end_ms;  /* until, not at, end_ms */
	int64_t buffer_percent;
	struct setting *setting;
	int settings;
};

/* What the configuration says, read once. */
struct policy_book {
	struct setting *setting;   /* in order of precedence, the last wins */
	int settings, cap;
	struct profile_event *event;
	int events, events_cap;
	const char *preset, *warning; /* warning: a preset's, in words; "" */
	bool all;                  /* remainder = largest */
	bool buffers;              /* keep buffers after a split as well */
	int64_t velocity_days, velocity_prior, cover_days, cover_z, margin_min, hysteresis_bp;
	int64_t dark_ms;           /* unheard for so long, an account is dark; 0: none ever is */
	bool pools;                /* some account shows another's FBA stock besides ours */
	bool strict;               /* advice: 0.1 % instead of 1 % */
};

/* What is set for an item beside the configuration: tags first, then the item's own. */
struct policy_subject {
	const char *const *tag;
	int tags;
	const struct setting *setting;
	int settings;
};

/* FAULT_REFUSED with file:line: a value that is none, shares of more than 100 %, an event that ends before it starts. */
enum fault policy_book_read(struct arena *a, const struct config *c, struct policy_book *out, struct err *err);

struct policy policy_resolve(const struct policy_book *b, const struct policy_subject *of, const char *channel, const char *account, int64_t now_ms);

/* The item's rule out of its policy, and what of an offer's policy goes into its outlet. */
struct alloc_rule policy_rule(const struct policy_book *b, const struct policy *p);
struct buffer policy_buffer(const struct policy *p);

/* The events that last now, as one text ("" for none): when it becomes another, quantities may be others. */
const char *policy_events(const struct policy_book *b, int64_t now_ms, struct arena *a);

/* A key's word ("min_publish"), NULL past the last; POLICY_KEYS when the word is none. */
const char *policy_key_name(enum policy_key k);
enum policy_key policy_key_from_name(const char *name);

/* A value as it is written, into *out's n, bp, text. FAULT_REFUSED says what is expected. */
enum fault setting_parse(struct arena *a, enum policy_key k, const char *value, struct setting *out, struct err *err);

/* And back: "5u/12%". */
const char *policy_value_text(struct arena *a, enum policy_key k, const struct policy_value *v);

#endif
