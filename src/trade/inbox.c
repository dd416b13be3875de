#include "trade/inbox.h"

#include "base/text.h"
#include "store/store.h"
#include "trade/audit.h"
#include "trade/change.h"
#include "trade/jobs.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

/* What a class of failure means, and what to do about it: an operator needs no developer to read it. */
static const struct {
	const char *class, *effect, *remedy;
} classes[] = {
	{ "SCHEMA", "this piece was not read; the rest of the reply was", "open the raw reply; if their shape changed, report it; then retry" },
	{ "ENUM", "shown as UNKNOWN with their own word; nothing is decided by it", "look the word up with the platform, then retry" },
	{ "ITEM", "their system did not take this item", "mend the item as their error says, then send it again" },
	{ "FEED", "part or all of a feed was not applied", "open its item errors; quantities can be pushed one by one" },
	{ "MAPPING", "the SKU is not known here: no stock is kept for it", "count it or correct the SKU, then retry" },
	{ "UNIT", "its last count stays in force", "have the unit of measure put into their product list: it is read again by itself" },
	{ "FILE", "nothing of the file was applied", "mend the line named, save the file: it is read again by itself" },
	{ "NET", "they were not reached; nothing was said", "nothing: it is tried again by itself" },
	{ "UNSURE", "it may have happened: it is looked up before it is said again", "nothing: reading decides; look at the order if it stays so for 15 minutes" },
	{ "BUSY", "they asked to slow down", "nothing: it goes on when their limit allows" },
	{ "REMOTE", "their system failed", "nothing: it is tried again by itself" },
	{ "AUTH", "they do not know us: nothing of this account moves", "check secret, expiry and roles (tallyman doctor), then retry" },
	{ "REFUSED", "they understood and said no", "read their reason, mend it, then retry; or archive it" },
	{ "FORMAT", "we did not understand their answer", "open the raw reply; then retry" },
	{ "ENDPOINT", "not they answer at their address", "a proxy's or a maintenance page goes away by itself; else check the address of the account, then retry" },
	{ "STORE", "our own store did not take it", "tallyman doctor; then retry" },
};

/* Of a read that is made again and again it is told what is not known meanwhile. */
static const char *read_effect(const char *verb)
{
	static const struct {
		const char *verb, *effect;
	} reads[] = {
		{ "orders", "its newest orders are not known: no quantity is raised anywhere meanwhile" },
		{ "stock-list", "what it shows is not known: what others change there is not seen" },
		{ "counts", "its last counts stay in force until they are too old" },
		{ "dispatches", "what left the warehouse is not known: it goes on counting as owed" },
	};

	for (size_t i = 0; i < sizeof reads / sizeof *reads; i++)
		if (!strcmp(reads[i].verb, verb))
			return reads[i].effect;
	return "what it tells is not known meanwhile";
}

static const char *read_remedy(const char *class)
{
	return !strcmp(class, "REFUSED") ? "mend what they name: it is tried again by itself" : fault_remedy(class);
}

const char *fault_effect(const char *class)
{
	for (size_t i = 0; i < sizeof classes / sizeof *classes; i++)
		if (!strcmp(classes[i].class, class))
			return classes[i].effect;
	return "";
}

/* A piece that could not be read, by what it is a piece of. Of an order that was read before something is known (INBOX_ROW). */
static const char *piece_effect(enum verb verb, const char *class)
{
	if (strcmp(class, "SCHEMA"))
		return fault_effect(class);
	switch (verb) {
	case VERB_ORDERS:
	case VERB_ORDER:
		return "this order is not in the queue; the rest of the reply is";
	case VERB_STOCK_LIST:
		return "what it shows is as it was last read; the rest of the reply is read";
	case VERB_COUNTS:
		return "its last count stays in force; the rest of the reply is read";
	default:
		return fault_effect(class);
	}
}

const char *fault_remedy(const char *class)
{
	for (size_t i = 0; i < sizeof classes / sizeof *classes; i++)
		if (!strcmp(classes[i].class, class))
			return classes[i].remedy;
	return "open the raw reply, then retry or archive";
}

/* ---- parking ---- */

static enum fault keep_fragment(struct store *s, const struct parked *p, const struct sealer *seal, int64_t now_ms, int64_t *id, struct err *err)
{
	static const int64_t keep_ms = INT64_C(30) * 86400000;

	*id = 0;
	if (!p->fragment || !seal)
		return OK;
	return body_keep(s, p->fragment, p->fragment_n, now_ms + keep_ms, seal, id, err);
}

/*
 * A piece stands at another index each time: its subject tells it apart. One whose subject is what could not be read is told apart
 * by its bytes, or else a second one at the same place would take the first one's row.
 */
enum { HASHED = 24 };

