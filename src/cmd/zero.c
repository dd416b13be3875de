/*
 * tallyman zero, lift, approve: offers held at nothing by hand, let go of again, and the second person where one is needed.
 */
#include "cmd/lists.h"
#include "cmd/print.h"
#include "cmd/send.h"
#include "cmd/session.h"
#include "cmd/zero_follow.h"
#include "base/text.h"
#include "trade/accounts.h"
#include "trade/portals.h"
#include "trade/standing.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

enum { PAGE = 200 };

/* ---- what is held ---- */

static const struct column columns[] = {
	{ "zero", CELL_TEXT, false },   { "state", CELL_TEXT, false },    { "since", CELL_TIME, false },    { "scope", CELL_TEXT, false },   { "offers", CELL_INT, false },
	{ "pending", CELL_INT, false }, { "reason", CELL_TEXT, false },   { "by", CELL_TEXT, false },      { "agreed", CELL_TEXT, true },
	{ "remind", CELL_TIME, true },  { "until", CELL_TIME, true },   { "rule", CELL_TEXT, true },  { "lifted", CELL_TIME, false },   { "lifted_by", CELL_TEXT, true }, { "intent", CELL_INT, true },
	{ "stopped", CELL_TIME, true }, { "stopped_by", CELL_TEXT, true },
};

static const struct column row_columns[] = {
	{ "account", CELL_TEXT, false }, { "marketplace", CELL_TEXT, true }, { "site", CELL_TEXT, false },  { "sku", CELL_TEXT, false },  { "before", CELL_INT, false },
	{ "seen", CELL_INT, false },     { "read", CELL_TIME, false },        { "state", CELL_TEXT, false }, { "target", CELL_INT, false },
	{ "available", CELL_INT, false }, { "fresh", CELL_INT, true },        { "node", CELL_TEXT, true },        { "offer", CELL_INT, true },
	{ "text", CELL_TEXT, false }, { "job", CELL_INT, true },
};

/* "Z-12" is held, "P-3" proposed under the intent 3, "PLAN" what a plan takes off sale and nobody has let yet. */
static const char *stand_name(const struct stand *d, struct arena *a)
{
	return d->kind == STAND_ZERO ? arena_printf(a, "Z-%lld", (long long)d->id) : d->kind == STAND_PROPOSED ? arena_printf(a, "P-%lld", (long long)d->id) : "PLAN";
}

static void put_stand(struct session *s, const struct stand *d)
{
	const struct zero *z = &d->zero;
	struct sheet *t = s->sheet;

	put_text(t, stand_name(d, s->a));
	put_text(t, stand_state(d));
	put_time(t, z->made_ms);
	put_text(t, z->scope);
	if (d->kind == STAND_PROPOSED) { /* its line says how many */
		put_none(t);
		put_none(t);
	} else {
		put_int(t, z->offers);
		put_int(t, z->pending);
	}
	put_text(t, z->reason);
	put_text(t, z->actor);
	put_text(t, z->approver);
	put_time(t, z->remind_ms);
	put_time(t, z->until_ms);
	put_text(t, z->rule);
	put_time(t, z->lifted_ms);
	put_text(t, z->lifted_by);
	put_int(t, z->intent);
	put_time(t, z->stopped_ms);
	put_text(t, z->stopped_by);
}

enum fault zeros_print(struct session *s, unsigned kinds)
{
	enum { MOST = 100000 };
	struct stand *d;
	int n;
	enum fault f = stands_page(s->store, s->o.all, MOST, s->now_ms, s->a, &d, &n, &s->err);

	sheet_table(session_sheet(s, false), "zeros", COLUMNS(columns));
	for (int i = 0; i < n && !f; i++)
		if ((kinds & 1U << d[i].kind) && stand_has(&d[i], s->o.find))
			put_stand(s, &d[i]);
	return f;
}

