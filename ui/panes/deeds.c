#include "ui/panes/deed_inside.h"

#include "base/runs.h"
#include "base/text.h"
#include "trade/intents.h"
#include "trade/shipments.h"
#include "store/store.h"
#include "trade/remedy.h"
#include "trade/unlike.h"
#include "ui/panes/wishes.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- intents ---- */

static const char *row_key(const struct deed *d, int i)
{
	switch (d->kind) {
	case DEED_ORDER:
		return "order";
	case DEED_OFFER:
		return "offer";
	case DEED_ZERO:
		return "zero";
	case DEED_INCIDENT:
		return d->act == ACT_NOTE ? "alert" : "incident";
	case DEED_PROPOSED:
		return "intent";
	case DEED_SCOPE:
	case DEED_PLANNED:
	case DEED_FAILURE:
		break;
	}
	return d->row[i].job ? "job" : "inbox";
}

struct intent *deed_intent(const struct deed *d, enum intent_kind kind, struct wish *wish)
{
	struct intent *in = intent_new(wish, kind);

	for (int i = 0; i < d->n && d->kind != DEED_PLANNED; i++)
		fields_put_int(&in->payload, row_key(d, i), d->row[i].id);
	for (int i = 0; i < d->said.n; i++)
		fields_put(&in->payload, arena_strdup(wish->arena, d->said.field[i].key), arena_strdup(wish->arena, d->said.field[i].value));
	in->subject = d->kind == DEED_PLANNED ? "planned" : d->n == 1 ? arena_printf(wish->arena, "%s:%lld", row_key(d, 0), (long long)d->row[0].id)
	                        : arena_printf(wish->arena, "%d rows", d->n);
	return in;
}

void deed_propose(struct pane *p, const struct deed *d, enum intent_kind kind, const char *title, const char *after, struct wish *wish)
{
	wish_plan(p, deed_intent(d, kind, wish), title, after, wish);
}

/* Is this word of an intent about a row that was unticked: "order=17", "tracking.17=..."? */
static bool is_of_another(const struct field *f, const struct run *kept, int n)
{
	const char *dot = strchr(f->key, '.');
	bool row = !strcmp(f->key, "order") || !strcmp(f->key, "offer");
	int64_t id;

	return (row || dot) && text_int(row ? f->value : dot + 1, 1, INT64_MAX, &id) && !runs_have(kept, n, id);
}

/* The rows of a plan that are not among these. */
static char *others(const struct proposal *of, const struct run *kept, int n, struct arena *a)
{
	int64_t *id = arena_alloc(a, ((size_t)of->plan->steps + 1) * sizeof *id);
	int out = 0;

	for (int i = 0; i < of->plan->steps; i++)
		if (!runs_have(kept, n, of->ids[i]))
			id[out++] = of->ids[i];
	return runs_pack(a, id, out);
}

void deed_replan(struct pane *p, const struct proposal *old, const int64_t *ids, int n, struct wish *wish)
{
	struct intent *in = intent_new(wish, old->intent->kind);
	const struct fields *said = &old->intent->payload;
	struct run *kept;
	int64_t *id = arena_alloc(wish->arena, ((size_t)n + 1) * sizeof *id);
	int runs;

	memcpy(id, ids, (size_t)n * sizeof *id);
	runs = runs_unpack(wish->arena, runs_pack(wish->arena, id, n), &kept);
	for (int i = 0; i < said->n; i++)
		if (!is_of_another(&said->field[i], kept, runs))
			fields_put(&in->payload, arena_strdup(wish->arena, said->field[i].key), arena_strdup(wish->arena, said->field[i].value));
	if (fields_has(said, "scope"))
		fields_put(&in->payload, "except", others(old, kept, runs, wish->arena));
	in->subject = arena_printf(wish->arena, "%d rows", n);
	wish_plan(p, in, arena_strdup(wish->arena, old->title), arena_strdup(wish->arena, old->sections[0].text), wish);
}

/* ---- questions ---- */

