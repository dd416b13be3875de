#include "trade/lists.h"

#include "store/store.h"

#include <string.h>

enum { PAGE = 500 };

static int at_most(int n)
{
	return n < 0 ? 0 : n > PAGE ? PAGE : n;
}

enum fault items_page(struct store *s, const char *after, int n, struct arena *a, struct item **out, int *got, struct err *err)
{
	static const char sql[] = "SELECT id, sku, title, counted, reserved, available, known_ms FROM item WHERE sku > ? ORDER BY sku LIMIT ?";
	struct rows *r = ASK(s, sql, V(after), V(at_most(n)));

	*out = arena_alloc(a, sizeof **out * (size_t)(at_most(n) + 1));
	for (*got = 0; *got < at_most(n) && rows_next(r); ++*got)
		(*out)[*got] = (struct item){
			.id = rows_int(r, 0),
			.sku = rows_keep(r, 1, a),
			.title = rows_keep(r, 2, a),
			.counted = rows_int(r, 3),
			.reserved = rows_int(r, 4),
			.available = rows_int(r, 5),
			.known_ms = rows_int(r, 6),
		};
	return rows_end(r, err);
}

enum fault shelves_of(struct store *s, int64_t item, struct arena *a, struct shelf_row **out, int *n, struct err *err)
{
	static const char sql[] = "SELECT p.name, p.kind, p.counts, k.counted, k.valid_ms, k.known_ms, p.max_age_ms FROM stock k "
				  "JOIN place p ON p.id = k.place_id WHERE k.item_id = ? ORDER BY p.name";
	struct rows *r = ASK(s, sql, V(item));
	int cap = 0;

	*out = NULL;
	for (*n = 0; rows_next(r); ++*n) {
		*out = arena_grow(a, *out, *n, &cap, sizeof **out);
		(*out)[*n] = (struct shelf_row){
			.place = rows_keep(r, 0, a),
			.kind = rows_keep(r, 1, a),
			.counts = rows_int(r, 2) != 0,
			.counted = rows_int(r, 3),
			.valid_ms = rows_int(r, 4),
			.known_ms = rows_int(r, 5),
			.max_age_ms = rows_int(r, 6),
		};
	}
	return rows_end(r, err);
}

#define JOB_ROW \
	"SELECT j.id, j.subject_id, j.due_ms, j.fails, j.tries, coalesce(j.intent_id, 0), j.made_ms, j.state_ms, c.name, j.verb, " \
	"j.subject, j.state, j.fault, j.text, j.owner, j.trace, j.route, j.route_why, coalesce(j.feed_id, 0) FROM job j CROSS JOIN account c WHERE c.id = j.account_id AND "

/* The state is a literal, so that the partial index of the busy ones serves. */
#define JOBS(state) JOB_ROW "j.state = '" state "' AND j.id < ? ORDER BY j.id DESC LIMIT ?"

static const struct {
	const char *state, *sql;
} states[] = {
	{ "waiting", JOBS("waiting") }, { "inflight", JOBS("inflight") }, { "sent", JOBS("sent") },             { "unsure", JOBS("unsure") },
	{ "failed", JOBS("failed") },   { "done", JOBS("done") },         { "superseded", JOBS("superseded") },
};

enum { STATES = sizeof states / sizeof *states };

const char *job_state_at(int i)
{
	return i >= 0 && i < STATES ? states[i].state : NULL;
}

static struct job_row read_job(const struct rows *r, struct arena *a)
{
	return (struct job_row){
		.id = rows_int(r, 0),
		.subject_id = rows_int(r, 1),
		.due_ms = rows_int(r, 2),
		.fails = rows_int(r, 3),
		.tries = rows_int(r, 4),
		.intent_id = rows_int(r, 5),
		.made_ms = rows_int(r, 6),
		.state_ms = rows_int(r, 7),
		.account_name = rows_keep(r, 8, a),
		.verb = rows_keep(r, 9, a),
		.subject = rows_keep(r, 10, a),
		.state = rows_keep(r, 11, a),
		.fault = rows_keep(r, 12, a),
		.text = rows_keep(r, 13, a),
		.owner = rows_keep(r, 14, a),
		.trace = rows_keep(r, 15, a),
		.route = rows_keep(r, 16, a),
		.route_why = rows_keep(r, 17, a),
		.feed = rows_int(r, 18),
	};
}

enum fault jobs_page(struct store *s, const char *state, int64_t before, int n, struct arena *a, struct job_row **out, int *got,
                     struct err *err)
{
	struct rows *r;
	int i = 0;

	while (i < STATES && strcmp(states[i].state, state))
		i++;
	*got = 0;
	if (i == STATES)
		return err_set(err, FAULT_REFUSED, "a job has no state %.40s", state);
	*out = arena_alloc(a, sizeof **out * (size_t)(at_most(n) + 1));
	r = ASK(s, states[i].sql, V(before ? before : INT64_MAX), V(at_most(n)));
	while (*got < at_most(n) && rows_next(r))
		(*out)[(*got)++] = read_job(r, a);
	return rows_end(r, err);
}

enum fault job_row_get(struct store *s, int64_t id, struct arena *a, struct job_row *out, struct err *err)
{
	static const char sql[] = JOB_ROW "j.id = ?";
	struct rows *r = ASK(s, sql, V(id));
	bool found = rows_next(r);

	if (found)
		*out = read_job(r, a);
	if (rows_end(r, err))
		return FAULT_STORE;
	return found ? OK : err_set(err, FAULT_REFUSED, "there is no job %lld", (long long)id);
}

#define SHOWN_OFFERS "FROM offer f JOIN account c ON c.id = f.account_id JOIN item i ON i.id = f.item_id WHERE f.pool = 'own' AND c.mode = 'live' AND c.enabled = 1 AND coalesce(f.seen, f.pushed, 0) > 0 "

enum fault offers_exposed(struct store *s, int n, struct arena *a, struct exposed **out, int *got, int64_t *all, struct err *err)
{
	static const char sql[] = "SELECT c.name, f.marketplace, f.sku, coalesce(f.seen, f.pushed, 0), i.available " SHOWN_OFFERS
				  "ORDER BY coalesce(f.seen, f.pushed, 0) - i.available DESC, f.id LIMIT ?";
	static const char count[] = "SELECT count(*) " SHOWN_OFFERS "AND f.id >= ?";
	struct rows *r = ASK(s, sql, V(at_most(n)));

	*out = arena_alloc(a, sizeof **out * (size_t)(at_most(n) + 1));
	for (*got = 0; *got < at_most(n) && rows_next(r); ++*got)
		(*out)[*got] = (struct exposed){
			.account_name = rows_keep(r, 0, a),
			.marketplace = rows_keep(r, 1, a),
			.sku = rows_keep(r, 2, a),
			.shown = rows_int(r, 3),
			.available = rows_int(r, 4),
		};
	return rows_end(r, err) ? FAULT_STORE : GET_INT(s, err, 0, all, count, V(0));
}

enum fault newest_known(struct store *s, int64_t *out, struct err *err)
{
	static const char sql[] = "SELECT max(coalesce((SELECT opened_ms FROM attempt ORDER BY id DESC LIMIT 1), 0), "
				  "coalesce((SELECT known_ms FROM change ORDER BY id DESC LIMIT 1), 0), coalesce((SELECT max(beat_ms) FROM lease), 0))";

	return store_get_int(s, err, 0, out, sql, NULL, 0);
}
