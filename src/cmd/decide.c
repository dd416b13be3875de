/*
 * tallyman ack, ship, cancel, push, retry, assign, note, archive, live, shadow, refresh, count, counts: what an operator can do with a
 * key, a script can do with a command; the same intent is filed.
 */
#include "cmd/lists.h"
#include "cmd/print.h"
#include "cmd/send.h"
#include "cmd/session.h"
#include "base/text.h"
#include "trade/accounts.h"
#include "trade/forget.h"
#include "trade/offers.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- words to payloads ---- */

static enum fault put_orders_named(struct session *s, struct intent *in)
{
	int64_t id;

	for (int i = 0; i < s->o.words; i++) {
		if (one_found(s, s->o.word[i], FOUND_ORDER, "order", &id))
			return s->err.fault;
		fields_put_int(&in->payload, "order", id);
	}
	return OK;
}

static bool is_alert(const char *word)
{
	int64_t n;

	return (!strncmp(word, "I-", 2) && text_int(word + 2, 1, INT64_MAX, &n)) || !strncmp(word, "alert:", 6);
}

/* job:12 inbox:7, as `failures` prints them. */
static int put_failures_named(struct session *s, struct intent *in)
{
	for (int i = 0; i < s->o.words; i++) {
		const char *word = s->o.word[i];
		bool job;
		int64_t n;

		if (!failure_named(word, &job, &n))
			return command_misused(s->o.command, "word %d is no failure: job:N or inbox:N, as `tallyman failures` prints them", i + 1);
		fields_put_int(&in->payload, job ? "job" : "inbox", n);
	}
	return -1;
}

static struct intent intent_of(struct session *s, enum intent_kind kind)
{
	return (struct intent){ .kind = kind, .payload = fields_new(s->a), .subject = "" };
}

/* ---- orders ---- */

int cmd_ack(int argc, char **argv)
{
	struct session s;
	struct intent in;
	int64_t id;
	int status = session_open(argc, argv, TAKES_SHAPE | TAKES_CONFIRM | TAKES_REASON, 1, -1, &s);

	if (status >= 0)
		return status;
	in = intent_of(&s, is_alert(s.o.word[0]) ? INTENT_ALERT_ACK : INTENT_ACK);
	if (in.kind == INTENT_ACK)
		return put_orders_named(&s, &in) ? session_end(&s, FAULT_REFUSED) : intent_run(&s, &in);
	for (int i = 0; i < s.o.words; i++) {
		if (!is_alert(s.o.word[i]))
			return session_leave(&s, command_misused("ack", "orders and alerts are not acknowledged in one command"));
		if (one_found(&s, s.o.word[i], FOUND_ALERT, "alert", &id))
			return session_end(&s, FAULT_REFUSED);
		fields_put_int(&in.payload, "alert", id);
	}
	return intent_run(&s, &in);
}

static int put_package(struct session *s, struct intent *in)
{
	int64_t shipped = s->now_ms;

	if (!s->o.carrier || !s->o.tracking)
		return command_misused("ship", "--carrier and --tracking are needed");
	if (s->o.shipped && time_parse(s->o.shipped, &shipped))
		return command_misused("ship", "--shipped wants a time with its zone, such as 2026-11-20T07:58:00Z");
	fields_put(&in->payload, "carrier", s->o.carrier);
	fields_put(&in->payload, "tracking", s->o.tracking);
	fields_put(&in->payload, "url", s->o.url);
	fields_put(&in->payload, "service", s->o.service);
	if (s->o.shipped) /* otherwise the engine's own moment: the plan must be the same a second later */
		fields_put_int(&in->payload, "shipped_ms", shipped);
	return -1;
}