static void ask_step(struct deed *d, struct wish *wish)
{
	static const char *const what[] = {
		[STEP_CARRIER] = "carrier of", [STEP_TRACKING] = "tracking number of", [STEP_URL] = "tracking page (https://...) of",
	};
	const char *of = d->n > 1 ? arena_printf(wish->arena, " (%d of %d)", d->at + 1, d->n) : "";

	if (d->step == STEP_SERVICE)
		wish_ask(wish, ASK_VALUE, "service level, empty for what was ordered", "");
	else
		wish_ask(wish, ASK_VALUE, arena_printf(wish->arena, "%s %s%s", what[d->step], d->row[d->at].name, of),
		         d->step == STEP_CARRIER ? d->carrier : "");
}

bool deed_refuse(struct answer *answer, const char *why)
{
	err_set(&answer->err, FAULT_REFUSED, "%s", why);
	return false;
}

/* An answer about the order at hand: "tracking.17" where there are several. */
static void said_of_order(struct deed *d, const char *key, const char *value)
{
	if (d->n > 1)
		key = arena_printf(d->arena, "%s.%lld", key, (long long)d->row[d->at].id);
	fields_put(&d->said, key, arena_strdup(d->arena, value));
}

/* A carrier nobody knows is allowed, with a page where the parcel can be followed. */
static bool take_carrier(struct deed *d, const char *text, struct answer *answer)
{
	struct carrier known;

	if (!*text || strlen(text) > 60)
		return deed_refuse(answer, "a carrier is needed: ups, usps, fedex, dhl ... or any name");
	d->carrier = carrier_find(d->arena, text, &known) ? known.code : arena_strdup(d->arena, text);
	d->step = STEP_TRACKING;
	said_of_order(d, "carrier", d->carrier);
	return true;
}

static void next_order(struct deed *d)
{
	d->at++;
	d->step = d->at < d->n ? STEP_CARRIER : STEP_SERVICE;
}

static bool take_tracking(struct deed *d, const char *text, struct answer *answer)
{
	struct carrier known;

	if (!text_id(text, " -_.", 60))
		return deed_refuse(answer, "a tracking number is 1 to 60 letters, digits, spaces, - _ .");
	said_of_order(d, "tracking", text);
	if (carrier_find(d->arena, d->carrier, &known))
		next_order(d);
	else
		d->step = STEP_URL;
	return true;
}

static bool take_url(struct deed *d, const char *text, struct answer *answer)
{
	if (strncmp(text, "https://", 8) != 0 || strlen(text) > 300 || strchr(text, ' '))
		return deed_refuse(answer, "this carrier is not in the table, so the channel needs a page to follow the parcel: https://...");
	said_of_order(d, "url", text);
	next_order(d);
	return true;
}

static bool take_step(struct deed *d, const char *text, struct answer *answer)
{
	switch (d->step) {
	case STEP_CARRIER:
		return take_carrier(d, text, answer);
	case STEP_TRACKING:
		return take_tracking(d, text, answer);
	case STEP_URL:
		return take_url(d, text, answer);
	case STEP_SERVICE:
		fields_put(&d->said, "service", arena_strdup(d->arena, text));
		return true;
	default:
		return false;
	}
}

static void ship_answer(struct pane *p, struct deed *d, struct answer *answer, struct wish *wish)
{
	bool last = d->step == STEP_SERVICE;

	if (!take_step(d, answer->text, answer))
		return;
	if (!last) {
		ask_step(d, wish);
		return;
	}
	fields_put_int(&d->said, "shipped_ms", p->now_ms);
	deed_propose(p, d, INTENT_SHIP, "SHIP PREVIEW",
	             "The channel tells the buyer and begins to count. It is read back until it shows; it cannot be taken back from here.", wish);
}

/* "60 they told us of it" */
static bool mute_words(struct deed *d, const char *text, struct answer *answer)
{
	size_t n = strspn(text, "0123456789");
	const char *why = text + n + strspn(text + n, " m");
	int64_t minutes;

	if (!text_int(arena_strndup(d->arena, text, n), 1, MUTE_MINUTES, &minutes) || !*why) {
		deed_refuse(answer, arena_printf(d->arena, "minutes (at most %d), then why: 60 they told us of it", MUTE_MINUTES));
		return false;
	}
	fields_put_int(&d->said, "minutes", minutes);
	fields_put(&d->said, "why", arena_strdup(d->arena, why));
	return true;
}

