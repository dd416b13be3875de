#ifndef TALLYMAN_ENGINE_PARTS_H
#define TALLYMAN_ENGINE_PARTS_H
/*
 * parts.h: what the engine's own files share: converse (the socket), settle (replies), plan (what should be said),
 * dispatch (what may be said now), care (the engine's own upkeep).
 */
#include "engine/accounts.h"
#include "engine/anchor.h"
#include "engine/engine.h"
#include "engine/roles.h"
#include "engine/vault.h"
#include "net/ask.h"
#include "store/lease.h"
#include "store/store.h"
#include "trade/aim.h"
#include "trade/incidents.h"
#include "trade/jobs.h"
#include "trade/news.h"
#include "trade/offers.h"
#include "trade/planned.h"
#include "trade/reconcile.h"

enum { AGAIN_MS = 5000 }; /* what the store would not take is tried again then */
enum { FLIGHTS = 64, ASKED = 256, LINES = 4, LINES_URGENT = 16 }; /* LINES: requests of one account under way at once; URGENT: those that must not wait */

/* A question that was answered, and until when that answer holds. */
struct asked {
	uint64_t hash;
	int64_t until_ms, account;
	enum verb verb;
};

/* One request under way. */
struct flight {
	int64_t attempt;
	struct link *link;
	enum verb verb;
	struct arena *arena; /* request and jobs; goes when it has landed */
	struct job *job;
	int n;
	struct request request;
	int64_t begun_ms, token_no;
	const char *trace;
	bool spoilt; /* a page before it could not be written: its answer leads nowhere */
};

#define FLIGHT_SPOILT "a page before it could not be written: it is read again after that"

struct disk;
struct landing;

enum { BACKLOG = 10 };

/* Who is being shown a body, and up to where. */
struct look {
	int64_t uid, body, upto, at_ms;
};

/* Pages that were understood and are not written yet (backlog.c). */
struct backlog {
	struct landing *held[BACKLOG];
	int n, orders;
	int64_t since_ms;
};

/* When an account out of step goes to zero, and how it comes back: [zero] and [outage] of the configuration. */
struct lapse_rules {
	int64_t after_ms, warn_ms, after_failures; /* 0: never */
	int64_t ramp_ms;                           /* half the limits so long */
	bool pause, by_person;
};

/* What is told of holding writes in the transaction that is open: it is so when that is committed. */
struct hold_next {
	bool told, released; /* released: a person's word that a store which was put back may write */
	char why[160];
};

/* Somebody at a console: seats.c. */
enum { SEATS = ASK_CLIENTS };
struct seat {
	int64_t line; /* of the socket */
	char actor[96], whence[128];
	bool late; /* that he went could not be written yet, which was said */
};