static const char *subject_of(const struct parked *p, char nameless[HASHED])
{
	char hex[65];

	if (p->subject && *p->subject)
		return p->subject;
	if (!p->fragment)
		return "";
	sha256_hex(p->fragment, p->fragment_n, hex);
	snprintf(nameless, HASHED, "#%.12s", hex);
	return nameless;
}

static enum fault state_of(struct store *s, int64_t id, char out[16], struct err *err)
{
	static const char sql[] = "SELECT state FROM inbox WHERE id = ?";
	struct rows *r = ASK(s, sql, V(id));

	snprintf(out, 16, "%s", rows_next(r) ? rows_text(r, 0) : "");
	return rows_end(r, err);
}

enum fault inbox_park(struct store *s, int64_t account, enum verb verb, const struct parked *p, const struct sealer *seal,
                      const struct cause *why, struct err *err)
{
	/*
	 * The same piece again is counted; a row that was closed opens again. A feed's verdict and its items' are told as long as the platform
	 * lists the feed: the same words again are no new failure.
	 */
	static const char sql[] =
		"INSERT INTO inbox (account_id, verb, class, subject, path, text, effect, remedy, state, fragment, attempt_id, first_ms, last_ms) "
		"VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 'parked', ?9, ?10, ?11, ?11) "
		"ON CONFLICT (account_id, verb, class, subject) DO UPDATE SET path = excluded.path, text = excluded.text, state = CASE WHEN inbox.state = 'archived' "
		"THEN 'archived' ELSE 'parked' END, fragment = coalesce(excluded.fragment, inbox.fragment), "
		"unlike = CASE WHEN coalesce(excluded.fragment, inbox.fragment) IS DISTINCT FROM inbox.fragment THEN NULL ELSE inbox.unlike END, "
		"dry_build = '', attempt_id = coalesce(excluded.attempt_id, inbox.attempt_id), count = inbox.count + 1, "
		"last_ms = excluded.last_ms WHERE excluded.class <> 'FEED' OR inbox.text <> excluded.text"; /* a feed that ended stays so */
	const char *effect = p->effect ? p->effect : piece_effect(verb, p->class), *remedy = p->remedy ? p->remedy : fault_remedy(p->class);
	char nameless[HASHED];
	static const char ask[] = "SELECT id FROM inbox WHERE account_id = ? AND verb = ? AND class = ? AND subject = ?";
	const char *subject = subject_of(p, nameless);
	char was[16] = "", is[16] = "";
	int64_t fragment, id = 0;
	enum fault f;

	assert(store_in_transaction(s));
	f = keep_fragment(s, p, seal, why->now_ms, &fragment, err);
	if (!f)
		f = GET_INT(s, err, 0, &id, ask, V(account), V(verb_name(verb)), V(p->class), V(subject));
	if (!f && id)
		f = state_of(s, id, was, err);
	if (!f)
		f = RUN(s, err, sql, V(account), V(verb_name(verb)), V(p->class), V(subject), V(p->path ? p->path : ""), V(p->text), V(effect),
	               V(remedy), fragment ? V(fragment) : V_NULL, why->attempt_id ? V(why->attempt_id) : V_NULL, V(why->now_ms));
	if (!f && id)
		f = state_of(s, id, is, err);
	return f || !id ? f : change_text(s, "inbox", id, "state", was, is, why->now_ms, why, err);
}

enum fault inbox_turn(struct store *s, int64_t id, const char *state, const struct cause *why, struct err *err)
{
	static const char sql[] = "UPDATE inbox SET state = ?2, last_ms = ?3 WHERE id = ?1 AND state <> ?2";
	char was[16];

	assert(store_in_transaction(s));
	if (state_of(s, id, was, err) || RUN(s, err, sql, V(id), V(state), V(why->now_ms)))
		return FAULT_STORE;
	return change_text(s, "inbox", id, "state", was, state, why->now_ms, why, err);
}

enum fault inbox_understood(struct store *s, int64_t account, enum verb verb, const char *subject, const struct cause *why, struct err *err)
{
	static const char sql[] = "SELECT id FROM inbox WHERE account_id = ?1 AND verb IN (?2, ?3) AND subject = ?4 "
				  "AND class IN ('SCHEMA', 'ENUM', 'FILE', 'UNIT') AND state IN ('parked', 'retried') LIMIT 1";
	/* an order that its list could not tell may be read on its own, and the other way round */
	enum verb twin = verb == VERB_ORDERS ? VERB_ORDER : verb == VERB_ORDER ? VERB_ORDERS : verb;
	int64_t id;

	if (!subject || !*subject)
		return OK;
	for (;;) {
		if (GET_INT(s, err, 0, &id, sql, V(account), V(verb_name(verb)), V(verb_name(twin)), V(subject)))
			return FAULT_STORE;
		if (!id)
			return OK;
		if (inbox_turn(s, id, "understood", why, err))
			return FAULT_STORE;
	}
}