static void incident_answer(struct deed *d, struct answer *answer, struct wish *wish)
{
	const char *key = d->act == ACT_CLOSE_ALERT ? "cause" : d->act == ACT_ASSIGN ? "owner" : "note";

	if (d->act == ACT_MUTE) {
		if (!mute_words(d, answer->text, answer))
			return;
	} else if (!*answer->text) {
		deed_refuse(answer, d->act == ACT_CLOSE_ALERT ? "what was the cause? Who comes next reads it" : "an empty line says nothing");
		return;
	} else {
		fields_put(&d->said, key, arena_strdup(d->arena, answer->text));
	}
	wish_file(wish, deed_intent(d, INTENT_INCIDENT, wish));
}

static void words_answer(struct deed *d, struct answer *answer, struct wish *wish)
{
	bool note = d->act == ACT_NOTE;

	if (!*answer->text) {
		deed_refuse(answer, note ? "an empty note says nothing" : "who takes it?");
		return;
	}
	fields_put(&d->said, note ? "text" : "owner", arena_strdup(d->arena, answer->text));
	if (note)
		fields_put(&d->said, "subject", arena_printf(d->arena, "%s:%lld", row_key(d, 0), (long long)d->row[0].id));
	wish_file(wish, deed_intent(d, note ? INTENT_NOTE : INTENT_ASSIGN, wish));
}

void deed_answer(struct pane *p, struct deed *d, struct answer *answer, struct wish *wish)
{
	if (!d || !answer->done)
		return;
	if (d->act == ACT_SHIP && answer->ask == ASK_VALUE)
		ship_answer(p, d, answer, wish);
	else if (d->act == ACT_ZERO)
		deed_zero_answer(p, d, answer, wish);
	else if (d->kind == DEED_INCIDENT && d->act != ACT_NOTE)
		incident_answer(d, answer, wish);
	else if (d->step == STEP_WORDS)
		words_answer(d, answer, wish);
}

/* ---- from the letter on ---- */

static struct deed *deed_new(enum act act, enum deed_kind kind, const struct deed_row *row, int n)
{
	struct arena *a = arena_new();
	struct deed *d = arena_alloc(a, sizeof *d);

	*d = (struct deed){ .arena = a, .act = act, .kind = kind, .n = n, .carrier = "", .said = fields_new(a) };
	d->row = arena_alloc(a, (size_t)n * sizeof *d->row);
	for (int i = 0; i < n; i++)
		d->row[i] = (struct deed_row){ row[i].id, arena_strdup(a, row[i].name), row[i].job, row[i].asks };
	return d;
}

void deed_free(struct deed *d)
{
	if (d)
		arena_free(d->arena);
}

static bool deed_fits(enum act act, enum deed_kind kind)
{
	switch (act) {
	case ACT_NOTE:
		return kind != DEED_ZERO && kind != DEED_SCOPE && kind != DEED_PROPOSED && kind != DEED_PLANNED;
	case ACT_LIFT:
	case ACT_GO_ON:
	case ACT_HALT:
		return kind == DEED_ZERO;
	case ACT_DIFF:
		return kind == DEED_ZERO || kind == DEED_PLANNED || kind == DEED_PROPOSED || kind == DEED_FAILURE;
	case ACT_LET:
		return kind == DEED_PLANNED;
	case ACT_APPROVE:
		return kind == DEED_PROPOSED;
	case ACT_PROBE:
		return kind == DEED_ORDER || kind == DEED_OFFER;
	case ACT_ACK_ORDER:
	case ACT_SHIP:
		return kind == DEED_ORDER;
	case ACT_PUSH:
		return kind == DEED_OFFER;
	case ACT_ZERO:
		return kind == DEED_OFFER || kind == DEED_SCOPE;
	case ACT_ASSIGN:
		return kind == DEED_FAILURE || kind == DEED_INCIDENT;
	case ACT_ACK_ALERT:
	case ACT_MUTE:
	case ACT_CLOSE_ALERT:
	case ACT_STEP_1:
	case ACT_STEP_2:
	case ACT_STEP_3:
	case ACT_STEP_4:
	case ACT_STEP_5:
		return kind == DEED_INCIDENT;
	case ACT_RETRY:
	case ACT_ARCHIVE:
		return kind == DEED_FAILURE;
	default:
		return false;
	}
}