static void put_row(struct sheet *t, const struct zero_row *r)
{
	const struct offer *o = &r->offer;

	put_text(t, o->account_name);
	put_text(t, o->marketplace);
	put_text(t, o->site);
	put_text(t, o->sku);
	put_units(t, r->prior);
	put_units(t, o->seen);
	put_time(t, o->seen_ms);
	put_text(t, zero_state_name(r->state));
	put_units(t, o->target);
	put_int(t, o->available);
	put_units(t, r->fresh);
	put_text(t, o->node);
	put_int(t, o->id);
	put_text(t, r->text);
	put_int(t, r->job);
}

/* "Z-12", "P-3": behind its letter, the number. */
static bool is_stand(const char *word, char letter, int64_t *id)
{
	return toupper((unsigned char)*word) == letter && word[1] == '-' && text_int(word + 2, 1, INT64_MAX, id);
}

static bool is_number(const char *word, int64_t *id)
{
	return is_stand(word, 'Z', id);
}

/* ---- what may be done with one ---- */

static const struct column next_columns[] = { { "command", CELL_TEXT, false }, { "what", CELL_TEXT, false } };

static void put_next(struct session *s, const char *command, const char *what)
{
	put_text(s->sheet, command);
	put_text(s->sheet, what);
}

static enum fault print_next(struct session *s, const struct stand *d)
{
	const struct zero *z = &d->zero;
	int64_t of[ZERO_STATES] = { 0 }, id = d->id; /* of a proposal an intent's: it has no rows yet */
	bool held = d->kind == STAND_ZERO && !z->lifted_ms;

	if (held && zero_tally(s->store, id, of, &s->err))
		return s->err.fault;
	sheet_table(s->sheet, "next", COLUMNS(next_columns));
	if (d->kind == STAND_PROPOSED)
		put_next(s, arena_printf(s->a, "tallyman approve P-%lld", (long long)id), "agree to it, as the second person: somebody else than who proposed it");
	if (held && !z->stopped_ms && !*z->rule && (of[ZERO_QUEUED] || of[ZERO_READING] || of[ZERO_PENDING] || of[ZERO_MOVED]))
		put_next(s, arena_printf(s->a, "tallyman zero stop Z-%lld", (long long)id), "stop it between two calls: what was said stays");
	if (held && (of[ZERO_STOPPED] || of[ZERO_MOVED]))
		put_next(s, arena_printf(s->a, "tallyman zero go Z-%lld", (long long)id), "go on with what was stopped, or moved since it was looked at");
	if (held && of[ZERO_PENDING])
		put_next(s, "tallyman zero hand", "what could not be told for a quarter of an hour, to be set by hand in each portal");
	if (held)
		put_next(s, arena_printf(s->a, "tallyman lift Z-%lld", (long long)id), "let go of it: today's right numbers are said, a part every few seconds");
	return OK;
}

enum fault zero_print(struct session *s, int64_t id)
{
	struct stand d = { .kind = STAND_ZERO, .id = id };
	struct zero_row *row;
	int64_t after = 0;
	int n = PAGE;
	enum fault f = zero_get(s->store, id, s->a, &d.zero, &s->err);

	if (f)
		return f;
	sheet_record(s->sheet ? s->sheet : session_sheet(s, true), "zero", COLUMNS(columns));
	put_stand(s, &d);
	sheet_table(s->sheet, "offers", COLUMNS(row_columns));
	while (!f && n == PAGE) {
		f = zero_rows(s->store, id, after, PAGE, s->a, &row, &n, &s->err);
		for (int i = 0; i < n && !f; i++, after = row[i - 1].offer.id)
			if (zero_row_has(&row[i], s->o.find))
				put_row(s->sheet, &row[i]);
	}
	return f ? f : print_next(s, &d);
}

/* What waits for a second person, by its intent's number. */
static enum fault print_proposed(struct session *s, int64_t intent)
{
	enum { MOST = 100000 };
	struct stand *d;
	int n;

