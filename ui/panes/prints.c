#include "ui/panes/prints.h"

#include "base/clock.h"
#include "ui/panes/all.h"
#include "ui/panes/list.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

/* What else of the pane goes into the words. */
enum view {
	VIEW_NOTHING,
	VIEW_SUBJECT = 1 << 0, /* what it is about, as find knows it: "order:17" */
	VIEW_NUMBER = 1 << 1,  /* the same without its kind */
	VIEW_FILTER = 1 << 2,  /* in the filter language: the last word */
	VIEW_FIND = 1 << 3,    /* words to be in a row: --find */
	VIEW_SORT = 1 << 4,
	VIEW_CLOSED = 1 << 5,  /* --all where closed ones are shown */
	VIEW_FOLDED = 1 << 6,  /* --fold unless each is shown on its own */
	VIEW_WINDOW = 1 << 7,  /* --since --until */
};

static const struct {
	const struct pane_type *type;
	const char *word[2];
	const char *kind; /* VIEW_SUBJECT: what a bare number is; VIEW_NUMBER: what stands before it */
	unsigned view;
} prints[] = {
	{ &pane_orders, { "orders" }, NULL, VIEW_CLOSED | VIEW_SORT | VIEW_FILTER },
	{ &pane_order, { "order" }, "order", VIEW_SUBJECT },
	{ &pane_drift, { "drift" }, NULL, VIEW_SORT | VIEW_FILTER },
	{ &pane_offer, { "explain" }, "offer", VIEW_SUBJECT },
	{ &pane_explain, { "explain" }, "item", VIEW_SUBJECT },
	{ &pane_story, { "timeline" }, "offer", VIEW_SUBJECT },
	{ &pane_timeline, { "timeline" }, "item", VIEW_SUBJECT | VIEW_WINDOW },
	{ &pane_health, { "health" }, NULL, VIEW_NOTHING },
	{ &pane_failed, { "failures" }, NULL, VIEW_FOLDED | VIEW_FIND },
	{ &pane_zeros, { "zero" }, NULL, VIEW_CLOSED | VIEW_FIND },
	{ &pane_zero, { "zero", "show" }, "Z-", VIEW_NUMBER | VIEW_FIND },
	{ &pane_alerts, { "incident" }, NULL, VIEW_CLOSED | VIEW_FIND },
	{ &pane_incident, { "incident" }, "I-", VIEW_NUMBER },
	{ &pane_engine, { "channels" }, NULL, VIEW_NOTHING },
	{ &pane_handover, { "handover" }, NULL, VIEW_NOTHING },
	{ &pane_audit, { "audit" }, NULL, VIEW_CLOSED | VIEW_FIND },
	{ &pane_suppressed, { "suppressed" }, NULL, VIEW_NOTHING },
	{ &pane_quota, { "quota" }, NULL, VIEW_NOTHING },
	{ &pane_since, { "since" }, "", VIEW_NUMBER },
	{ &pane_quiet, { "quiet" }, NULL, VIEW_NOTHING },
	{ &pane_map, { "map", "faults" }, NULL, VIEW_NOTHING },
	{ &pane_tasks, { "tasks" }, NULL, VIEW_NOTHING },
	{ &pane_conflicts, { "conflicts" }, NULL, VIEW_NOTHING },
	{ &pane_reconcile, { "reconcile", "list" }, NULL, VIEW_NOTHING },
	{ &pane_run, { "reconcile", "show" }, "", VIEW_NUMBER },
	{ &pane_session, { "session", "show" }, "", VIEW_NUMBER },
	{ &pane_settings, { "settings" }, NULL, VIEW_NOTHING },
	{ &pane_rehearse, { "rehearse" }, NULL, VIEW_NOTHING },
};

static void add(struct printing *p, const char *word)
{
	assert(p->words < (int)(sizeof p->word / sizeof *p->word));
	p->word[p->words++] = word;
}

/* "17" of orders is "order:17"; "order:17" is itself. */
static void add_subject(const struct pane *p, const char *kind, bool number, struct printing *out)
{
	const char *colon = strchr(p->subject, ':');

	if (number)
		add(out, arena_printf(out->arena, "%s%s", kind, colon ? colon + 1 : p->subject));
	else
		add(out, colon ? arena_strdup(out->arena, p->subject) : arena_printf(out->arena, "%s:%s", kind, p->subject));
}

static void add_window(const struct pane *p, struct printing *out)
{
	int64_t from, to;
	char iso[32];

	timeline_window(p, &from, &to);
	time_iso(from, iso);
	add(out, "--since");
	add(out, arena_strdup(out->arena, iso));
	time_iso(to, iso);
	add(out, "--until");
	add(out, arena_strdup(out->arena, iso));
}

/* A list's own view; the pane's struct begins with a struct list_pane. The filter stands in brackets: so it is no SKU's name and no option. */
static void add_view(const struct table *t, unsigned view, struct printing *out)
{
	if (!t->type)
		return;
	if (view & VIEW_CLOSED && t->all)
		add(out, "--all");
	if (view & VIEW_FOLDED && !t->all)
		add(out, "--fold");
	if (view & VIEW_SORT) {
		add(out, "--sort");
		add(out, t->type->sort_name(t->sort));
	}
	if (view & VIEW_SORT && t->reverse)
		add(out, "--reverse");
	if (view & VIEW_FIND && t->filter[0]) {
		add(out, "--find");
		add(out, arena_strdup(out->arena, t->filter));
	}
	if (view & VIEW_FILTER && t->filter[0])
		add(out, arena_printf(out->arena, "(%s)", t->filter));
}

bool pane_prints(const struct pane *p, struct printing *out)
{
	size_t i = 0;

	while (i < sizeof prints / sizeof *prints && prints[i].type != p->type)
		i++;
	if (i == sizeof prints / sizeof *prints)
		return false;
	for (int k = 0; k < 2 && prints[i].word[k]; k++)
		add(out, prints[i].word[k]);
	if (prints[i].view & (VIEW_SUBJECT | VIEW_NUMBER))
		add_subject(p, prints[i].kind, prints[i].view & VIEW_NUMBER, out);
	if (prints[i].view & VIEW_WINDOW)
		add_window(p, out);
	if (prints[i].view & (VIEW_FILTER | VIEW_FIND | VIEW_SORT | VIEW_CLOSED | VIEW_FOLDED))
		add_view(&((const struct list_pane *)p->self)->table, prints[i].view, out);
	return true;
}
