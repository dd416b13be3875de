#ifndef TALLYMAN_ALLOCATION_H
#define TALLYMAN_ALLOCATION_H
/*
 * allocation.h: how much of what is available each offer shows. Pure arithmetic in whole numbers.
 *
 * The order of the steps is fixed: available, what dark channels still show, what listings show that nobody may write, global reserve, allocation, what its places have, buffer, never all of it, nodes,
 * another pool's stock, packs, cap, least to publish, exposure, hysteresis, hold. Percent buffers round up, shares round down; nothing available shows nothing.
 *
 *	available - reserve --split--> part + rest of each account --> ... of each of its offers --> want --limit--> qty
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buffer {
	int64_t units; /* eaches kept back at least */
	int64_t bp;    /* and at least this share, in basis points: 1500 is 15 % */
	int64_t pack;  /* eaches in one of the listing's units, >= 1 */
	int64_t cap;   /* most to show, in the listing's units; -1: none */
};

enum { PUBLISH_MOST = 999999 }; /* no platform takes more */

/* Units that stay back of a quantity: the larger of the two, the share rounded up. */
int64_t buffer_of(const struct buffer *b, int64_t qty);

/* "5u/15%" as configuration writes it; 0 or -1 when it is none. */
int buffer_parse(const char *s, struct buffer *out);

/* ---- splitting ---- */

enum strategy {
	ALLOC_SHARED,   /* everybody sees the whole, each with its own buffer: the sum may exceed what is there */
	ALLOC_FIXED,    /* shares in percent */
	ALLOC_VELOCITY, /* by what each sells a day */
	ALLOC_MARGIN,   /* days of cover for who earns most first, the rest by velocity */
	STRATEGIES
};

const char *strategy_name(enum strategy s); /* "shared" "fixed" "velocity" "margin" */
enum strategy strategy_from_name(const char *name); /* STRATEGIES when it is none */

enum { SIDES = 256 }; /* most among whom a quantity is divided */

/* One of those among whom a quantity is split; in their order ties are decided. */
struct side {
	int64_t share_bp; /* fixed: 0..10000, all together at most 10000 */
	int64_t velocity; /* thousandths of an each a day */
	int64_t margin;   /* minor units that an each earns here */
	/* the answer */
	int64_t target;   /* margin: its days of cover */
	int64_t left;     /* margin: what those who earn more left */
	int64_t part;     /* by the rule */
	int64_t rest;     /* and of what rounding, or the rule, left over */
};

struct split {
	enum strategy strategy;
	bool all;           /* fixed: what rounding leaves goes to the largest remainders; else it stays in reserve */
	int64_t days;       /* margin: cover wanted */
	int64_t z_milli;    /* margin: standard deviations of it, in thousandths: 1280 is nine days in ten */
	int64_t margin_min; /* margin: who earns that or less gets nothing */
};

/* What sells least still weighs this much: a SKU that nobody bought yet is not hidden for ever. Thousandths a day. */
enum { VELOCITY_LEAST = 50 };

/* The sum of part + rest never exceeds qty. Not for ALLOC_SHARED, where everybody has all of it. */
void split_make(const struct split *s, int64_t qty, struct side *side, int n);

/* ceil(v * days + z * sqrt(v * days)), exactly; velocity in thousandths. */
int64_t split_cover(int64_t velocity, int64_t days, int64_t z_milli);

/* ---- an item's offers, side by side ---- */

struct alloc_rule { /* what holds for the item */
	struct split split;
	int64_t reserve;       /* eaches that nobody is shown */
	int64_t tied;          /* eaches on auctions and listings that cannot be written: they sell there whatever we say */
	int64_t last_units;    /* that many or fewer are shown on one account only; 0: no such rule */
	int64_t hysteresis_bp; /* an increase of less than this, and of less than one, is not said */
	bool buffers;          /* buffers are kept back of a split's parts as well */
	bool never_full;       /* no offer shows all there is */
	bool keep_dark;        /* what dark accounts show is taken off for the others in a shared pool too; with a split always */
};