/* ---- parsed once more ---- */

enum fault inbox_dry_due(struct store *s, const char *build, int n, struct arena *a, struct parked_piece **out, int *got, struct err *err)
{
	static const char sql[] = "SELECT id, account_id, attempt_id, verb, class, subject, path FROM inbox WHERE state IN ('parked', 'retried') AND dry_build <> ?1 "
				  "AND attempt_id IS NOT NULL AND class IN ('SCHEMA', 'ENUM', 'UNIT', 'FORMAT') ORDER BY last_ms DESC, id DESC LIMIT ?2";
	struct rows *r = ASK(s, sql, V(build), V(n));

	*out = arena_alloc(a, (size_t)n * sizeof **out);
	for (*got = 0; *got < n && rows_next(r);)
		(*out)[(*got)++] = (struct parked_piece){ .id = rows_int(r, 0), .account = rows_int(r, 1), .attempt = rows_int(r, 2), .verb = rows_keep(r, 3, a),
			                                  .class = rows_keep(r, 4, a), .subject = rows_keep(r, 5, a), .path = rows_keep(r, 6, a) };
	return rows_end(r, err);
}

enum fault inbox_dry_put(struct store *s, int64_t id, const char *build, bool good, const char *text, struct err *err)
{
	static const char sql[] = "UPDATE inbox SET dry_build = ?2, dry_good = ?3, dry_text = ?4 WHERE id = ?1";

	assert(store_in_transaction(s));
	return RUN(s, err, sql, V(id), V(build), V(good ? 1 : 0), V(text));
}

enum fault inbox_dry(struct store *s, int64_t id, struct arena *a, bool *good, const char **text, struct err *err)
{
	static const char sql[] = "SELECT dry_good, dry_text FROM inbox WHERE id = ? AND dry_build <> ''";
	struct rows *r = ASK(s, sql, V(id));

	*text = NULL;
	*good = false;
	if (rows_next(r)) {
		*good = rows_int(r, 0);
		*text = rows_keep(r, 1, a);
	}
	return rows_end(r, err);
}

const char *failure_says(const struct failure *f, struct arena *a)
{
	enum { BRIEF = 20 }; /* a longer text names it itself */
	const char *dot = strrchr(f->path, '.'), *name = dot && dot[1] ? dot + 1 : f->path;

	return *name && text_width(f->text) <= BRIEF ? arena_printf(a, "%s: %s", name, f->text) : f->text;
}

/* ---- the Failed pane: both kinds in one list, newest first ---- */

#define INBOX_ROW \
	"SELECT i.id AS id, 0 AS is_job, a.name AS account, a.channel AS channel, i.verb AS verb, i.class AS class, i.subject AS subject, " \
	"i.path AS path, i.text AS text, CASE WHEN i.class = 'SCHEMA' AND i.verb IN ('orders', 'order') AND EXISTS (SELECT 1 FROM orders o WHERE o.account_id = i.account_id AND " \
	"o.ref = i.subject) THEN 'what became of this order is not known; it stands in the queue as it was last read' ELSE i.effect END AS effect, i.remedy AS remedy, i.owner AS owner, i.state AS state, i.count AS count, " \
	"i.first_ms AS first_ms, i.last_ms AS last_ms, 0 AS next_ms, coalesce(i.attempt_id, 0) AS attempt_id, coalesce(i.fragment, 0) AS body_id, 0 AS repeats " \
	"FROM inbox i JOIN account a ON a.id = i.account_id "

/* A poll is as old as its account: what counts of it is what failed since it was last answered well. */
#define LAST_GOOD \
	"coalesce((SELECT y.attempt_id FROM attempt_job y JOIN attempt g ON g.id = y.attempt_id WHERE y.job_id = j.id AND g.fault = '' AND g.closed_ms > 0 " \
	"ORDER BY y.attempt_id DESC LIMIT 1), 0)"
#define FIRST_MS \
	"CASE WHEN j.repeats = 0 THEN j.made_ms ELSE coalesce((SELECT min(t.opened_ms) FROM attempt_job x JOIN attempt t ON t.id = x.attempt_id WHERE x.job_id = j.id " \
	"AND x.attempt_id > " LAST_GOOD " AND t.fault NOT IN ('', 'BUSY')), j.state_ms) END"

#define JOB_ROW \
	"SELECT j.id AS id, 1 AS is_job, a.name AS account, a.channel AS channel, j.verb AS verb, CASE WHEN j.state = 'unsure' THEN 'UNSURE' " \
	"ELSE j.fault END AS class, j.subject AS subject, '' AS path, j.text AS text, '' AS effect, '' AS remedy, j.owner AS owner, " \
	"j.state AS state, CASE WHEN j.repeats = 0 THEN j.tries ELSE j.fails END AS count, " FIRST_MS " AS first_ms, j.state_ms AS last_ms, CASE WHEN j.state = 'waiting' THEN j.due_ms ELSE 0 END " \
	"AS next_ms, (SELECT coalesce(max(aj.attempt_id), 0) FROM attempt_job aj WHERE aj.job_id = j.id) AS attempt_id, 0 AS body_id, j.repeats AS repeats " \
	"FROM job j JOIN account a ON a.id = j.account_id "

