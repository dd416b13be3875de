/*
 * tallyman bundle: an incident in one file, for a colleague on another machine; tallyman ticket: the text that a channel's support asks for.
 */
#include "trade/bundle.h"

#include "cmd/lists.h"
#include "cmd/people.h"
#include "cmd/print.h"
#include "cmd/send.h"
#include "cmd/session.h"
#include "base/fields.h"
#include "base/text.h"
#include "trade/accounts.h"
#include "trade/incidents.h"
#include "trade/ticket.h"

#include <inttypes.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { HOUR_MS = 3600000, DAY_MS = 86400000 };

/* ---- what is wanted ---- */

struct wanted {
	struct bundle_scope scope;
	int64_t *item, *order;
	struct buf what;
};

static enum fault want_incident(struct session *s, struct wanted *w, int64_t id)
{
	struct incident in;
	enum fault f = incident_get(s->store, id, s->now_ms, s->a, &in, &s->err);

	if (f)
		return f;
	w->scope.from_ms = in.opened_ms - HOUR_MS;
	w->scope.to_ms = in.closed_ms ? in.closed_ms : s->now_ms;
	return OK;
}

static enum fault want_word(struct session *s, struct wanted *w, const char *word)
{
	struct found *found;
	int n;
	enum fault f = find_id(s->store, word, s->a, &found, &n, &s->err);

	if (f)
		return f;
	buf_printf(&w->what, "%s%s", w->what.len ? " " : "", word);
	for (int i = 0; i < n; i++) {
		if (found[i].kind == FOUND_ALERT)
			return want_incident(s, w, found[i].id);
		if (found[i].kind == FOUND_ITEM)
			w->item[w->scope.items++] = found[i].id;
		else if (found[i].kind == FOUND_ORDER)
			w->order[w->scope.orders++] = found[i].id;
		else
			continue;
		return OK;
	}
	return err_set(&s->err, FAULT_REFUSED, "%.80s is no incident, SKU or order here: `tallyman find` looks for it, `tallyman incident` lists incidents", word);
}

static enum fault want_times(struct session *s, struct wanted *w)
{
	if (s->o.since && time_parse(s->o.since, &w->scope.from_ms))
		return err_set(&s->err, FAULT_REFUSED, "--since wants a time with its zone, such as 2026-11-20T07:58:00Z");
	if (s->o.until && time_parse(s->o.until, &w->scope.to_ms))
		return err_set(&s->err, FAULT_REFUSED, "--until wants a time with its zone, such as 2026-11-20T07:58:00Z");
	return w->scope.from_ms < w->scope.to_ms ? OK : err_set(&s->err, FAULT_REFUSED, "--since must be a time before --until: swap the two, or leave --until out");
}

static enum fault want(struct session *s, struct wanted *w)
{
	struct account_row row;
	const struct passwd *pw = getpwuid(getuid());
	size_t most = (size_t)(s->o.words + 1);
	enum fault f = OK;

	*w = (struct wanted){ .what = buf_new(s->a), .item = arena_alloc(s->a, most * sizeof *w->item), .order = arena_alloc(s->a, most * sizeof *w->order) };
	w->scope = (struct bundle_scope){ .from_ms = s->now_ms - DAY_MS, .to_ms = s->now_ms, .now_ms = s->now_ms };
	buf_puts(&w->what, "");
	for (int i = 2; i < s->o.words && !f; i++)
		f = want_word(s, w, s->o.word[i]);
	if (!f)
		f = want_times(s, w);
	if (!f && s->o.account)
		f = account_by_name(s->store, s->o.account, s->a, &row, &s->err);
	if (!f && s->o.account)
		w->scope.account = row.id;
	w->scope.item = w->item;
	w->scope.order = w->order;
	w->scope.what = w->what.len ? w->what.p : "everything";
	w->scope.by = arena_printf(s->a, "uid:%u %s", (unsigned)getuid(), pw ? pw->pw_name : "?");
	return f;
}

/* ---- making it ---- */

/*
 * The bytes are sealed, and only the engine opens them; it blots out what is personal in JSON, and says of the rest that it is none: that stays behind.
 */
static int64_t take_bodies(struct session *s, struct store *to, const struct bundle_made *made, const char **why)
{
	int64_t taken = 0;

	*why = "";
	for (int i = 0; i < made->n_bodies; i++) {
		struct buf text = buf_new(s->a);
		bool json;

		if (body_fetch(s, made->body[i], &text, &json)) {
			*why = arena_strdup(s->a, s->err.text);
			if (s->err.fault == FAULT_NET || s->err.fault == FAULT_UNSURE)
				break;
			continue;
		}
		if (!json)
			continue;
		if (bundle_body(to, made->body[i], text.p, s->a, &s->err))
			break;
		taken++;
	}
	return taken;
}

