#ifndef TALLYMAN_ENGINE_ACCOUNTS_H
#define TALLYMAN_ENGINE_ACCOUNTS_H
/*
 * accounts.h: the accounts of the configuration, opened: secrets, token, limits and breakers in force.
 *
 * One link an account. Everything a link needs to go on after a restart (tokens of buckets, breakers) is a row; the access token
 * is not: it lives in the vault's memory alone.
 */
#include "base/clock.h"
#include "base/config.h"
#include "channels/channel.h"
#include "engine/vault.h"
#include "net/breaker.h"
#include "net/grants.h"
#include "net/registry.h"
#include "store/store.h"
#include "trade/policy.h"

enum profile { PROFILE_PRODUCTION, PROFILE_SANDBOX, PROFILE_DEMO };

struct gate { /* one bucket of the platform's, as this account has it */
	const char *name;
	const char *verbs; /* what drinks from it: "stock:1 stock-read:1" */
	struct limit limit;
	int64_t calls, throttled;
	bool dirty;
};

struct fuse { /* one breaker: an operation group */
	const char *name;
	struct breaker breaker;
	const char *fault; /* of the last failure */
	char text[120];
	bool dirty;
};

enum { LINK_SECRETS = 6 };

/* A file from outside: while both are so, it is read as what it was. */
struct stamp {
	int64_t changed_ns, size;
};

struct link {
	struct account account;
	const char *spare[LINK_SECRETS]; /* the secrets before the ones in use, or after them: two are valid while one is rotated; "": none */
	bool swapped;                    /* the spare ones were tried, and nothing has succeeded since */
	const struct channel *channel;
	struct vault *vault;
	bool enabled, live;
	int64_t token_until_ms; /* the access token is good until then; 0: none */
	bool token_flight;      /* somebody is fetching one: the rest waits */
	int64_t token_no;       /* grows with each token: which one did a request go out with? */
	int64_t off_ms, off_at_ms; /* their clock minus ours, by the Date of an answer at that time; 0: none had one */
	int64_t well_ms;        /* the last answer that was understood, of any kind */
	int64_t told_ms;        /* it was asked then for an order by its number, and told it; 0: not yet */
	int64_t ask_ms;         /* denied.c: when an order that may never have been is looked for next */
	int64_t asked_job;      /* and the reading of the last one */
	char says_out[80];      /* what their own status page calls out; "": nothing, or they have none (outage.c) */
	int64_t said_ms;        /* when that was last read */
	bool lapsed;            /* it is out of step (lapse.c): */
	bool paused, declared;  /* nothing but probes goes there; because a person said so */
	bool answers;           /* paused, but its heartbeat is heard: what failed is probed itself */
	int64_t ramp_ms;        /* until then at half its limits: it has just come back */
	bool spoken;            /* this address has answered as the platform does */
	char credential[13];
	struct grant *grant; /* what this account may do otherwise than is published */
	int grants;
	struct gate *gate;
	int gates, gates_cap;
	struct fuse *fuse;
	int fuses, fuses_cap;
	int flying, urgent;     /* requests under way; of these what must not wait */
	const char *families;   /* " orders inventory " switched on */
	int64_t bulk_over;      /* more changes than these go by feed; -1: it is reckoned */
	int64_t window_ms;      /* changes are gathered so long */
	int64_t window_until_ms;
	int64_t route_ms;       /* which way is asked again then */
	bool chosen;            /* and was asked in this look: of what waits all the same nothing else is to be said yet */
	bool not_gathering;     /* no feed is being gathered: until the choice begins one nobody asks */
	bool blind;             /* some account's orders were unknown when that was chosen */
	bool routed;            /* single calls were chosen, which holds until route_ms for what comes by then */
	bool by_feed;           /* a feed was chosen: what goes by a single call all the same is urgent */
	char route_why[200];    /* why that was chosen */
	int64_t no_feed_until_ms; /* feeds were refused: not before */
	int64_t singles_left, gathered_to; /* of the feed being gathered: urgent ones that go alone; the last job that was looked at */
	bool doubt;             /* nobody knows whether a feed was handed in */
	bool marking;           /* a feed was taken, and its items are to be marked */
	bool still;             /* of what is due nothing may go before still_ms, unless something changes (dispatch.c) */
	int64_t still_ms;
	int64_t list_ms;        /* its list was asked for last to prove many zeros at once */
	int64_t file_told_ms;   /* local: when it was last noted that the file is there, unchanged */
	struct stamp file_seen; /* local: the counts file as it was when its reading was taken */
	struct stamp file_asked; /* as it was when a reading under way began */
	struct stamp file_left; /* as it was when its last reading was not taken: held back, or not understood */
	int64_t file_again_ms;  /* that one is read once more then */
	int64_t file_heard_ms;  /* the places that stand in it were heard then, the last time */
};

/* Is an access token fetched for it? Not where the channel has none, nor where each request is signed. */
bool link_takes_token(const struct link *l);

struct links {
	struct arena *arena;
	struct link *link;
	int n, cap;
	enum profile profile;
	struct limit_registry registry;
	struct policy_book book; /* what the configuration says about quantities */
	int64_t saved_ms;        /* when buckets and breakers were written down last */
};

/*
 * Open every [account NAME] of the configuration and put it on record. FAULT_REFUSED, with file:line where it can be said: an
 * unknown channel, a literal secret, a production host under another profile, plain http to a host that is not this machine,
 * no stated owner of catalog, stock or pricing ([truth]).
 */
enum fault links_open(struct links *ls, const struct config *c, struct store *s, struct vault *v, const struct cause *why, struct err *err);
void links_close(struct links *ls);

/*
 * Read the secrets of all accounts again: vault: and file:. Those that are another now are in use from the next request on and on record; what could not be
 * read stays as it was. changed: how many; said: what to tell who asked, in a.
 */
enum fault links_renew(struct links *ls, const struct config *c, struct store *s, struct vault *v, const struct cause *why, struct arena *a, int *changed,
                       const char **said, struct err *err);

/* Which file: secrets of accounts are another now than in use, a line each with their fingerprints; nothing is taken. */
enum fault links_look(struct links *ls, const struct config *c, struct vault *v, struct arena *a, const char ***line, int *n, struct err *err);

/* Use the other secrets of those there are two of. false: there is one of each. */
bool link_swap(struct link *l);

/* Is this URL one the profile may reach? Asked at the start and again before every request. */
enum fault profile_allows(enum profile p, const char *url, struct err *err);

/* The operation's row; NULL: it has none, and nothing may be sent. */
const struct operation *operation_of(const struct links *ls, const char *op);

struct link *link_by_id(struct links *ls, int64_t account);
struct gate *link_gate(struct links *ls, struct link *l, const char *op);
struct fuse *link_fuse(struct links *ls, struct link *l, const char *op);

/*
 * Save what a restart must not forget: buckets and breakers that moved. Inside the caller's transaction. A read costs one token of many: such are saved
 * once a second (links_due says when there is something left to save; INT64_MAX: nothing), all else at once.
 */
enum fault links_save(struct links *ls, struct store *s, int64_t now_ms, struct err *err);
enum fault links_save_soon(struct links *ls, struct store *s, int64_t now_ms, struct err *err);
int64_t links_due(const struct links *ls);

const char *profile_name(enum profile p);

#endif