	if (stands_page(s->store, false, MOST, s->now_ms, s->a, &d, &n, &s->err))
		return s->err.fault;
	for (int i = 0; i < n; i++)
		if (d[i].kind == STAND_PROPOSED && d[i].id == intent) {
			sheet_record(session_sheet(s, true), "zero", COLUMNS(columns));
			put_stand(s, &d[i]);
			return print_next(s, &d[i]);
		}
	return err_set(&s->err, FAULT_REFUSED, "P-%lld does not wait for a second person (any more): `tallyman zero --all` has what became of it", (long long)intent);
}

/* ---- what a person must do himself ---- */

static const struct column hand_columns[] = {
	{ "account", CELL_TEXT, false }, { "portal", CELL_TEXT, false }, { "marketplace", CELL_TEXT, true }, { "site", CELL_TEXT, false }, { "sku", CELL_TEXT, false },
	{ "shown", CELL_INT, false },    { "minutes", CELL_INT, false }, { "zero", CELL_TEXT, false },        { "listing", CELL_TEXT, true },
	{ "ref", CELL_TEXT, true },      { "node", CELL_TEXT, true },    { "title", CELL_TEXT, true },        { "url", CELL_TEXT, true },
	{ "how", CELL_TEXT, true },
};

static void put_hand(struct session *s, const struct zero_hand *h)
{
	struct portal p = portal_of(s->a, h->offer.channel);
	struct sheet *t = s->sheet;

	put_text(t, h->offer.account_name);
	put_text(t, p.name);
	put_text(t, h->offer.marketplace);
	put_text(t, h->offer.site);
	put_text(t, h->offer.sku);
	put_units(t, h->offer.seen);
	put_int(t, (s->now_ms - h->since_ms) / 60000);
	put_text(t, arena_printf(s->a, "Z-%lld", (long long)h->zero));
	put_text(t, h->offer.listing);
	put_text(t, h->offer.ref);
	put_text(t, h->offer.node);
	put_text(t, h->offer.title);
	put_text(t, p.url);
	put_text(t, p.how);
}

/* Pending for a quarter of an hour; with --all whatever is pending. */
static enum fault print_hand(struct session *s)
{
	enum { MOST = 100000 };
	struct zero_hand *row;
	int n;
	enum fault f = zero_by_hand(s->store, s->o.all ? s->now_ms : s->now_ms - ZERO_BY_HAND_MS, MOST, s->a, &row, &n, &s->err);

	sheet_table(session_sheet(s, false), "by_hand", COLUMNS(hand_columns));
	for (int i = 0; i < n && !f; i++)
		put_hand(s, &row[i]);
	return f;
}

/* ---- deciding ---- */

/* "@FILE": a SKU a line; empty lines and what stands behind a # are left out. */
static enum fault add_list(struct session *s, struct intent *in, const char *path)
{
	FILE *f = fopen(path, "re");
	char line[300];
	enum fault bad = f ? OK : err_set(&s->err, FAULT_REFUSED, "%.160s: %s", path, strerror(errno));

	while (!bad && fgets(line, sizeof line, f)) {
		size_t n = strcspn(line, "#\r\n");

		while (n && strchr(" \t", line[n - 1]))
			n--;
		line[n] = '\0';
		if (!text_utf8(line, n))
			bad = err_set(&s->err, FAULT_REFUSED, "%.140s is not written in UTF-8: save it as that", path);
		else if (n)
			fields_put(&in->payload, "scope", arena_strdup(s->a, line));
	}
	if (f)
		fclose(f);
	if (!bad && !fields_has(&in->payload, "scope"))
		bad = err_set(&s->err, FAULT_REFUSED, "%.140s names nothing: a SKU a line is wanted", path);
	return bad;
}

/* Words that name what stands at zero already, where offers are wanted: no SKU is called so. */
static enum fault check_scope(struct session *s)
{
	struct found *found;
	int64_t id;
	int n;