int cmd_ship(int argc, char **argv)
{
	struct session s;
	struct intent in;
	int status = session_begin(argc, argv, TAKES_SHAPE | TAKES_CONFIRM | TAKES_REASON | TAKES_SHIP, 1, -1, &s);

	if (status >= 0)
		return status;
	in = intent_of(&s, INTENT_SHIP);
	status = put_package(&s, &in);
	if (status >= 0)
		return session_leave(&s, status);
	status = session_store(&s);
	if (status >= 0)
		return status;
	return put_orders_named(&s, &in) ? session_end(&s, FAULT_REFUSED) : intent_run(&s, &in);
}

int cmd_cancel(int argc, char **argv)
{
	struct session s;
	struct intent in;
	int status = session_open(argc, argv, TAKES_SHAPE | TAKES_CONFIRM | TAKES_REASON, 1, 1, &s);

	if (status >= 0)
		return status;
	in = intent_of(&s, INTENT_CANCEL);
	return put_orders_named(&s, &in) ? session_end(&s, FAULT_REFUSED) : intent_run(&s, &in);
}

/* ---- offers ---- */

static bool is_offer_number(const char *word, int64_t *id)
{
	return !strncmp(word, "offer:", 6) && text_int(word + 6, 1, INT64_MAX, id);
}

/* A SKU means all its offers, or those of one account. */
static enum fault put_offers_of(struct session *s, struct intent *in, const char *sku)
{
	struct offer *offer;
	int64_t item;
	int n, put = 0;

	if (one_found(s, sku, FOUND_ITEM, "item", &item) || offers_list(s->store, item, 0, 0, 500, s->a, &offer, &n, &s->err))
		return s->err.fault;
	for (int i = 0; i < n; i++)
		if (!s->o.account || !strcmp(s->o.account, offer[i].account_name)) {
			fields_put_int(&in->payload, "offer", offer[i].id);
			put++;
		}
	if (!put)
		return err_set(&s->err, FAULT_REFUSED, "%.60s is not offered%s%.40s: `tallyman explain` says where it is", sku, s->o.account ? " on " : "", s->o.account ? s->o.account : "");
	return OK;
}

int cmd_push(int argc, char **argv)
{
	struct session s;
	struct intent in;
	int64_t id;
	int status = session_open(argc, argv, TAKES_SHAPE | TAKES_CONFIRM | TAKES_REASON | TAKES_ACCOUNT, 1, -1, &s);

	if (status >= 0)
		return status;
	in = intent_of(&s, INTENT_PUSH);
	for (int i = 0; i < s.o.words; i++)
		if (is_offer_number(s.o.word[i], &id))
			fields_put_int(&in.payload, "offer", id);
		else if (put_offers_of(&s, &in, s.o.word[i]))
			return session_end(&s, FAULT_REFUSED);
	return intent_run(&s, &in);
}

/* ---- failures, notes ---- */

static int run_on_failures(int argc, char **argv, enum intent_kind kind, unsigned takes)
{
	struct session s;
	struct intent in;
	int status = session_begin(argc, argv, TAKES_SHAPE | TAKES_REASON | takes, 0, -1, &s);

	if (status >= 0)
		return status;
	if (!s.o.words) {
		status = session_store(&s);
		return status >= 0 ? status : session_end(&s, failures_print(&s));
	}
	in = intent_of(&s, kind);
	status = put_failures_named(&s, &in);
	if (status < 0 && kind == INTENT_ASSIGN && !s.o.owner)
		status = command_misused("assign", "--owner says to whom");
	if (status >= 0)
		return session_leave(&s, status);
	fields_put(&in.payload, "owner", s.o.owner);
	status = session_store(&s);
	return status >= 0 ? status : intent_run(&s, &in);
}

int cmd_retry(int argc, char **argv)
{
	return run_on_failures(argc, argv, INTENT_RETRY, 0);
}

int cmd_archive(int argc, char **argv)
{
	return run_on_failures(argc, argv, INTENT_ARCHIVE, 0);
}

int cmd_assign(int argc, char **argv)
{
	return run_on_failures(argc, argv, INTENT_ASSIGN, TAKES_OWNER);
}