struct engine {
	struct store *store;
	struct lease lease;
	struct vault *vault;
	struct sealer sealer;
	struct clock clock;
	struct rng rng;
	struct transport *net;
	struct links links;
	struct config *config;
	int64_t config_id;
	struct ask_server *ask;
	int hook_fd;             /* hook.c: its runner; -1: none */
	struct {
		int spare_fd;    /* the crew that goes on when that one is killed; -1: none now */
		int64_t began_ms, due_ms, wait_ms; /* when a crew was begun last, when another may be, and how long after the next death; wait 0: never */
	} crew;
	struct notice hook_said; /* what it has in hand; id 0: nothing */
	int64_t hook_ms;
	bool (*look_at_disk)(const char *dir, struct disk *out);
	struct {
		int64_t seen_ms, steady_ms; /* what both clocks said last */
		int64_t set_ms;             /* by how much somebody has set the one; 0, or told already */
		int64_t even_ms;            /* since then they have gone alike, and this engine was there */
	} host;                         /* host.c */
	struct look look;
	struct seat seat[SEATS];
	int seats;
	struct arena *long_lived; /* what is read once and stays */
	struct roles roles;
	bool two_for_secrets;  /* a second person agrees to a change of them */
	int64_t asker_uid;     /* who is on the other end of the message at hand */
	struct flight flight[FLIGHTS];
	int flights;
	struct backlog backlog;
	struct arena *turn;    /* this turn's; reset at its end */
	bool jitter, stopping;
	struct err end; /* why it stopped by itself */
	bool heard;            /* an answer about orders: what waits for proof is looked at */
	bool again;            /* this turn changed what stands earlier in one: the next is due now */
	int64_t changes;       /* of the store, when that was last asked */
	bool told;             /* and consoles have something to see */
	struct rec_rule rec;   /* when runs are made, and what they correct */
	bool comparing;        /* a run may wait to be compared */
	int64_t swept;         /* a rule for all became another: items up to here were marked; -1: all were */
	int64_t wake_ms;       /* earliest moment at which something held back may go */
	int64_t job_ms, job_at; /* when a job is due next that was not yet, as last asked; and what state_of said then */
	int64_t moved;         /* grows with what may let a job go and is not in the store: an answer, a word, a look at what is out of step */
	int64_t opened;        /* changes of the store that were attempts: they let nothing go */
	int64_t still_at;      /* what state_of said when links were found to have nothing that may go (link.still) */
	int64_t opened_ms;
	struct proof_at proof; /* how far what was said of stock was looked at */
	int64_t minute_ms, hour_ms, beat_ms, point_ms, sweep_ms, pools_ms; /* when each upkeep is next due; pools_ms: was last */
	int64_t orders_every_ms, backfill_ms, stock_every_ms, counts_every_ms, feeds_every_ms, raw_keep_ms;
	int64_t accept_warn_ms;
	int64_t cache_rounds; /* so many rounds of a poll may be missed */
	struct asked asked[ASKED];
	struct lapse_rules lapse;
	struct planned_rule planned;
	bool thinking;     /* more items are to be thought over: nobody knows yet how many go to zero */
	int64_t lapse_ms, whole_ms, free_ms; /* when lapses, all accounts, and what is let go of are looked at next */
	int64_t low_units; /* a decrease to so many or fewer is said at once */
	struct anchor anchor; /* as last written */
	int anchor_fd;     /* -1: none is kept */
	char rolled_back[160], held[160]; /* why nothing is written; "": all may be */
	struct hold_next hold_next;
	int64_t held_ms;   /* since when */
	void (*notice)(const char *line);
	bool standing;     /* accounts are open; false: the vault is locked, and nothing is done but to wait for its key */
};

/* Who and why, for what the engine itself writes: a fresh trace unless one is given. */
struct cause engine_cause(struct engine *e, const char *actor, const char *trace, int64_t now_ms);
char *engine_trace(struct engine *e);

/* Commit, or roll back and tell the log what was lost to it; notes that something happened. */
bool engine_commit(struct engine *e, struct err *err);

/* Does saying it twice do no harm? Of an account that is no longer configured nothing is known: it may. */
bool engine_repeatable(void *engine, int64_t account, enum verb verb);

struct intent;
struct secret;

/*
 * second.c: a change of secrets takes two people. read: does it here? asks: what a reload would change is proposed, if anything (waits; in->result says so).
 * agrees: INTENT_APPROVE of that, or of anything else, inside the caller's transaction. start: which secrets are others than before, was and n, with nobody's word.
 */
enum fault second_read(struct engine *e, struct err *err);
enum fault second_asks(struct engine *e, struct intent *in, const struct cause *why, bool *waits, struct err *err);
enum fault second_agrees(struct engine *e, struct intent *in, const struct cause *why, struct err *err);
enum fault second_start(struct engine *e, const struct secret *was, int n, const struct cause *why, struct err *err);

/* keys.c: read the secrets again and use them; sha: only a vault's file with these bytes, NULL: whatever it is. Inside the caller's transaction; *said in the turn's arena. */
enum fault keys_take(struct engine *e, const char *sha, const struct cause *why, const char **said, struct err *err);

/* Take up the work: secrets, accounts, what a crash left. When the engine opens, or its vault is unlocked. */
enum fault engine_stand(struct engine *e, int64_t now_ms, struct err *err);

/*
 * hold.c. open: is this the store that the anchor knows? watch: each beat, inside the caller's transaction. allows: may this intent be taken while writes are held?
 * release: a person's word that a store which was put back may write, inside the caller's transaction. settle: that transaction is over, and was it kept?
 * anchor: as far as the audit has come; notice: its head to the system's log as well. Both of what is committed.
 */