/* What is done at once is filed; what wants words is asked for. */
static void incident_begin(struct deed *d, struct wish *wish)
{
	bool step = d->act >= ACT_STEP_1 && d->act <= ACT_STEP_5;
	unsigned n = step ? (unsigned)(d->act - ACT_STEP_1) : 0;
	const char *label = d->act == ACT_MUTE          ? arena_printf(wish->arena, "minutes (at most %d), and why", MUTE_MINUTES)
	                    : d->act == ACT_CLOSE_ALERT ? "the cause, in one line"
	                    : d->act == ACT_ASSIGN      ? "who takes it"
	                                                : "what did you find";

	fields_put(&d->said, "action", step                        ? "step"
	                               : d->act == ACT_MUTE        ? "mute"
	                               : d->act == ACT_CLOSE_ALERT ? "close"
	                               : d->act == ACT_ASSIGN      ? "own"
	                                                           : "ack");
	if (step)
		fields_put_int(&d->said, "step", n + 1);
	d->step = STEP_WORDS;
	if (d->act == ACT_ACK_ALERT || (step && !(d->row[0].asks >> n & 1)))
		wish_file(wish, deed_intent(d, INTENT_INCIDENT, wish));
	else
		wish_ask(wish, ASK_VALUE, label, "");
}

/* What its shape has different, and what each remedy would do, by what is known now. */
static enum fault look_at_failure(struct store *s, const struct deed_row *row, int64_t now_ms, struct failure *f, struct arena *a, struct section *out, struct err *err)
{
	struct buf unlike = buf_new(a), dry = buf_new(a);
	struct unlike u = { .to = "" };
	struct remedy *r;
	int n;

	if (failure_get(s, row->job, row->id, a, f, err) || (!row->job && unlike_get(s, row->id, a, &u, err)) || failure_remedies(s, f, now_ms, a, &r, &n, err))
		return err->fault;
	buf_puts(&unlike, *u.to ? "" : "not compared: nothing of its kind was understood and is kept");
	for (int i = 0; i < u.n; i++)
		buf_printf(&unlike, "%-8s %s\n         %s\n", unlike_word(u.difference[i].kind), *u.difference[i].path ? u.difference[i].path : "the whole",
		           unlike_types(&u.difference[i], a));
	if (*u.to)
		buf_printf(&unlike, "%s%s%s", u.n ? "" : unlike_said(&u, 0, a), u.n ? "beside " : ", beside ", u.to);
	buf_puts(&dry, n ? "" : "there is none");
	for (int i = 0; i < n; i++)
		buf_printf(&dry, "%s: %s\n    %s\n", r[i].good ? "would do" : "would not", r[i].text, r[i].dry);
	out[0] = (struct section){ .title = "Different from those that were understood", .text = unlike.p };
	out[1] = (struct section){ .title = "Dry run of the remedies", .text = dry.p };
	return OK;
}

static void read_failure(struct pane *p, const struct deed_row *row, struct wish *wish)
{
	struct section *s = arena_alloc(wish->arena, 2 * sizeof *s);
	struct failure f = { .class = "" };
	struct err err = { 0 };

	if (!p->store)
		return;
	if (!store_begin_read(p->store, &err))
		look_at_failure(p->store, row, p->now_ms, &f, wish->arena, s, &err);
	store_rollback(p->store);
	if (err.fault) {
		wish_say(wish, LEVEL_WARN, "%s", err.text);
		return;
	}
	wish->kind = WISH_READ;
	wish->text = arena_printf(wish->arena, "%s %s", f.class, row->name);
	wish->sections = row->job ? s + 1 : s;
	wish->n_sections = row->job ? 1 : 2;
}