/* What a note is about: an order, an item, or a failure by its number. */
static enum fault note_subject(struct session *s, const char *word, const char **out)
{
	static const char *const words[] = { [FOUND_ORDER] = "order", [FOUND_ITEM] = "item", [FOUND_ALERT] = "alert", [FOUND_JOB] = "job",
		                             [FOUND_OFFER] = "offer" };
	struct found *found;
	int64_t id;
	int n;

	*out = word;
	if (is_offer_number(word, &id) || (!strncmp(word, "inbox:", 6) && text_int(word + 6, 1, INT64_MAX, &id)))
		return OK;
	if (find_id(s->store, word, s->a, &found, &n, &s->err))
		return s->err.fault;
	if (n != 1 || found[0].kind > FOUND_OFFER || found[0].kind == FOUND_ATTEMPT || found[0].kind == FOUND_INTENT || found[0].kind == FOUND_NOTHING)
		return err_set(&s->err, FAULT_REFUSED, "%.80s is %s: name an order, a SKU, job:N, inbox:N, offer:N or I-N", word,
		               n ? "not one thing a note can stand at" : "nothing here");
	*out = arena_printf(s->a, "%s:%lld", words[found[0].kind], (long long)found[0].id);
	return OK;
}

int cmd_note(int argc, char **argv)
{
	struct session s;
	struct intent in;
	struct buf text;
	const char *subject;
	int status = session_open(argc, argv, TAKES_SHAPE, 2, -1, &s);

	if (status >= 0)
		return status;
	in = intent_of(&s, INTENT_NOTE);
	if (note_subject(&s, s.o.word[0], &subject))
		return session_end(&s, FAULT_REFUSED);
	text = buf_new(s.a);
	for (int i = 1; i < s.o.words; i++)
		buf_printf(&text, "%s%s", i > 1 ? " " : "", s.o.word[i]);
	in.subject = subject;
	fields_put(&in.payload, "subject", subject);
	fields_put(&in.payload, "text", text.p);
	return intent_run(&s, &in);
}

/* ---- accounts ---- */

static int run_on_account(int argc, char **argv, enum intent_kind kind)
{
	struct session s;
	struct intent in;
	struct account_row row;
	int status = session_open(argc, argv, TAKES_SHAPE | TAKES_CONFIRM | TAKES_REASON, 0, 1, &s);

	if (status >= 0)
		return status;
	if (!s.o.words)
		return session_end(&s, accounts_print(&s, NULL));
	in = intent_of(&s, kind);
	if (account_by_name(s.store, s.o.word[0], s.a, &row, &s.err))
		return session_end(&s, s.err.fault);
	in.account = row.id;
	in.subject = row.name;
	return intent_run(&s, &in);
}

int cmd_live(int argc, char **argv)
{
	return run_on_account(argc, argv, INTENT_LIVE);
}

int cmd_shadow(int argc, char **argv)
{
	return run_on_account(argc, argv, INTENT_SHADOW);
}

int cmd_refresh(int argc, char **argv)
{
	struct session s;
	struct intent in;
	int status = session_open(argc, argv, TAKES_SHAPE, 0, -1, &s);

	if (status >= 0)
		return status;
	in = intent_of(&s, INTENT_REFRESH);
	return put_orders_named(&s, &in) ? session_end(&s, FAULT_REFUSED) : intent_run(&s, &in);
}

/* Words of a command stand in every list of processes: a line of stdin does not. */
static enum fault buyer_named(struct session *s, const char **out)
{
	char line[1024];

	*out = s->o.buyer;
	if (strcmp(*out, "-"))
		return OK;
	if (!fgets(line, sizeof line, stdin) || !text_utf8(line, strlen(line)))
		return err_set(&s->err, FAULT_REFUSED, "--buyer -: there is no line of UTF-8 on stdin");
	*out = arena_strndup(s->a, line, strcspn(line, "\r\n"));
	return OK;
}

