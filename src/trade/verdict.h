#ifndef TALLYMAN_VERDICT_H
#define TALLYMAN_VERDICT_H
/*
 * verdict.h: what a read of an offer says about the quantity we last put there. Pure; offer_verdict.c gathers the evidence.
 */
#include <stdbool.h>
#include <stdint.h>

enum push_state {
	PUSH_NONE,        /* nothing was ever accepted */
	PUSH_SETTLING,    /* accepted; the channel may take its time */
	PUSH_APPLIED,     /* a read begun afterwards showed it */
	PUSH_NOT_APPLIED, /* patience is over, they still show what was before */
	PUSH_OVERWRITTEN, /* it had applied; something else is shown now */
	PUSH_PARTLY,      /* patience is over, they show neither what was before nor what we said */
	PUSH_STATES
};

const char *push_state_name(enum push_state s); /* "SETTLING"; "" for none */
enum push_state push_state_from_name(const char *name);

struct evidence {
	int64_t pushed, pushed_ms, settle_ms; /* -1: none was accepted; patience ends at settle_ms */
	enum push_state state;
	int64_t earlier;   /* what we said before that, -1: nothing; it may still be on its way to the screen */
	int64_t before;    /* what they showed before it was accepted, -1: not known */
	int64_t seen;      /* what they show, by a read begun after pushed_ms */
	int64_t sold;      /* units that this channel sold, or shipped of earlier orders, since pushed_ms, as far as we have heard */
	int64_t cancelled; /* units of orders of this channel that were cancelled, or began to come back, since then */
	int64_t since_ms;  /* since when they show fewer than they should */
	int64_t heard_ms;  /* this channel's orders are known up to here */
	int64_t then;      /* what they showed at heard_ms, -1: not known */
	int64_t now_ms;
	bool shown;        /* they showed exactly what was pushed at least once since */
	bool mapped;       /* it stands for an item of ours */
	bool stale;        /* our own count is older than its place allows */
};

/* APPLIED with seen < pushed: their own sales have moved it, and what they show is what is confirmed now. */
struct verdict {
	enum push_state state;
	int64_t drift;     /* what they show beyond what was expected: pushed, less sales since; 0 while it settles, and when those sales explain it */
	const char *cause; /* the likeliest one, in a word; "" for none */
};

/* Pure: the same evidence gives the same verdict. */
struct verdict offer_judge(const struct evidence *e);

#endif