enum fault hold_open(struct engine *e, const char *path, int64_t now_ms, struct err *err);
enum fault hold_watch(struct engine *e, int64_t now_ms, struct err *err);
enum fault hold_allows(const struct engine *e, const struct intent *in, struct err *err);
enum fault hold_release(struct engine *e, const struct cause *why, struct err *err);
void hold_settle(struct engine *e, bool kept);
void hold_anchor(struct engine *e);
void hold_notice(struct engine *e);
void hold_close(struct engine *e);

/* holdback.c: a counts file that was changed while its job waits to be tried again is read soon, inside the caller's transaction. */
enum fault file_watch(struct engine *e, int64_t now_ms, struct err *err);

/* dry.c: what is parked is parsed once more from the reply that was kept, each minute a few, inside the caller's transaction. */
enum fault dry_watch(struct engine *e, int64_t now_ms, struct err *err);

/* denied.c: orders that may never have been are asked for by their number, one a minute of an account, inside the caller's transaction. */
enum fault denied_watch(struct engine *e, int64_t now_ms, struct err *err);

/* unlike.c: what is parked is compared with what was understood, each minute a few, inside the caller's transaction. */
enum fault unlike_watch(struct engine *e, int64_t now_ms, struct err *err);

/*
 * host.c: the machine's clock and disk. heard: what an answer says of the time. turn: first of all, was the clock set? watch: each beat, inside the caller's
 * transaction: alerts of both. disk: false when it cannot be asked about.
 */
void host_heard(struct link *l, const struct reply *r, int64_t now_ms);
void host_turn(struct engine *e, int64_t now_ms);
enum fault host_began(struct engine *e, int64_t now_ms, struct err *err); /* while no engine ran the clock may have been set as well */
enum fault host_watch(struct engine *e, int64_t now_ms, struct err *err);
bool host_disk(const struct engine *e, struct disk *out);

/*
 * keys.c: the vault, as somebody at the socket may ask for it: unlock, reload; and what a locked engine is asked besides. Each by who may; what is refused is on record. Its own transactions. keys_open: with the key file that this
 * host has for it, if it has one.
 */
enum fault keys_open(struct engine *e, int64_t now_ms, struct err *err);
enum fault keys_ask(struct engine *e, struct intent *in, const struct cause *why, const char **answer, struct err *err);

void converse(struct engine *e, int64_t now_ms);

/* seats.c: who sits at a console. take: he does, over this line. look: who went since is written down. */
void seat_take(struct engine *e, int64_t line, const char *actor, const char *whence);
void seats_look(struct engine *e, int64_t now_ms);
void settle(struct engine *e, int64_t now_ms);
void plan(struct engine *e, int64_t now_ms);
void dispatch(struct engine *e, int64_t now_ms);
void care(struct engine *e, int64_t now_ms);

/* proof.c: is what was said to be seen in their own reading? A part of plan: orders each time, stock every few seconds. */
void proof_turn(struct engine *e, int64_t now_ms);

/* Queue the reads that an account lives by: orders, stock, feeds, heartbeat, token. At the start, and when asked for. */
enum fault plan_polls(struct engine *e, struct link *l, int64_t due_ms, struct err *err);

/* Are operations of this kind switched on for the account, and does its channel have them? */
bool plan_family(struct engine *e, const struct link *l, enum verb verb);

/* Is it read from a warehouse's file, not asked over the network? */
bool plan_takes_file(const struct channel *c);

/* How often a poll of this kind is made. */
int64_t plan_every(const struct engine *e, const struct link *l, enum verb verb);

/* What is held at zero is looked for so soon and so often, for the first minutes. */
enum { HELD_PROOF_MS = 15 * 1000, HELD_PROOF_FOR_MS = 4 * 60 * 1000 };

/* Orders are read up to so long before now: a platform's own clocks and copies lag behind. */
enum { ORDERS_BEHIND_MS = 2 * 60 * 1000 };

/*
 * walk.c: how a list is read in windows of time. open: the window of a job's list, unless it is in the midst of one; on: the cursor after a page, false: that was
 * the window's last; again: when the next one is opened; left: how far an account's orders are behind, in words for a person, and how many minutes its limit makes
 * of that ("", 0: they are not).
 */