/* Which steps an offer's number went through: what its equation tells. */
enum step {
	STEP_LAST = 1 << 0,      /* the last-units rule holds: they are shown here, or elsewhere */
	STEP_SPLIT = 1 << 1,     /* its account has a part */
	STEP_OFFERS = 1 << 2,    /* which is parted again among the account's offers */
	STEP_REACH = 1 << 3,     /* some places do not serve it */
	STEP_BUFFER = 1 << 4,
	STEP_NEVER_FULL = 1 << 5,
	STEP_NODES = 1 << 6,     /* divided evenly among its listing's nodes, */
	STEP_LYING = 1 << 7,     /* or by what lies at each; */
	STEP_NODE_MOST = 1 << 8, /* or a split's part, and no more than lies there */
	STEP_LIMIT = 1 << 9,     /* exposure */
	STEP_STAYS = 1 << 10,    /* hysteresis */
	STEP_POOL = 1 << 11,     /* what another pool would send for it is shown besides */
};

struct outlet { /* one offer; those of an account stand together */
	int account;           /* 0, 1, 2 ...: offers of one account have one number */
	int shelf;             /* the same listing at several nodes has one number; its quantity is divided among them */
	int64_t reach;         /* eaches at the places that serve its account; -1: all of them do */
	int64_t at_node;       /* eaches at the place that its node is; -1: nobody says which */
	bool last;             /* last units are shown here */
	bool dark;             /* its account cannot be reached: it keeps showing what it shows */
	int64_t exposure;      /* dark: eaches that may be visible there now; the others show that much less */
	int64_t surely;        /* dark: and that surely are; it is told no more, so that nothing goes up there */
	int64_t share_bp, velocity, margin;
	struct buffer buffer;
	int64_t least;         /* fewer than that are shown as none; 0 or 1: no such rule */
	int64_t pool;          /* eaches in another pool that orders from here are shipped from; 0: none */
	int64_t shown;         /* last said, -1: nothing */
	int64_t limit;         /* eaches; from exposure.h, -1: none */
	const char *hold;      /* why it is held at zero; "" */
	/* the answer */
	struct side group;     /* its account's part of the item */
	struct side own;       /* its own of that */
	int64_t available, reserve, tied, unseen; /* unseen: eaches that dark accounts may still show */
	int64_t pace, own_pace;                 /* thousandths a day of all accounts, of all offers of this one */
	int64_t besides;       /* STEP_POOL: eaches of it that are shown: less what ours is short of, less the buffer's share */
	int64_t base;          /* what it was allotted, eaches */
	int64_t back;          /* kept back of it */
	int nodes, node;       /* of its shelf; this is the node-th, from 1 */
	int64_t node_sum;      /* eaches at all of them; -1: not known of each */
	unsigned steps;
	int64_t most;          /* STEP_LIMIT: the listing's units that exposure leaves */
	int64_t raise;         /* STEP_STAYS: the least increase worth saying */
	int64_t want;          /* the listing's units before exposure, hysteresis and hold */
	int64_t qty;           /* to be said */
};

/* Everything up to want, for all n <= SIDES of them. */
void allocate(const struct alloc_rule *r, int64_t available, struct outlet *o, int n);

/* The rest of the way, once o->limit is known: exposure, hysteresis, hold. */
void outlet_settle(const struct alloc_rule *r, struct outlet *o);

/*
 * The sum in words, every term of it, left to right: "47 available, 18 + 1 by share (40% of 47), packs of 6 = 3". Each term
 * can be recomputed from those before it; tests/unit/equation.awk does. out: at least EQUATION bytes.
 */
enum { EQUATION = 400 };
void outlet_explain(const struct alloc_rule *r, const struct outlet *o, char *out, size_t cap);

#endif
