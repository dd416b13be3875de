/*
 * console_plain.c: the console as lines, for screen readers and where nothing can be drawn. Append only: no cursor is moved,
 * nothing is painted, every line is a sentence. It reads; what reaches a marketplace is done on the screen or by a command.
 */
#include "ui/console_inside.h"

#include "base/text.h"
#include "store/store.h"
#include "trade/accounts.h"
#include "trade/incidents.h"
#include "trade/inbox.h"
#include "trade/views.h"
#include "ui/panes/words.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PAGE = 20 };

/* What was listed last, so that "open 2" knows what 2 is. */
struct plain {
	struct console *c;
	struct arena *a;
	struct pane now; /* only for the words of times */
	enum { LISTED_NOTHING, LISTED_ORDERS, LISTED_OFFERS } listed;
	int64_t id[PAGE];
	int n;
};

static void say(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
static void say(const char *fmt, ...)
{
	char text[2000], clean[4000];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	text_clean(clean, sizeof clean, text);
	puts(clean);
}

/* "26 hours 3 minutes". */
static const char *span(struct arena *a, int64_t ms)
{
	int64_t m = (ms < 0 ? -ms : ms) / 60000;

	if (m < 60)
		return arena_printf(a, "%d minutes", (int)m);
	if (m < 48 * 60)
		return arena_printf(a, "%d hours %d minutes", (int)(m / 60), (int)(m % 60));
	return arena_printf(a, "%d days %d hours", (int)(m / 1440), (int)(m / 60 % 24));
}

static enum fault overview(struct plain *p, const char *filter, struct err *err)
{
	struct overview o;
	struct incident *alert;
	int n;

	(void)filter;
	if (overview_read(p->c->store, p->now.now_ms, p->a, &o, err) || incidents_page(p->c->store, false, p->now.now_ms, PAGE, p->a, &alert, &n, err))
		return err->fault;
	say("%d of %d channels ok. Critical %lld, warning %lld.", o.channels_ok, o.channels, (long long)o.crit, (long long)o.warn);
	say("Orders to ship: late %lld, due in 4 hours %lld, queue %lld.", (long long)o.late, (long long)o.due, (long long)o.open);
	say("Oversold items: %lld. Offers that drift: %lld. Not understood: %lld. Refused: %lld.", (long long)o.oversold, (long long)o.drift,
	    (long long)o.parked, (long long)o.failed);
	for (int i = 0; i < n; i++)
		say("Alert I-%lld, %s, %s, open for %s, %s.", (long long)alert[i].id, alert[i].severity, say_whose(p->a, alert[i].account_name, alert[i].text),
		    span(p->a, p->now.now_ms - alert[i].opened_ms), alert[i].acked_ms ? "acknowledged" : "not acknowledged");
	return OK;
}

static enum fault orders(struct plain *p, const char *filter, struct err *err)
{
	struct page_ask ask = { .filter = filter, .n = PAGE, .now_ms = p->now.now_ms };
	struct order_row *o;
	int n;

	if (orders_page(p->c->store, &ask, p->a, &o, &n, NULL, NULL, err))
		return err->fault;
	say("%d row%s. Columns: state, due, channel, order, sku, quantity, total.", n, n == 1 ? "" : "s");
	for (int i = 0; i < n; i++) {
		int64_t left = o[i].due_ms - p->now.now_ms;
		const char *due = o[i].due_ms == NO_DEADLINE ? "no deadline"
		                                             : arena_printf(p->a, "%s %s", left < 0 ? "late by" : "due in", span(p->a, left));

		say("%d. %s, %s, %s, %s, %s, %lld, %s.", i + 1, say_order(&p->now, &o[i]).text, due, o[i].account_name, o[i].ref, o[i].sku,
		    (long long)o[i].units, say_money(p->a, o[i].total_minor, o[i].currency));
		p->id[i] = o[i].id;
	}
	p->n = n;
	p->listed = LISTED_ORDERS;
	return OK;
}

static enum fault drift(struct plain *p, const char *filter, struct err *err)
{
	struct page_ask ask = { .filter = filter, .n = PAGE, .now_ms = p->now.now_ms };
	struct offer *o;
	int n;

	if (drift_page(p->c->store, &ask, p->a, &o, &n, NULL, NULL, err))
		return err->fault;
	say("%d offer%s drift.", n, n == 1 ? "" : "s");
	for (int i = 0; i < n; i++) {
		say("%d. %s on %s: shows %s, last said %s, available %s. Likely cause: %s.", i + 1, o[i].sku, o[i].account_name, say_units(p->a, o[i].seen),
		    say_units(p->a, o[i].pushed), o[i].item ? arena_printf(p->a, "%lld", (long long)o[i].available) : "not mapped", say_cause(o[i].cause).text);
		p->id[i] = o[i].id;
	}
	p->n = n;
	p->listed = LISTED_OFFERS;
	return OK;
}

static enum fault failed(struct plain *p, const char *filter, struct err *err)
{
	struct failure *f;
	int n;

	(void)filter;
	if (failures_page(p->c->store, NULL, PAGE, p->a, &f, &n, err))
		return err->fault;
	say("%d failure%s.", n, n == 1 ? "" : "s");
	for (int i = 0; i < n; i++)
		say("%d. %s, %s, %s: %s. What to do: %s.", i + 1, f[i].class, f[i].account_name, f[i].subject, f[i].text,
		    *f[i].remedy ? f[i].remedy : fault_remedy(f[i].class));
	p->listed = LISTED_NOTHING;
	return OK;
}

static enum fault engine(struct plain *p, const char *filter, struct err *err)
{
	struct account_row *row;
	int n;

	(void)filter;
	if (accounts_all(p->c->store, p->a, &row, &n, err))
		return err->fault;
	say(console_dial(p->c) ? "An engine runs." : "No engine runs for this store.");
	for (int i = 0; i < n; i++)
		say("%s: %s, %s, last answer %s ago. %s", row[i].name, say_account(&row[i]).text, row[i].mode, say_age(&p->now, p->a, row[i].ok_ms),
		    row[i].state_text);
	return OK;
}

static enum fault open_one(struct plain *p, const char *number, struct err *err)
{
	struct term *term;
	int64_t i;
	int n;

	if (p->listed == LISTED_NOTHING || !text_int(number, 1, p->n, &i))
		return err_set(err, FAULT_REFUSED, "open NUMBER opens a row of the last list of orders or drift");
	if (p->listed == LISTED_ORDERS ? order_explain(p->c->store, p->id[i - 1], p->now.now_ms, p->a, &term, &n, err)
	                               : offer_explain(p->c->store, p->id[i - 1], p->now.now_ms, p->a, &term, &n, err))
		return err->fault;
	for (int k = 0; k < n; k++)
		say("%s: %s. %s.", term[k].name, term[k].value, term[k].origin);
	return OK;
}

static enum fault help(struct plain *p, const char *rest, struct err *err)
{
	(void)p;
	(void)rest;
	(void)err;
	say("overview. orders FILTER, for instance: orders late. drift FILTER. failed. engine. open NUMBER. help. quit.");
	say("This mode reads. To acknowledge or ship, use tallyman ack and tallyman ship: they print the plan and the line that confirms it.");
	return OK;
}

static const struct {
	const char *word;
	enum fault (*run)(struct plain *p, const char *rest, struct err *err);
} words[] = {
	{ "overview", overview }, { "orders", orders }, { "drift", drift }, { "failed", failed },
	{ "engine", engine },     { "open", open_one }, { "help", help },
};

/* false: the person wants to leave. */
static bool obey(struct plain *p, const char *line)
{
	size_t n = strcspn(line, " ");
	struct err err = { 0 };

	if (strcmp(line, "quit") == 0 || strcmp(line, "q") == 0)
		return false;
	arena_reset(p->a);
	p->now.now_ms = clock_now(&p->c->o->clock);
	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		if (strlen(words[i].word) != n || strncmp(words[i].word, line, n) != 0)
			continue;
		if (store_begin_read(p->c->store, &err) || words[i].run(p, line + n + strspn(line + n, " "), &err))
			say("%s", err.text);
		store_rollback(p->c->store);
		return true;
	}
	if (*line)
		say("There is no command %s. help lists them.", line);
	return true;
}

enum fault console_plain(struct console *c, struct err *err)
{
	struct plain p = { .c = c, .a = arena_new() };
	char line[500];

	(void)err;
	say("tallyman plain mode%s. Read-only.", c->o->demo ? ", a demo" : "");
	obey(&p, "overview");
	say("Type a command, or help.");
	for (;;) {
		fputs("tallyman> ", stdout);
		fflush(stdout);
		if (!fgets(line, sizeof line, stdin))
			break;
		line[strcspn(line, "\r\n")] = '\0';
		if (!obey(&p, line))
			break;
	}
	arena_free(p.a);
	return OK;
}