static struct failure read_failure(const struct rows *r, struct arena *a)
{
	struct failure f = {
		.id = rows_int(r, 0),
		.is_job = rows_int(r, 1) != 0,
		.account_name = rows_keep(r, 2, a),
		.channel = rows_keep(r, 3, a),
		.verb = rows_keep(r, 4, a),
		.class = rows_keep(r, 5, a),
		.subject = rows_keep(r, 6, a),
		.path = rows_keep(r, 7, a),
		.text = rows_keep(r, 8, a),
		.effect = rows_keep(r, 9, a),
		.remedy = rows_keep(r, 10, a),
		.owner = rows_keep(r, 11, a),
		.state = rows_keep(r, 12, a),
		.count = rows_int(r, 13),
		.first_ms = rows_int(r, 14),
		.last_ms = rows_int(r, 15),
		.next_ms = rows_int(r, 16),
		.attempt_id = rows_int(r, 17),
		.body_id = rows_int(r, 18),
		.repeats = rows_int(r, 19) != 0,
	};

	if (!*f.effect && !f.is_job)
		f.effect = piece_effect(verb_from_name(f.verb), f.class);
	if (f.is_job) {
		f.effect = f.repeats ? read_effect(f.verb) : fault_effect(f.class);
		f.remedy = f.repeats ? read_remedy(f.class) : fault_remedy(f.class);
	}
	/* waiting for its next try, or for a read that decides: the engine's. Everything else is a person's. */
	f.auto_retry = f.is_job && (!strcmp(f.state, "waiting") || !strcmp(f.state, "unsure"));
	return f;
}

/* Each branch is walked along its own partial index and gives no more than a page. */
#define BRANCH(row, where, at, is_job, id) \
	"SELECT * FROM (" row "WHERE " where " AND " at " <= ?1 AND (" at ", " is_job ", " id ") < (?1, ?2, ?3) ORDER BY " at " DESC, " id \
	" DESC LIMIT ?4)"
#define JOB_BRANCH(where) BRANCH(JOB_ROW, where, "j.state_ms", "1", "j.id")

enum fault failures_page(struct store *s, const struct failure *before, int n, struct arena *a, struct failure **out, int *got, struct err *err)
{
	static const char sql[] =
		"SELECT * FROM (" BRANCH(INBOX_ROW, "i.state IN ('parked', 'retried')", "i.last_ms", "0", "i.id") " UNION ALL "
		JOB_BRANCH("j.state = 'failed'") " UNION ALL " JOB_BRANCH("j.state = 'unsure'") " UNION ALL "
		JOB_BRANCH("j.state = 'waiting' AND j.fails >= 3") ") AS f ORDER BY last_ms DESC, is_job DESC, id DESC LIMIT ?4";
	int64_t ms = before ? before->last_ms : INT64_MAX;
	struct rows *r = ASK(s, sql, V(ms), V(before ? before->is_job : true), V(before ? before->id : INT64_MAX), V(n));
	int cap = 0;

	*out = NULL;
	*got = 0;
	while (rows_next(r)) {
		*out = arena_grow(a, *out, *got, &cap, sizeof **out);
		(*out)[(*got)++] = read_failure(r, a);
	}
	return rows_end(r, err);
}

enum fault failures_count(struct store *s, int64_t *n, struct err *err)
{
	static const char sql[] = "SELECT (SELECT count(*) FROM inbox WHERE state IN ('parked', 'retried')) + (SELECT count(*) FROM job WHERE state = 'failed') + "
				  "(SELECT count(*) FROM job WHERE state = 'unsure') + (SELECT count(*) FROM job WHERE state = 'waiting' AND fails >= 3)";

	return store_get_int(s, err, 0, n, sql, NULL, 0);
}

enum fault failure_get(struct store *s, bool is_job, int64_t id, struct arena *a, struct failure *out, struct err *err)
{
	static const char inbox[] = INBOX_ROW "WHERE i.id = ?1", job[] = JOB_ROW "WHERE j.id = ?1";
	struct rows *r = is_job ? ASK(s, job, V(id)) : ASK(s, inbox, V(id));
	bool found = rows_next(r);

	if (found)
		*out = read_failure(r, a);
	if (rows_end(r, err))
		return FAULT_STORE;
	return found ? OK : err_set(err, FAULT_REFUSED, "that row is no longer there");
}
