/* What hooks say: the same incident as JSON, as Slack's message, as a mail. */
#include "engine/hook.h"

#include "base/clock.h"
#include "base/json.h"
#include "base/text.h"

static const char *value(const struct fields *text, const char *key)
{
	return fields_get(text, key, "");
}

/* One line without a control character: nobody adds a header, or rings a terminal's bell, by naming a listing so. */
static const char *clean(struct arena *a, const char *text)
{
	char *out = arena_alloc(a, 600);

	text_clean(out, 600, text);
	return out;
}

static const char *headline(struct arena *a, const struct fields *text, const char *event)
{
	const char *account = value(text, "account");

	return clean(a, arena_printf(a, "%s %s %s: %s%s%s", value(text, "severity"), value(text, "id"), event, account, *account ? ": " : "", value(text, "text")));
}

const char *hook_json(struct arena *a, const struct fields *text, const char *event)
{
	static const char *const keys[] = { "id", "severity", "kind", "title", "account", "subject", "text", "next", "owner", "by", "cause" };
	struct buf b = buf_new(a);
	struct json_out o = json_out(&b);
	char iso[32] = "";

	json_put_object(&o, NULL);
	json_put_text(&o, "event", event);
	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
		json_put_text(&o, keys[i], *value(text, keys[i]) ? value(text, keys[i]) : NULL);
	if (fields_int(text, "opened_ms", 0))
		time_iso(fields_int(text, "opened_ms", 0), iso);
	json_put_text(&o, "opened", *iso ? iso : NULL);
	json_put_int(&o, "alerts", fields_int(text, "alerts", 0));
	json_end_object(&o);
	return b.p;
}

const char *hook_slack(struct arena *a, const struct fields *text, const char *event)
{
	struct buf b = buf_new(a);
	struct json_out o = json_out(&b);
	const char *next = value(text, "next");

	json_put_object(&o, NULL);
	json_put_text(&o, "text", arena_printf(a, "%s%s%s", headline(a, text, event), *next ? "\n" : "", clean(a, next)));
	json_end_object(&o);
	return b.p;
}

const char *hook_mail(struct arena *a, const struct fields *text, const char *event, const char *from, const char *to)
{
	static const char *const keys[] = { "id", "severity", "title", "account", "subject", "text", "next", "owner", "by", "cause" };
	struct buf b = buf_new(a);

	buf_printf(&b, "From: %s\r\nTo: %s\r\nSubject: tallyman %s\r\nContent-Type: text/plain; charset=utf-8\r\nAuto-Submitted: auto-generated\r\n\r\n", clean(a, from), clean(a, to),
	           headline(a, text, event));
	buf_printf(&b, "%s\r\n\r\n", headline(a, text, event));
	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
		if (*value(text, keys[i]))
			buf_printf(&b, "%-9s %s\r\n", keys[i], clean(a, value(text, keys[i])));
	return b.p;
}
