#include "ui/panes/words.h"

#include "base/clock.h"
#include "base/text.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#define DAY_MS INT64_C(86400000)

static struct tm broken_down(const struct pane *p, int64_t ms)
{
	time_t s = (time_t)((ms - (ms % 1000 + 1000) % 1000) / 1000);
	struct tm tm = { 0 };

	if (p->local_time)
		localtime_r(&s, &tm);
	else
		gmtime_r(&s, &tm);
	return tm;
}

static const char day[][4] = { "Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat" };
static const char month[][4] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };

/* Local times carry no letter: the frame says which zone it is. */
static const char *say_when(const struct pane *p, struct arena *a, int64_t ms, bool seconds)
{
	struct tm tm = broken_down(p, ms), now = broken_down(p, p->now_ms);
	int64_t apart = ms > p->now_ms ? ms - p->now_ms : p->now_ms - ms;
	char date[16] = "";
	char clock[16];

	if (ms == 0)
		return "-";
	snprintf(clock, sizeof clock, seconds ? "%02d:%02d:%02d" : "%02d:%02d", tm.tm_hour, tm.tm_min, tm.tm_sec);
	if (apart >= 6 * DAY_MS)
		snprintf(date, sizeof date, "%02d %s ", tm.tm_mday, month[tm.tm_mon]);
	else if (tm.tm_yday != now.tm_yday)
		snprintf(date, sizeof date, "%s ", day[tm.tm_wday]);
	return arena_printf(a, "%s%s%s", date, clock, p->local_time ? "" : "Z");
}

const char *say_time(const struct pane *p, struct arena *a, int64_t ms)
{
	return say_when(p, a, ms, false);
}

const char *say_clock(const struct pane *p, struct arena *a, int64_t ms)
{
	return say_when(p, a, ms, true);
}

const char *say_short(const struct pane *p, struct arena *a, int64_t ms)
{
	struct tm tm = broken_down(p, ms), now = broken_down(p, p->now_ms);

	if (tm.tm_yday == now.tm_yday && tm.tm_year == now.tm_year)
		return say_time(p, a, ms);
	return p->now_ms - ms < 6 * DAY_MS ? day[tm.tm_wday] : arena_printf(a, "%02d %s", tm.tm_mday, month[tm.tm_mon]);
}

static const char *minutes(struct arena *a, const char *sign, int64_t ms, bool pad)
{
	int64_t m = ms / 60000;

	if (m < 60 && !pad)
		return m ? arena_printf(a, "%s%dm", sign, (int)m) : "<1m";
	if (m < 48 * 60)
		return arena_printf(a, pad ? "%s%02dh%02dm" : "%s%dh%02dm", sign, (int)(m / 60), (int)(m % 60));
	return arena_printf(a, "%s%dd%02dh", sign, (int)(m / 1440 % 100000), (int)(m / 60 % 24));
}

const char *say_age(const struct pane *p, struct arena *a, int64_t ms)
{
	if (ms == 0)
		return "never";
	return minutes(a, "", p->now_ms > ms ? p->now_ms - ms : 0, false);
}

const char *say_span(struct arena *a, int64_t ms)
{
	char text[16];

	if (ms < 1000)
		return arena_printf(a, "%d ms", (int)ms);
	if (ms < 60000)
		return arena_printf(a, "%d.%d s", (int)(ms / 1000), (int)(ms / 100 % 10));
	time_age(ms, text);
	return arena_strdup(a, text);
}

const char *say_due(const struct pane *p, struct arena *a, int64_t ms)
{
	if (ms == 0 || ms == NO_DEADLINE)
		return "-";
	return ms < p->now_ms ? minutes(a, "-", p->now_ms - ms, true) : minutes(a, "+", ms - p->now_ms, true);
}

const char *say_count(struct arena *a, int64_t n)
{
	char digits[24], *out = arena_alloc(a, 40);
	int len = snprintf(digits, sizeof digits, "%lld", (long long)n), at = 0;

	for (int i = 0; i < len; i++) {
		out[at++] = digits[i];
		if (digits[i] != '-' && i + 1 < len && (len - i - 1) % 3 == 0)
			out[at++] = ',';
	}
	return out;
}

const char *say_whose(struct arena *a, const char *account, const char *text)
{
	size_t n = strlen(account);

	return n && strncmp(text, account, n) ? arena_printf(a, "%s: %s", account, text) : text;
}

const char *say_units(struct arena *a, int64_t n)
{
	return n == -1 ? "-" : arena_printf(a, "%lld", (long long)n);
}

/* The last w columns of a text; a number's end tells it from its neighbours. */
static const char *tail(struct arena *a, const char *text, int w)
{
	while (text_width(text) > w - 1)
		text += text_fit(text, 1, NULL) ? text_fit(text, 1, NULL) : 1;
	return arena_printf(a, "~%s", text);
}