void walk_open(struct engine *e, struct link *l, struct job *j, int64_t now_ms);
bool walk_on(const struct news *n, enum verb verb, struct cursor *c);
int64_t walk_again(const struct engine *e, const struct link *l, const struct job *j, const struct cursor *c, int64_t now_ms);
enum fault walk_left(struct engine *e, struct link *l, int64_t now_ms, const char **words, int64_t *minutes, struct err *err);

/* feed.c: are an account's newest orders unknown? Then no quantity is raised on any channel (forbids: any is blind, and this one raises); feed_watch tells people. */
bool feed_blind(struct engine *e, const struct link *l, int64_t now_ms);
bool feed_any_blind(struct engine *e, int64_t now_ms);
bool feed_raises(struct engine *e, const struct job *stock);
bool feed_forbids(struct engine *e, const struct job *stock, int64_t now_ms);
enum fault feed_watch(struct engine *e, int64_t now_ms, struct err *err);

/*
 * force.c: what holds for all quantities (configuration, events, dark accounts). When it became another, items are thought over again, a slice
 * whenever nothing else is. Both inside the caller's transaction.
 */
enum fault force_watch(struct engine *e, int64_t now_ms, struct err *err);
enum fault force_sweep(struct engine *e, int64_t now_ms, struct err *err);

/*
 * lapse.c: accounts out of step. rules_read at the start; turn: look at those that fail, when that is due; forbids: must this wait, because nothing but
 * probes goes there now?
 */
enum fault lapse_rules_read(struct engine *e, struct err *err);
void lapse_turn(struct engine *e, int64_t now_ms);
bool lapse_forbids(const struct link *l, const struct job *j, const struct fuse *f);

/*
 * outage.c: is the platform itself out? heard: its own status page was read; ask: read it again, something fails; signs: who says that it is out, in words ("": nobody
 * does); tell: its alert, for as long as nothing but probes goes there.
 */
struct lapse;
void outage_heard(struct link *l, const char *out, int64_t now_ms);
enum fault outage_ask(struct engine *e, const struct link *l, int64_t now_ms, struct err *err);
enum fault outage_signs(struct engine *e, const struct link *l, int64_t now_ms, const char **out, struct err *err);
enum fault outage_tell(struct engine *e, const struct link *l, const struct lapse *o, const char *out, int64_t now_ms, struct err *err);

/* What was answered may end or begin one: look again in a moment. */
static inline void lapse_soon(struct engine *e, int64_t ms)
{
	if (ms < e->lapse_ms)
		e->lapse_ms = ms;
}

/*
 * reconcile.c: runs. watch: inside the caller's transaction, each minute: corrections are proved, what is due begins. page: a page of an account's list was
 * written, in the same transaction. ask: somebody wants one now. turn: compare the next slice of what was pulled.
 */
struct intent;
enum fault reconcile_watch(struct engine *e, int64_t now_ms, struct err *err);
enum fault reconcile_page(struct engine *e, const struct link *l, const struct job *j, const struct news *n, int unread, int64_t begun_ms,
                          const struct cause *why, struct err *err);
enum fault reconcile_ask(struct engine *e, const struct intent *in, const struct cause *why, const char **answer, struct err *err);
void reconcile_turn(struct engine *e, int64_t now_ms);

/*
 * bulk*.c: quantities by feed. bulk_route: choose, and gather a slice; true: one is being gathered, or nothing is chosen yet, so that only zeros and
 * decreases are said by single calls.
 * The others are settle's: what an answer to a step of a feed does, inside its transaction; they do nothing for other verbs.
 */
