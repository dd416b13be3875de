/* status.c: what Walmart says of its own health. The only one of the marketplaces with such an address in its contract. */
#include "channels/walmart/walmart.h"

#include <string.h>

enum fault walmart_status_ask(const struct account *acc, struct batch b, struct request *r, struct err *err)
{
	(void)b;
	(void)err;
	walmart_request(acc, r, "GET", "/v3/utilities/apiStatus");
	return OK;
}

/* Of their eleven groups those without which we are out of step. */
static bool concerns_us(const char *group)
{
	static const char *const groups[] = { "Orders", "Inventory", "Authentication", "Authorization" };

	for (size_t i = 0; i < sizeof groups / sizeof *groups; i++)
		if (!strcmp(group, groups[i]))
			return true;
	return false;
}

static bool is_known(const char *status)
{
	static const char *const known[] = { "OPERATIONAL", "SERVICE_DEGRADATION", "SERVICE_OUTAGE", "UNKNOWN" };

	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		if (!strcmp(status, known[i]))
			return true;
	return false;
}

/* Slow, or not known by themselves, is not out: their own word for out is the only one that counts. */
enum fault walmart_status_hear(const struct account *acc, struct batch b, const struct reply *r, struct news *n, struct err *err)
{
	struct reading reading = { .arena = n->arena };
	struct buf out = buf_new(n->arena);
	const struct json *body;
	int told = 0;
	enum fault f = walmart_open(acc, "any scope", r, n->arena, &body, err);

	(void)b;
	if (f)
		return f;
	for (struct spot e = spot_first(spot_get(spot_top(&reading, body), "apiStatuses")); e.v; e = spot_next(e)) {
		const char *group = need_plain(e, "apiGroup", 40), *status = need_plain(e, "status", 40);

		if (reading.path || !concerns_us(group))
			continue;
		told++;
		if (!is_known(status))
			news_odd(n, arena_printf(n->arena, "%s.status", e.path), status, group);
		if (!strcmp(status, "SERVICE_OUTAGE"))
			buf_printf(&out, "%s%s", out.len ? ", " : "", group);
	}
	if (reading.path)
		return answer_wrong(&reading, err);
	if (!told)
		return err_set(err, FAULT_FORMAT, "apiStatuses: none of the groups that we live by is in it");
	n->out = out.p;
	return OK;
}