	for (int i = 0; i < s->o.words; i++) {
		if (!is_stand(s->o.word[i], 'Z', &id) && !is_stand(s->o.word[i], 'P', &id))
			continue;
		if (find_id(s->store, s->o.word[i], s->a, &found, &n, &s->err))
			return s->err.fault;
		if (n == 1 && (found->kind == FOUND_ZERO || found->kind == FOUND_INTENT))
			return err_set(&s->err, FAULT_REFUSED, "%s stands already, and names no offer: `tallyman zero %s` shows it, and what may be done with it", s->o.word[i],
			               s->o.word[i]);
	}
	return OK;
}

/* When it is to be asked about, and when it ends by itself. -1: go on. */
static int read_times(struct session *s, struct intent *in)
{
	int64_t remind = 0, until = 0;

	if (s->o.remind && time_parse(s->o.remind, &remind))
		return session_leave(s, command_misused("zero", "--remind wants a time with its zone, such as 2026-11-20T07:58:00Z"));
	if (s->o.until && strcmp(s->o.until, "counted") && time_parse(s->o.until, &until))
		return session_leave(s, command_misused("zero", "--until wants a time with its zone, or `counted`"));
	if (remind)
		fields_put_int(&in->payload, "remind_ms", remind);
	if (until)
		fields_put_int(&in->payload, "until_ms", until);
	else if (s->o.until)
		fields_put_int(&in->payload, "counted", 1);
	return -1;
}

static int zero_some(struct session *s)
{
	struct intent in = { .kind = INTENT_ZERO, .payload = fields_new(s->a), .subject = s->o.word[0] };
	struct account_row account;
	enum fault f;
	int status;

	if (!s->o.reason || !*s->o.reason)
		return session_leave(s, command_misused("zero", "--reason says why: it stands in the audit and on every listing's timeline"));
	status = read_times(s, &in);
	if (status >= 0)
		return status;
	if (s->o.account && account_by_name(s->store, s->o.account, s->a, &account, &s->err))
		return session_end(s, FAULT_REFUSED);
	in.account = s->o.account ? account.id : 0;
	f = check_scope(s);
	for (int i = 0; i < s->o.words && !f; i++)
		if (*s->o.word[i] == '@')
			f = add_list(s, &in, s->o.word[i] + 1);
		else
			fields_put(&in.payload, "scope", s->o.word[i]);
	fields_put_int(&in.payload, "looked_ms", s->now_ms);
	if (f)
		return session_end(s, f);
	return s->o.wait ? zero_follow(s, &in) : intent_run(s, &in);
}

/* Of one that stands: stop it, or go on with it. */
static int steer(struct session *s, enum intent_kind kind, int64_t id)
{
	struct intent in = { .kind = kind, .payload = fields_new(s->a), .subject = s->o.word[1] };

	fields_put_int(&in.payload, "zero", id);
	return intent_run(s, &in);
}

/* The words that are no scope. */
enum word { WORD_NONE, WORD_SHOW, WORD_PROPOSED, WORD_STOP, WORD_GO, WORD_HAND, WORD_PLANNED };

static const struct {
	const char *word;
	bool number; /* a zero-out's number follows */
} words[] = {
	[WORD_SHOW] = { "show", true }, [WORD_STOP] = { "stop", true }, [WORD_GO] = { "go", true }, [WORD_HAND] = { "hand", false }, [WORD_PLANNED] = { "planned", false },
};

/* `zero Z-1` without a reason is somebody who wants to see it. With one it may be a SKU's name. */
static enum word shown_alone(const struct options *o, int64_t *id)
{
	if (o->words != 1 || o->reason)
		return WORD_NONE;
	return is_number(o->word[0], id) ? WORD_SHOW : is_stand(o->word[0], 'P', id) ? WORD_PROPOSED : WORD_NONE;
}

/* false: the words are wrong. A SKU may be called "hand" as long as another stands beside it. */
static bool read_word(const struct options *o, enum word *word, int64_t *id)
{
	*word = shown_alone(o, id);
	if (*word)
		return true;
	for (size_t i = 1; i < sizeof words / sizeof *words && o->words; i++)
		if (words[i].word && !strcmp(o->word[0], words[i].word) && (words[i].number || o->words == 1))
			*word = (enum word)i;
	if (*word == WORD_SHOW && o->words == 2 && is_stand(o->word[1], 'P', id)) {
		*word = WORD_PROPOSED;
		return true;
	}
	return !*word || !words[*word].number || (o->words == 2 && is_number(o->word[1], id));
}

