#ifndef TALLYMAN_INTENTS_H
#define TALLYMAN_INTENTS_H
/*
 * intents.h: what somebody decided: a person at a console, a script, a rule. One door.
 *
 * The asker makes the id, so that asking again after a lost answer is harmless. What reaches a
 * marketplace carries the digest of the plan that was shown and the line that was typed; the
 * engine builds the plan again and refuses when it is no longer the same.
 */
#include "base/arena.h"
#include "base/err.h"
#include "base/fields.h"
#include "trade/cause.h"

#include <stdbool.h>
#include <stdint.h>

struct store;

/* Kinds, and what their payload says. */
enum intent_kind {
	INTENT_ACK,     /* acknowledge orders: order=ID ... */
	INTENT_SHIP,    /* confirm a package each: order=ID ..., carrier, tracking, url, service, shipped_ms; tracking.ID for one of several */
	INTENT_CANCEL,  /* cancel an order's open lines: order=ID, reason */
	INTENT_PUSH,    /* say offers' targets now, though unchanged: offer=ID ... */
	INTENT_RETRY,   /* local: job=ID ..., inbox=ID ... */
	INTENT_ASSIGN,  /* local: job= inbox=, owner */
	INTENT_NOTE,    /* local: subject, text */
	INTENT_COUNT,   /* local: place, sku, qty */
	INTENT_COUNTS,  /* local: file (absolute path), whole */
	INTENT_ARCHIVE, /* local: inbox= job= */
	INTENT_ALERT_ACK, /* local: alert=ID */
	INTENT_INCIDENT, /* local: action=ack|close|mute|unmute|own|step, incident=ID ... (incidents.h) */
	INTENT_LIVE,    /* account: from shadow to live */
	INTENT_SHADOW,  /* account: back */
	INTENT_REFRESH, /* local: read again now: order=ID, offer=ID or nothing for everything */
	INTENT_BACKUP,  /* local: file */
	INTENT_REVEAL,  /* local: order=ID or body=ID: unseal for a person; buyer=TEXT, after=ID: which orders are his (person.h); written into the audit */
	INTENT_STOP,    /* local: end the engine cleanly */
	INTENT_POLICY,  /* local: action=set|clear|tag|untag, scope, name, account, key, value; tag=WORD ... */
	INTENT_MAP,     /* what SKUs stand for: map=ACCOUNT:PACK:ITEM:SKU ..., item 0 takes back what was said; by=person|import */
	INTENT_KIT,     /* what kits are made of: kit=QTY:PART:SKU ..., all lines of a SKU together, 0:0:SKU: it is none any more */
	INTENT_PLACE,   /* local: place, and set=KEY=VALUE ...; or sku, what=held|moving, qty */
	INTENT_ZERO,    /* hold offers at zero: scope=WORD ... (zero.h), offer=ID ..., except=OFFERS ... (numbers, or runs of them: 3-8,12), account?, remind_ms?, until_ms?, counted?, looked_ms? (when the person looked), reason?; why is required */
	INTENT_LIFT,    /* let go of them again: zero=ID ... */
	INTENT_APPROVE, /* a second person's word for what somebody else proposed: intent=ID */
	INTENT_RECONCILE, /* local: of the account it names, or of all; full=1 */
	INTENT_SITTING, /* local: a session is begun, decided in, left (sitting.h) */
	INTENT_SETTLE,  /* carry out what a session decided: session=ID */
	INTENT_VAULT,   /* local: action=unlock, slot, key; action=reload: secrets are read again */
	INTENT_REDACT,  /* local, for good: order=ID ...: what is known of their people is destroyed now */
	INTENT_RELEASE, /* a store that was put back may write again: why */
	INTENT_LOGIN,   /* local: somebody sits down at a console: whence; again=1: he sat there when the engine before this one ended */
	INTENT_LET,     /* what a plan takes off sale, and waits for a person, may go (planned.h); zero=ID: what moved of a zero-out (zero.h) */
	INTENT_HALT,    /* local: stop a zero-out between two calls: zero=ID ... (zero.h); LET with zero=ID goes on */
	INTENT_EVENT,   /* local: an event of the configuration, its name as subject: say=on|off|auto, until_ms?; why is required */
	INTENT_HOLD,    /* local: hold off the zero of an account out of step, account; or with place=1 the end of what is known of one, its name as subject: minutes (0: no longer); why is required */
	INTENT_OUTAGE,  /* local: a platform is out, somebody says: account, until_ms?, end=1: it is not any more; why is required */
	INTENT_ARM,     /* local: somebody armed or disarmed a console: minutes, why */
	INTENT_TASK,    /* local: task=ID, state=done|skipped|open, note (tasks.h) */
	INTENT_HANDOVER, /* local: to=NAME: a shift is signed over; take=ID: it is taken (handover.h) */
	INTENT_KINDS
};