/* Only the engine can open what is known of people. It looks at some of them at a time, so that other work is not held up. */
static enum fault put_orders_of_buyer(struct session *s, struct intent *in)
{
	const char *buyer, *order;
	int64_t upto = 0, id;
	int found = 0;

	if (buyer_named(s, &buyer))
		return s->err.fault;
	do {
		struct intent look = intent_of(s, INTENT_REVEAL);
		struct answered a = { 0 };

		look.digest = look.typed = "";
		look.why = s->o.reason ? s->o.reason : "";
		fields_put(&look.payload, "buyer", buyer);
		fields_put_int(&look.payload, "after", upto);
		if (intent_send(s, &look, &a))
			return s->err.fault;
		if (!a.done)
			return err_set(&s->err, FAULT_REFUSED, "the engine refused: %.200s", a.text);
		for (int i = 0; (order = fields_each(&a.all, "order", i)); i++)
			if (text_int(order, 1, INT64_MAX, &id) && found++ < FORGET_MOST)
				fields_put_int(&in->payload, "order", id);
		id = upto;
		upto = fields_int(&a.all, "upto", 0);
	} while (upto > id);
	if (found > FORGET_MOST)
		fprintf(stderr, "tallyman redact: %d orders are this buyer's: the first %d are taken now; ask again when they are forgotten\n", found, FORGET_MOST);
	if (!in->payload.n)
		return err_set(&s->err, FAULT_REFUSED,
		               "nobody here is known by that. Who was forgotten, or went 30 days after delivery, is known no more; replies with his orders may be kept until "
		               "[raw] retain_days: name such an order by its number");
	return OK;
}

int cmd_redact(int argc, char **argv)
{
	struct session s;
	struct intent in;
	enum fault f;
	int status = session_begin(argc, argv, TAKES_SHAPE | TAKES_REASON | TAKES_CONFIRM | TAKES_BUYER, 0, -1, &s);

	if (status >= 0)
		return status;
	if (!s.o.words == !s.o.buyer)
		return session_leave(&s, command_misused("redact", "name orders, or with --buyer whose they are"));
	status = session_store(&s);
	if (status >= 0)
		return status;
	in = intent_of(&s, INTENT_REDACT);
	f = s.o.buyer ? put_orders_of_buyer(&s, &in) : put_orders_named(&s, &in);
	return f ? session_end(&s, f) : intent_run(&s, &in);
}

/* ---- counts ---- */

int cmd_count(int argc, char **argv)
{
	struct session s;
	struct intent in;
	int64_t qty;
	int status = session_begin(argc, argv, TAKES_SHAPE | TAKES_PLACE | TAKES_REASON | TAKES_CONFIRM, 2, 2, &s);

	if (status >= 0)
		return status;
	if (!text_int(s.o.word[1], 0, 999999, &qty))
		return session_leave(&s, command_misused("count", "a quantity is a whole number from 0 to 999999"));
	in = intent_of(&s, INTENT_COUNT);
	fields_put(&in.payload, "place", s.o.place);
	fields_put(&in.payload, "sku", s.o.word[0]);
	fields_put_int(&in.payload, "qty", qty);
	fields_put(&in.payload, "again", s.o.confirm);
	status = session_store(&s);
	return status >= 0 ? status : intent_run(&s, &in);
}

int cmd_counts(int argc, char **argv)
{
	struct session s;
	struct intent in;
	char *file;
	int status = session_open(argc, argv, TAKES_SHAPE | TAKES_REASON, 1, 1, &s);

	if (status >= 0)
		return status;
	in = intent_of(&s, INTENT_COUNTS);
	file = realpath(s.o.word[0], NULL);
	if (!file) {
		err_set(&s.err, FAULT_REFUSED, "%.180s: no such file", s.o.word[0]);
		return session_end(&s, FAULT_REFUSED);
	}
	fields_put(&in.payload, "file", file);
	free(file);
	return intent_run(&s, &in);
}