const char *say_where(struct arena *a, const char *account, const char *site, int w)
{
	enum { LEAST = 3 }; /* of an account's name */
	int room;

	if (!*site)
		return account;
	if (text_width(site) > w - LEAST - 1)
		site = tail(a, site, w - LEAST - 1);
	room = w - text_width(site) - 1;
	if (text_width(account) <= room)
		return arena_printf(a, "%s %s", account, site);
	return arena_printf(a, "%.*s~ %s", (int)text_fit(account, room - 1, NULL), account, site);
}

const char *say_money(struct arena *a, int64_t minor, const char *currency)
{
	char *out = arena_alloc(a, 40);

	text_money(minor, currency, out);
	return out;
}

/* A word of theirs that we do not know is shown as it came. */
static struct word say_progress(const struct order_row *o)
{
	static const char *const word[ORDER_STATES] = {
		[ORDER_PENDING] = "pending", [ORDER_NEW] = "new",       [ORDER_ACKED] = "acked",         [ORDER_RELEASED] = "released",
		[ORDER_PICKING] = "picking", [ORDER_PACKED] = "packed", [ORDER_SHIPPED] = "shipped",     [ORDER_DELIVERED] = "delivered",
		[ORDER_CANCELLED] = "cancelled",
	};

	if (o->state >= ORDER_UNKNOWN)
		return (struct word){ ROLE_WARN, o->raw_state && *o->raw_state ? o->raw_state : "UNKNOWN" };
	return (struct word){ o->open ? ROLE_FG : ROLE_MUTED, word[o->state] };
}

struct word say_order(const struct pane *p, const struct order_row *o)
{
	bool counts = o->open && o->due_ms != NO_DEADLINE;

	if (counts && o->due_ms <= p->now_ms)
		return (struct word){ ROLE_CRIT, "LATE" };
	if (o->open && o->flags & ORDER_CANCEL_REQ)
		return (struct word){ ROLE_WARN, "cancel?" };
	if (o->open && o->flags & ORDER_HOLD)
		return (struct word){ ROLE_WARN, "hold" };
	if (o->open && o->flags & ORDER_EXCEPTION)
		return (struct word){ ROLE_WARN, "problem" };
	if (counts && o->due_ms - p->now_ms <= DUE_SOON_MS)
		return (struct word){ ROLE_WARN, "due" };
	return say_progress(o);
}

struct word say_account(const struct account_row *a)
{
	static const struct {
		const char *state;
		struct word word;
	} table[] = {
		{ "ok", { ROLE_OK, "ok" } },       { "slow", { ROLE_WARN, "SLOW" } },   { "auth", { ROLE_CRIT, "DOWN auth" } },
		{ "down", { ROLE_CRIT, "DOWN" } }, { "wrong", { ROLE_CRIT, "WRONG" } }, { "new", { ROLE_MUTED, "new" } },
	};

	if (!a->enabled || strcmp(a->state, "off") == 0)
		return (struct word){ ROLE_MUTED, "off" };
	for (size_t i = 0; i < sizeof table / sizeof *table; i++)
		if (strcmp(a->state, table[i].state) == 0)
			return table[i].word;
	return (struct word){ ROLE_WARN, a->state };
}

/* The eight causes of a difference. */
struct word say_cause(const char *cause)
{
	static const char *const table[][2] = {
		{ "CHANNEL_EDIT", "edited there by somebody" },   { "SETTLING", "still settling" },
		{ "IN_FLIGHT_ORDER", "sold, order under way" },   { "RETURN_FIRST", "return counted there first" },
		{ "NOT_APPLIED", "they took it, never showed it" }, { "MAPPING", "SKU mapping" },
		{ "TRUTH_STALE", "our count is old" },            { "UNKNOWN", "not known" },
	};

	for (size_t i = 0; i < sizeof table / sizeof *table; i++)
		if (strcmp(cause, table[i][0]) == 0)
			return (struct word){ ROLE_FG, table[i][1] };
	return (struct word){ ROLE_FG, cause };
}

enum role role_of_severity(const char *severity)
{
	return strcmp(severity, "CRIT") == 0 ? ROLE_CRIT : strcmp(severity, "WARN") == 0 ? ROLE_WARN : ROLE_FG;
}

enum role role_of_fault(const char *class)
{
	static const char *const by_itself[] = { "NET", "BUSY", "REMOTE" };

	for (size_t i = 0; i < sizeof by_itself / sizeof *by_itself; i++)
		if (strcmp(class, by_itself[i]) == 0)
			return ROLE_WARN;
	return *class ? ROLE_CRIT : ROLE_FG;
}

enum role role_of_job(const char *state)
{
	if (strcmp(state, "failed") == 0 || strcmp(state, "parked") == 0)
		return ROLE_CRIT;
	return strcmp(state, "unsure") == 0 || strcmp(state, "retried") == 0 ? ROLE_WARN : ROLE_FG;
}

enum role role_of_push(const char *push_state)
{
	if (strcmp(push_state, "NOT_APPLIED") == 0 || strcmp(push_state, "OVERWRITTEN") == 0)
		return ROLE_CRIT;
	if (strcmp(push_state, "PARTLY") == 0)
		return ROLE_WARN;
	return strcmp(push_state, "APPLIED") == 0 ? ROLE_OK : ROLE_FG;
}
