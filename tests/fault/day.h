#ifndef TALLYMAN_TESTS_DAY_H
#define TALLYMAN_TESTS_DAY_H
/*
 * day.h: a simulated day of a seller, in seconds: the real engine, the simulated marketplaces, an operator who
 * acknowledges, ships and mends, a warehouse that counts.
 *
 * Nothing sleeps: time jumps to the earliest moment at which anybody has something to do. Everything follows from the plan
 * and its seed. The engine runs in this process, or in one of its own that is killed again and again (child.h); the
 * marketplaces, the operator and the warehouse live on meanwhile.
 */
#include "base/arena.h"
#include "base/clock.h"
#include "engine/engine.h"
#include "net/ask.h"
#include "store/store.h"
#include "tests/fault/child.h"

#include <stdbool.h>
#include <stdint.h>

enum { SECOND = 1000, MINUTE = 60 * SECOND, HOUR = 60 * MINUTE };

/* Saturday, 2026-11-21T08:00:00Z */
#define DAY_BEGINS INT64_C(1795248000000)

struct day_plan {
	uint64_t seed;
	int skus, past, orders_a_day;
	bool demo;           /* pools, a failed feed, odd names, deliveries: sandbox/world.h */
	bool shadow;         /* no account may write */
	bool jitter;         /* of the retry ladder */
	bool prompt;         /* the marketplaces answer at once */
	bool idle;           /* no operator, no warehouse but for its first count */
	int untold;          /* so many products, the last ones, are in nobody's count */
	bool bundles;        /* a case of six and a gift set besides: sandbox/catalog.c */
	bool whole;          /* four marketplaces, and goods in five depots: a file's, an ERP's, a logistics provider's */
	int settle_pct;      /* of the time from accepted to visible */
	int crashes_an_hour; /* > 0: the engine runs in a process of its own */
	struct doom doom;    /* the same, with one fate: of its first life. The next ones are left alone */
	const struct places *places; /* the same, where its first life may be killed; NULL: nowhere */
	int power_states;    /* DOOM_POWER: so many disks are made of the cut, each is opened and looked at; the day goes on with one more */
	bool anchored;       /* the audit's anchor is kept beside the folder, as DIR.anchor */
	const char *private_key, *certificate; /* PEM and id: the ERP's tokens are got with them; NULL: each request is signed */
	int hook_fd;         /* > 0: the engine's end of a socket, on whose other end the test is the hooks' runner */
	int spare_fd;        /* > 0: the same, and the test is the spare crew */
	struct transport *(*wrap)(struct transport *line); /* what stands between the engine and the marketplaces; NULL: nothing */
	void (*notice)(const char *line); /* the system's log, for an engine in this process; NULL: none */
	const char *profile; /* NULL: demo */
	const char *config;  /* more lines for tallyman.ini, the last word wins; NULL: none */
};

struct outage { /* when something was the matter that is not the engine's fault: a mishap, or its own death */
	int64_t from_ms, until_ms;
	unsigned platforms; /* bits of the sandbox's enum platform */
};

/* What must never be; a day counts each at most once. */
enum wrong { WRONG_OTHER, WRONG_LOST, WRONG_DOUBLED, WRONG_TWICE, WRONG_OVERSOLD, WRONG_LATE, WRONG_ZERO_LATE, WRONG_ZERO_EARLY, WRONGS };

struct sandbox; /* sandbox/sandbox.h and trade/ call different things by the same names: no file here includes both */
struct hands;
struct child;

struct day {
	struct day_plan plan;
	struct arena *arena;
	int64_t now_ms, counted_ms; /* when the shelf was counted last */
	struct set_clock machine; /* the engine's: set_ms is by how much it is wrong */
	int64_t disk_left;        /* bytes, of a hundred gigabytes; -1: plenty */
	struct clock clock;
	struct rng rng;
	char dir[80];
	struct sandbox *sandbox;
	struct transport *net; /* the engine's, in this process */
	struct engine *engine; /* NULL: it runs in a process of its own, or not at all */
	struct config *config;
	struct child *child;
	struct store *reader; /* read-only, as a console has it */
	struct hands *hands;
	struct outage outage[256];
	int outages;
	int turns, crashes, states;
	struct doom doom, next_doom; /* of the life that the engine has, and of the one after */
	int64_t happened; /* day_stop: how often what its doom waits for happened in the last life; -1: not known */
	int64_t due_ms; /* what the engine said last */
	int64_t worst_late_ms[4]; /* by sandbox/world.h's platform: the longest that a quantity said was too much with nobody else to blame */
	int64_t oversold;         /* units sold that were not there, more than a minute after that could have been said, with nobody else to blame */
	int64_t oversold_ever;    /* the ledger's, whoever is to blame */
	bool operated;            /* there were people from the beginning */
	int effects_seen;         /* of the ledger's log */
	char trouble[400];                /* the first thing that went wrong; "": nothing */
	int wrong[WRONGS];
};

/* Plans that most tests begin with. */
struct day_plan day_plain(uint64_t seed); /* 40 products, all well, no past */