/* What is previewed at once, with what comes of it afterwards. */
static const struct deed_preview {
	enum act act;
	enum intent_kind kind;
	const char *title, *after;
} previews[] = {
	{ ACT_ACK_ORDER, INTENT_ACK, "ACKNOWLEDGE PREVIEW", "The channel knows that we will ship. It cannot be taken back; an order can still be cancelled." },
	{ ACT_PUSH, INTENT_PUSH, "PUSH PREVIEW", "The targets are said again and read back. The next change of stock says a newer one." },
	{ ACT_LIFT, INTENT_LIFT, "LIFT PREVIEW",
	  "Each offer is thought over again with what there is now, not with what was shown before; it is said and read back." },
	{ ACT_GO_ON, INTENT_LET, "GO-ON PREVIEW",
	  "What moved or was stopped goes to zero as well. ^C on the page of the zero-out stops it again between two calls." },
	{ ACT_LET, INTENT_LET, "LET-GO PREVIEW", "What a plan takes off sale is said now: no sale asked for it, so look at what caused it first." },
	{ ACT_APPROVE, INTENT_APPROVE, "SECOND PERSON'S PREVIEW",
	  "It is done in the name of who proposed it, with yours beside it. The line is bound to this plan: when it becomes another, it is proposed again." },
};

static const struct deed_preview *preview_of(enum act act)
{
	for (size_t i = 0; i < sizeof previews / sizeof *previews; i++)
		if (previews[i].act == act)
			return &previews[i];
	return NULL;
}

/* d: what would come of it, or what is different. */
static void deed_differs(struct pane *p, const struct deed *d, struct wish *wish)
{
	if (d->kind == DEED_FAILURE)
		read_failure(p, &d->row[0], wish);
	else if (d->kind == DEED_ZERO)
		wish_dry(p, deed_intent(d, INTENT_LIFT, wish), "What letting go would say now", wish);
	else
		wish_dry(p, deed_intent(d, d->kind == DEED_PLANNED ? INTENT_LET : INTENT_APPROVE, wish), "What the word would do now", wish);
}

/* What stays on this machine, and needs no more words. */
static enum intent_kind filed_at_once(enum act act)
{
	switch (act) {
	case ACT_HALT: return INTENT_HALT;
	case ACT_RETRY: return INTENT_RETRY;
	case ACT_ARCHIVE: return INTENT_ARCHIVE;
	default: return INTENT_REFRESH;
	}
}

static void deed_begin(struct pane *p, struct deed *d, struct wish *wish)
{
	const struct deed_preview *preview = preview_of(d->act);

	if (d->kind == DEED_INCIDENT && d->act != ACT_NOTE) {
		incident_begin(d, wish);
	} else if (preview) {
		deed_propose(p, d, preview->kind, preview->title, preview->after, wish);
	} else if (d->act == ACT_SHIP) {
		d->step = STEP_CARRIER;
		ask_step(d, wish);
	} else if (d->act == ACT_NOTE) {
		d->step = STEP_WORDS;
		wish_ask(wish, ASK_NOTE, arena_printf(wish->arena, "note on %s", d->row[0].name), "");
	} else if (d->act == ACT_ASSIGN) {
		d->step = STEP_WORDS;
		wish_ask(wish, ASK_VALUE, "who takes it", "");
	} else if (d->act == ACT_ZERO) {
		deed_zero_begin(p, d, wish);
	} else if (d->act == ACT_DIFF) {
		deed_differs(p, d, wish);
	} else {
		wish_file(wish, deed_intent(d, filed_at_once(d->act), wish));
	}
}

void deed_note(enum deed_kind kind, const struct deed_row *row, struct answer *answer, struct wish *wish)
{
	struct deed *d = deed_new(ACT_NOTE, kind, row, 1);

	words_answer(d, answer, wish);
	deed_free(d);
}

bool deed_act(struct pane *p, struct deed **d, enum act act, enum deed_kind kind, const struct deed_row *row, int n, struct wish *wish)
{
	if (!deed_fits(act, kind))
		return false;
	if (n == 0 && kind != DEED_SCOPE) {
		wish_say(wish, LEVEL_INFO, "there is no row to do that with");
		return true;
	}
	deed_free(*d);
	*d = deed_new(act, kind, row, n);
	deed_begin(p, *d, wish);
	return true;
}