struct intent {
	int64_t id;
	const char *asker; /* a UUID */
	enum intent_kind kind;
	int64_t account;
	const char *subject;
	struct fields payload;
	const char *digest, *typed, *actor, *why, *state, *result, *trace;
	bool proposes; /* a program's: a person looks at the plan, and then it is carried out */
	int64_t made_ms;
};

const char *intent_kind_name(enum intent_kind k); /* "ship" */
enum intent_kind intent_kind_from_name(const char *name); /* INTENT_KINDS when it is none */
bool intent_writes(enum intent_kind k); /* reaches a marketplace, lets something reach it, or can never be undone: wants ARMED and a typed line */

/* ---- plans: what an intent would do, in words and as a digest ---- */

/* A step about a quantity, as the cells of a table; the step's words say the same in a line. */
struct plan_row {
	const char *sku, *item, *account, *site; /* site: of struct offer */
	int64_t was, to;          /* what they show, -1: never read; what it becomes, -1: what is right then */
	int64_t master, open;     /* how many of the item there are; units of open orders, which stay, -1: not asked */
	int64_t sold, lost_minor; /* units in seven days, -1: not asked; money a day while it is at zero */
	int64_t value_minor;      /* of what is shown, at the price one was sold for last */
	const char *currency;     /* "": nothing was sold */
	const char *check;        /* "oversold by 3", "ok" */
	bool look;                /* a person should look at the check */
};

struct plan {
	enum intent_kind kind;
	const char *line;    /* to be typed: "ship 3 orders walmart-us" */
	const char *digest;  /* of everything below */
	const char **step;   /* "walmart-us 1796277083022: confirm 2 x SKU-0038 with UPS 1Z..." */
	const int64_t *step_id; /* the order or offer of each step; 0: of none alone */
	const struct plan_row *row; /* one a step, of plans about quantities; NULL: words alone */
	int steps;
	const char **skip;   /* rows left out, each with its reason */
	int skips;
	const char **warn;   /* "tracking number does not look like UPS" */
	int warns;
	const char **note;   /* what else is good to know; moves with every sale, so the digest leaves it out */
	int notes;
	const char *two;     /* why a second person has to agree; NULL: none has to */
};

/*
 * What would it do, now? Reads only; the same store and intent give the same plan and digest. FAULT_REFUSED when nothing is left to do.
 */
enum fault plan_make(struct store *s, const struct intent *in, int64_t now_ms, struct arena *a, struct plan *out, struct err *err);

/* ---- writing: the engine's side ---- */

/* Already known by its asker's id? Then its number, state and result. false: new. */
bool intent_known(struct store *s, const char *asker, struct arena *a, struct intent *out);
enum fault intent_get(struct store *s, int64_t id, struct arena *a, struct intent *out, struct err *err); /* whole, with its payload; FAULT_REFUSED */
enum fault intent_file(struct store *s, struct intent *in, const struct cause *why, struct err *err); /* sets id; state filed, or proposed where two persons are needed */
/* A second person agreed to what was proposed. */
enum fault intent_agreed(struct store *s, int64_t id, const struct cause *why, struct err *err);
enum fault intent_done(struct store *s, int64_t id, bool refused, const char *result, const struct cause *why, struct err *err);

/* What was proposed waits so long for a second person; then it is refused. */
enum { APPROVAL_MS = 10 * 60 * 1000 };
enum fault intents_expire(struct store *s, const struct cause *why, struct err *err);

/*
 * Carry out: check the digest and the typed line, write what follows (shipments, jobs, notes), the audit row, and mark it
 * done; or refused with the reason. One transaction, the caller's. Kinds that need keys, files or the network (REVEAL, BACKUP,
 * COUNTS, STOP) are the engine's own and not handled here: FAULT_REFUSED.
 */
enum fault intent_carry(struct store *s, struct intent *in, const struct cause *why, struct err *err);

/* INTENT_REFRESH of named orders and offers: queue their reads for now. */
enum fault intent_refresh(struct store *s, const struct intent *in, const struct cause *why, struct err *err);

/* ---- the message on the socket ---- */

/* A word of its payload for one of several orders: tracking.17 before tracking; "" without either. */
const char *intent_word(const struct intent *in, const char *key, int64_t id);

/* Why, in the asker's words: of its own (a console is armed for another reason), else what every intent carries; "". */
const char *intent_reason(const struct intent *in);

/* As text, and back. FAULT_FORMAT: it is no intent, or one of a kind that this program does not know. */
char *intent_pack(const struct intent *in, struct arena *a);
enum fault intent_unpack(struct arena *a, const char *text, struct intent *out, struct err *err);

#endif