/* Ends the test with a sentence when it cannot be opened; the engine has not had a turn yet. */
struct day *day_open(const struct day_plan *plan);

/* The same in two: without an engine, where day_start says why it does not start; and with one that starts until it is not killed meanwhile. */
struct day *day_prepare(const struct day_plan *plan);
void day_begin(struct day *d);
enum fault day_start(struct day *d, struct err *err);

/* More lines at the end of its configuration: before day_start, or for the next one. */
void day_configure(const struct day *d, const char *lines);
void day_stop(struct day *d); /* the engine ends cleanly */
void day_close(struct day *d); /* removes its folder too */

/*
 * In a fork, at a place or without an engine: the day goes on from here in DIR, which holds what is left of its folder (folder.h), with another seed for what
 * comes, and next for the fate of the engine's next life.
 */
void day_move(struct day *d, const char *dir, uint64_t seed, struct doom next);

/* Live until then. false: something went wrong, d->trouble says what. */
bool day_run(struct day *d, int64_t until_ms);

/* Live until nothing is left to do now: the engine's turns at this very moment. */
void day_settle(struct day *d);

/* A line of sandbox/faults.h, counted from now; what it may spoil is remembered as an outage. */
void day_fault(struct day *d, const char *text);

/*
 * A night: the seller's machine is off until then, and nobody buys; warehouses, feeds and carriers go on. What is late because of it is nobody's
 * fault. config: what the seller has written into tallyman.ini when he switches it on again, as in day_plan; NULL: what is there.
 */
void day_night(struct day *d, int64_t until_ms, const char *config);

/* The engine's nth allocation from now on fails. */
void day_starve(struct day *d, int64_t nth);

/* No more buyers from now on. */
void day_no_buyers(struct day *d);

/* A buyer's order of one product at a place ("walmart/main", "amazon/us"); its number in the sandbox's ledger. */
int day_order(struct day *d, const char *place, int qty);

/* The number of an order by its channel and reference; the ledger's counters by name (sandbox/world.c). */
int day_order_number(struct day *d, const char *channel, const char *ref);
/* Does a warehouse send this order off, or a part of it, by itself? */
bool day_sends_itself(const struct day *d, int order);
int64_t day_count(struct day *d, const char *name);

/* Somebody changed both secrets in the platforms' own pages, and their tokens are void; or put them back. */
void day_change_secrets(struct day *d, bool back);

/* The warehouse writes its counts file now. */
void day_count_shelf(struct day *d);

/* One value of the store; day_text keeps it in the day's arena, "(no row)" without one. */
int64_t day_int(struct day *d, const char *sql);
const char *day_text(struct day *d, const char *sql);

/* From here on the hands are another user. false: only root can play that, and only where nobody logged in: to the engine all of them are who did. */
bool day_plays_others(void);
bool day_as(struct day *d, unsigned uid);

/* File an intent as an operator would: plan, typed line, the engine's socket. NULL: done; else what was answered. */
void day_hang_up(struct day *d); /* the line that they were asked over ends */
const char *day_intend(struct day *d, const char *kind, const char *subject, const char *payload);

/* A field of the last answer; "" when it has none of that name. */
const char *day_answer(struct day *d, const char *key);

void day_trouble(struct day *d, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void day_wrong(struct day *d, enum wrong kind, const char *fmt, ...) __attribute__((format(printf, 3, 4)));

/* Was something else the matter with this platform at any time from..until? */
bool day_outage(const struct day *d, unsigned platform, int64_t from_ms, int64_t until_ms);

/* Since when the machine and the engine live without a break; in the future: it is dead now. */
int64_t day_lives_since(const struct day *d);

/* ---- watch.c: at each moment, by the ledger ---- */

void watch_ledger(struct day *d);

/* ---- hands.c ---- */

struct hands *hands_open(struct day *d);
void hands_close(struct hands *h);
int64_t hands_next(const struct hands *h);
void hands_act(struct day *d);  /* before the engine's turn: count, say */
void hands_hear(struct day *d); /* after it: the answer */
void hands_hang_up(struct day *d); /* whom they spoke to is dead; what was asked is asked again */
bool hands_handed(const struct hands *h, int order); /* its goods are with the carrier */
int64_t hands_handed_ms(const struct hands *h, int order); /* since when; 0: they are not */
int64_t hands_stand(const struct hands *h); /* moves with each question and each answer */
const char *hands_forgotten(struct day *d); /* an answer "ok" that the store does not know any more; NULL: none */

/* ---- judge.c ---- */

/*
 * The four questions and the invariants, after the last event has been at rest. NULL: all is well; else the first
 * thing that is not, in a sentence.
 */
const char *day_verdict(struct day *d);

/*
 * What must hold at any moment, were the engine dead and d->reader what it left: the store is whole and agrees with itself, audit and calls are the chains they were, what it
 * said ok to is there, whatever happened in the ledger was announced in it, and nothing happened twice. NULL, or what does not.
 */
const char *day_holds(struct day *d);

#endif