/* Of whom nothing is known any more, nothing is taken; anything else that goes wrong leaves no bundle behind. */
static enum fault take_buyers(struct session *s, struct store *to, const struct bundle_made *made, const char *file, int64_t *taken)
{
	const char *why;
	enum fault f = people_agreed(s, "bundle", made->orders);

	why = arena_printf(s->a, "into a bundle, %.200s: %s", file, s->o.reason ? s->o.reason : "");
	for (int i = 0; i < made->n_orders && !f; i++) {
		struct fields person;

		f = person_fetch(s, made->order[i], why, &person);
		if (f == FAULT_REFUSED) {
			f = OK;
			continue;
		}
		if (!f)
			f = bundle_buyer(to, made->order[i], &person, s->a, &s->err);
		*taken += !f;
	}
	return !f && made->n_orders && !*taken ? err_set(&s->err, FAULT_REFUSED, "no buyer can be taken: %.300s", arena_strdup(s->a, s->err.text)) : f;
}

static const struct column columns[] = {
	{ "file", CELL_TEXT, false },  { "what", CELL_TEXT, false },   { "from", CELL_TIME, false },  { "to", CELL_TIME, false },
	{ "orders", CELL_INT, false }, { "items", CELL_INT, false },   { "jobs", CELL_INT, false },   { "calls", CELL_INT, false },
	{ "bodies", CELL_INT, false }, { "buyers", CELL_INT, false },  { "left_out", CELL_TEXT, false },
};

static void print_made(struct session *s, const struct wanted *w, const struct bundle_made *made, int64_t buyers, const char *file, const char *why)
{
	struct sheet *t = session_sheet(s, false);
	const char *people = s->o.buyers ? "" : "buyers; ";

	sheet_record(t, "bundle", COLUMNS(columns));
	put_text(t, file);
	put_text(t, w->scope.what);
	put_time(t, w->scope.from_ms);
	put_time(t, w->scope.to_ms);
	put_int(t, made->orders);
	put_int(t, made->items);
	put_int(t, made->jobs);
	put_int(t, made->attempts);
	put_int(t, made->bodies);
	put_int(t, buyers);
	put_text(t, *why ? arena_printf(s->a, "%sraw bytes: %s", people, why) : arena_printf(s->a, "%sraw bytes that are no JSON", people));
}

static enum fault make(struct session *s, const char *file)
{
	struct wanted w;
	struct bundle_made made;
	struct store *to;
	const char *why = "";
	int64_t buyers = 0;
	enum fault f = want(s, &w);

	if (!f)
		f = store_extract_create(file, &to, &s->err);
	if (f)
		return f;
	f = bundle_fill(s->store, to, &w.scope, s->a, &made, &s->err);
	if (!f && s->o.buyers)
		f = take_buyers(s, to, &made, file, &buyers);
	if (!f)
		made.bodies = take_bodies(s, to, &made, &why);
	if (f) {
		store_extract_finish(to, file, false, &(struct err){ 0 });
		return f;
	}
	f = store_extract_finish(to, file, true, &s->err);
	if (!f)
		print_made(s, &w, &made, buyers, file, why);
	return f;
}

static int look_at(const char *file)
{
	char *argv[] = { "console", "--store", (char *)(uintptr_t)file, NULL };

	if (store_is_file(file))
		return cmd_console(3, argv);
	fprintf(stderr, "tallyman bundle: %.200s is no file\n", file);
	return STATUS_FAILED;
}

int cmd_bundle(int argc, char **argv)
{
	struct session s;
	int status = session_begin(argc, argv, TAKES_SHAPE | TAKES_SPAN | TAKES_ACCOUNT | TAKES_BUYERS | TAKES_REASON | TAKES_CONFIRM, 2, -1, &s);

	if (status >= 0)
		return status;
	if (!strcmp(s.o.word[0], "open") && s.o.words == 2) {
		const char *file = s.o.word[1];

		session_end(&s, OK);
		return look_at(file);
	}
	if (strcmp(s.o.word[0], "make"))
		return session_leave(&s, command_misused("bundle", "make FILE, with what should be in it, or open FILE"));
	status = session_store(&s);
	return status >= 0 ? status : session_end(&s, make(&s, s.o.word[1]));
}

/* ---- the ticket ---- */

int cmd_ticket(int argc, char **argv)
{
	struct session s;
	const char *text;
	enum fault f;
	int status = session_open(argc, argv, 0, 0, 1, &s);

	if (status >= 0)
		return status;
	if (!s.o.words)
		return session_end(&s, incidents_print(&s));
	f = ticket_text(s.store, s.o.word[0], s.now_ms, s.a, &text, &s.err);
	for (const char *p = f ? "" : text; *p; p += strcspn(p, "\n"), p += *p == '\n') {
		char clean[2048];

		text_clean(clean, sizeof clean, arena_strndup(s.a, p, strcspn(p, "\n")));
		puts(clean);
	}
	return session_end(&s, f);
}
