#include "ui/panes/drift_lines.h"

#include "base/text.h"
#include "trade/marketplaces.h"

#include <inttypes.h>
#include <string.h>

/* "amazon-eu DE 0 at 07:31Z FAILED BUSY, again 08:02Z, shows 3" */
static const char *said_words(const struct pane *p, const struct drift_said *s, struct arena *a)
{
	const struct offer *o = s->offer;
	const char *no = offer_unwritable(o), *how = "", *shows = o->seen == o->pushed ? "" : arena_printf(a, ", shows %s", say_units(a, o->seen));
	bool failed = !strcmp(s->state, "failed") || !strcmp(s->state, "unsure");

	if (no)
		return arena_printf(a, "%s: %s%s", offer_where(o, a), no, shows);
	if (failed)
		how = arena_printf(a, ", %" PRId64 " FAILED %s", o->target, s->fault);
	else if (!strcmp(s->state, "waiting"))
		how = arena_printf(a, ", %" PRId64 " waits%s%s, %s", o->target, *s->fault ? ": " : "", s->fault, s->due_ms <= p->now_ms ? "due" : say_time(p, a, s->due_ms));
	else if (!strcmp(s->state, "inflight") || !strcmp(s->state, "sent"))
		how = arena_printf(a, ", %" PRId64 " under way", o->target);
	return arena_printf(a, "%s %s%s%s%s%s", offer_where(o, a), o->pushed < 0 ? "never said" : say_units(a, o->pushed),
	                    o->pushed < 0 ? "" : " at ", o->pushed < 0 ? "" : say_time(p, a, o->pushed_ms), how, shows);
}

static int channels(const struct pane *p, const struct drift_detail *d, int w, int rows, struct drift_line *line, struct arena *a)
{
	const char *text = "";
	int n = 0;

	for (int i = 0; i < d->n; i++) {
		const char *one = said_words(p, &d->said[i], a), *both = *text ? arena_printf(a, "%s   %s", text, one) : one;
		bool fits = *text && text_width(both) <= w;

		if (!fits && n == rows) {
			line[n - 1].text = arena_printf(a, "%s   (%d more)", line[n - 1].text, d->n - i);
			return n;
		}
		text = fits ? both : one;
		if (!fits) {
			line[n] = (struct drift_line){ n ? "" : "said", text, ROLE_FG, d->said[i].attempt_id };
			n++;
		}
		line[n - 1].text = text;
	}
	return n;
}

int drift_lines(const struct pane *p, const struct drift_detail *d, int w, int rows, struct drift_line line[DRIFT_LINES], struct arena *a)
{
	int n = 0;

	if (*d->sum)
		line[n++] = (struct drift_line){ "stock", d->sum, d->offer.available < 0 ? ROLE_CRIT : ROLE_VALUE, 0 };
	if (rows > 0)
		n += channels(p, d, w, rows < DRIFT_LINES - DRIFT_FIXED ? rows : DRIFT_LINES - DRIFT_FIXED, line + n, a);
	line[n++] = (struct drift_line){ "cause", arena_printf(a, "%s%s", d->cause, d->offer.live ? "" : "   (shadow account: nothing is said)"), ROLE_WARN, d->offer.seen_attempt };
	if (d->orders)
		line[n++] = (struct drift_line){ "money", arena_printf(a, "%" PRId64 " order%s cannot be filled, %" PRId64 " units, %s: %s%s", d->orders, d->orders == 1 ? "" : "s",
		                                                       d->units, *d->money ? d->money : "-", d->refs, d->orders > 3 ? " ..." : ""), ROLE_CRIT, 0 };
	else if (d->offer.risk > 0)
		line[n++] = (struct drift_line){ "money", arena_printf(a, "%" PRId64 " more can be bought there than there are", d->offer.risk), ROLE_CRIT, 0 };
	line[n++] = (struct drift_line){ "do next", d->next, ROLE_FG, 0 };
	return n;
}