int cmd_zero(int argc, char **argv)
{
	static const unsigned takes = TAKES_SHAPE | TAKES_ALL | TAKES_FIND | TAKES_CONFIRM | TAKES_REASON | TAKES_ACCOUNT | TAKES_REMIND | TAKES_DRY | TAKES_UNTIL | TAKES_WAIT | TAKES_MINUTES;
	struct session s;
	enum word word;
	int64_t id = 0;
	int status = session_begin(argc, argv, takes, 0, -1, &s);

	if (status >= 0)
		return status;
	if (!read_word(&s.o, &word, &id))
		return session_leave(&s, command_misused("zero", "%s wants a number as `tallyman zero` prints it: Z-12", words[word].word));
	status = session_store(&s);
	if (status >= 0)
		return status;
	switch (word) {
	case WORD_SHOW:
		return session_end(&s, zero_print(&s, id));
	case WORD_PROPOSED:
		return session_end(&s, print_proposed(&s, id));
	case WORD_STOP:
		return steer(&s, INTENT_HALT, id);
	case WORD_GO:
		return steer(&s, INTENT_LET, id);
	case WORD_HAND:
		return session_end(&s, print_hand(&s));
	case WORD_PLANNED:
		return intent_run(&s, &(struct intent){ .kind = INTENT_LET, .payload = fields_new(s.a), .subject = "planned" });
	case WORD_NONE:
		break;
	}
	return s.o.words ? zero_some(&s) : session_end(&s, zeros_print(&s, ZEROS_ALL));
}

int cmd_lift(int argc, char **argv)
{
	struct session s;
	struct intent in;
	int64_t id;
	int status = session_begin(argc, argv, TAKES_SHAPE | TAKES_CONFIRM | TAKES_REASON | TAKES_DRY, 0, -1, &s);

	if (status >= 0)
		return status;
	in = (struct intent){ .kind = INTENT_LIFT, .payload = fields_new(s.a), .subject = s.o.words ? s.o.word[0] : "" };
	for (int i = 0; i < s.o.words; i++) {
		if (is_stand(s.o.word[i], 'P', &id))
			return session_leave(&s, command_misused("lift", "P-%lld is proposed and holds nothing yet: it lapses by itself, unless somebody agrees", (long long)id));
		if (!is_number(s.o.word[i], &id))
			return session_leave(&s, command_misused("lift", "word %d is no zero-out: Z-12, as `tallyman zero` prints it", i + 1));
		fields_put_int(&in.payload, "zero", id);
	}
	status = session_store(&s);
	if (status >= 0)
		return status;
	return s.o.words ? intent_run(&s, &in) : session_end(&s, zeros_print(&s, ZEROS_HELD));
}

int cmd_approve(int argc, char **argv)
{
	struct session s;
	struct intent in;
	int64_t id = 0;
	int status = session_begin(argc, argv, TAKES_SHAPE | TAKES_CONFIRM | TAKES_REASON, 0, 1, &s);

	if (status >= 0)
		return status;
	if (s.o.words && !is_stand(s.o.word[0], 'P', &id) && !text_int(s.o.word[0], 1, INT64_MAX, &id))
		return session_leave(&s, command_misused("approve", "that is no intent's number: P-3 or 3, as `tallyman approve` alone lists them"));
	in = (struct intent){ .kind = INTENT_APPROVE, .payload = fields_new(s.a), .subject = "" };
	fields_put_int(&in.payload, "intent", id);
	status = session_store(&s);
	if (status >= 0)
		return status;
	return s.o.words ? intent_run(&s, &in) : session_end(&s, zeros_print(&s, ZEROS_PROPOSED));
}