bool bulk_route(struct engine *e, struct link *l, int64_t now_ms);
void bulk_mark(struct engine *e, int64_t now_ms);
enum fault bulk_accepted(struct engine *e, struct link *l, const struct job *j, const char *ref, const struct cause *why, struct err *err);
enum fault bulk_renew(struct engine *e, const struct job *j, const char *text, const struct cause *why, bool *renewed, struct err *err); /* refused, and begun anew by itself */
enum fault bulk_failed(struct engine *e, struct link *l, const struct job *j, const char *text, const struct cause *why, struct err *err);
enum fault bulk_fill(struct engine *e, struct job_plan *p, struct arena *a, const struct cause *why, bool *over, struct err *err); /* over: nothing is left of it */
/* Before it leaves: its feed is over, or something in it was held or stopped meanwhile and it is made anew. */
bool bulk_recalls(struct engine *e, const struct link *l, const struct job *j, int64_t now_ms);
enum fault bulk_heard(struct engine *e, struct link *l, const struct job *j, const struct news *n, int64_t begun_ms, const struct cause *why, struct err *err);
enum fault bulk_watch(struct engine *e, int64_t now_ms, struct err *err);

/*
 * doubt.c: feeds whose answer was lost. doubt_begin: this call's was; doubt_give_way: what is in doubt holds up no zero and no decrease; doubt_watch:
 * when it must show, its offers are read, *over: each has its verdict; doubt_look_back: did one come late?
 */
struct bulk;
enum fault doubt_begin(struct engine *e, struct link *l, const struct job *j, int64_t sent_ms, const struct cause *why, struct err *err);
enum fault doubt_after_crash(struct engine *e, const struct link *l, const struct cause *why, struct err *err);
void doubt_give_way(struct engine *e, struct link *l, int64_t now_ms);
enum fault doubt_watch(struct engine *e, struct link *l, const struct bulk *b, const struct cause *why, bool *over, struct err *err);
enum fault doubt_look_back(struct engine *e, struct link *l, const struct cause *why, struct err *err);

/* cache.c: what is kept of their words and is older than its life is told, each minute. */
enum fault cache_watch(struct engine *e, int64_t now_ms, struct err *err);

/* tally.c: what calls are made for. tally_event: a quantity was decided that is to be said. */
enum fault tally_call(struct engine *e, const struct flight *f, enum fault fault, int64_t now_ms, struct err *err);
void tally_forget(struct engine *e, int64_t account, enum verb verb); /* such answers hold no longer: a person wants it read anew. account 0: of all */
enum fault tally_event(struct engine *e, int64_t account, int64_t now_ms, struct err *err);
enum fault tally_watch(struct engine *e, int64_t now_ms, struct err *err);

/* window.c: when a change of this offer is said: at once when it is urgent, else with the others of its account's window. */
int64_t window_due(struct engine *e, const struct offer *o, int64_t now_ms);

/* The accounts whose quantities are planned here, and which of them are dark. */
enum fault plan_aims(struct engine *e, int64_t now_ms, struct aims *out, struct err *err);

/*
 * budget.c: must this job wait because its listing was changed as often as a day allows? Then it was put off. budget_count: it is said now;
 * budget_watch: what people are told of a day's calls and changes, each minute.
 */
bool budget_holds(struct engine *e, struct link *l, const struct job *j, int64_t now_ms);
enum fault budget_count(struct engine *e, const struct link *l, const struct job *j, int64_t now_ms, struct err *err);
enum fault budget_watch(struct engine *e, int64_t now_ms, struct err *err);

/* Land one reply; settle's step for each, and dispatch's when a request could not even start. */
void settle_one(struct engine *e, struct flight *f, const struct reply *reply, int64_t now_ms);

/*
 * backlog.c. takes: the landing is kept, to be written with its list's next pages; go_on: those are asked for, or, when that cannot be now or
 * enough are there, all are written; write: all, now; holds: is this attempt one of them?
 */
bool backlog_takes(struct engine *e, struct landing *l);
void backlog_go_on(struct engine *e, int64_t now_ms);
void backlog_write(struct engine *e);
bool backlog_holds(const struct engine *e, int64_t attempt);

/* Ask for the page of its list that follows on what this flight brought (n), at once; false: it may not go now, and nothing was sent. */
bool dispatch_on(struct engine *e, const struct flight *last, const struct news *n, int64_t now_ms);

/* While this is the same, nothing has changed that a job waits for, but the time. */
static inline int64_t state_of(const struct engine *e)
{
	return store_total_changes(e->store) + e->moved;
}

/* Not before then, whatever else happens. */
static inline void wake_at(struct engine *e, int64_t ms)
{
	if (ms < e->wake_ms)
		e->wake_ms = ms;
}

#endif
