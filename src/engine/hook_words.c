/* What hooks say: the same incident as JSON, as Slack's message, as a mail. */
#include "engine/hook.h"

#include "base/clock.h"
#include "base/json.h"
#include "base/text.h"

#include <string.h>

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
	const char *account = value(text, "account"), *says = value(text, "text"), *id = value(text, "id");
	bool named = !*account || !strncmp(says, account, strlen(account)); /* most texts begin with it */

	return clean(a, arena_printf(a, "%s %s%s%s: %s%s%s", value(text, "severity"), strcmp(id, event) ? id : "", strcmp(id, event) ? " " : "", event, named ? "" : account,
	                             named ? "" : ": ", says));
}

/* A header is ASCII (RFC 5322 2.2), and a telephone shows the first words of it: the whole is in the body. */
static const char *subject_of(struct arena *a, const char *headline)
{
	enum { MOST = 120 };
	size_t n = strlen(headline);
	char *out = arena_strndup(a, headline, n < MOST ? n : MOST);

	for (char *p = out; *p; p++)
		if (*p & 0x80)
			*p = '?';
	return n > MOST ? arena_printf(a, "%s~", out) : out;
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

/* Their three (api.slack.com/reference/surfaces/formatting, "Escaping text", read 2026-11-22): "<!channel>" and a link of one's own choice are a listing's name and no more. */
static const char *escaped(struct arena *a, const char *text)
{
	struct buf b = buf_new(a);

	for (const char *p = text; *p; p++)
		if (*p == '&' || *p == '<' || *p == '>')
			buf_puts(&b, *p == '&' ? "&amp;" : *p == '<' ? "&lt;" : "&gt;");
		else
			buf_putc(&b, *p);
	return b.len ? b.p : "";
}

const char *hook_slack(struct arena *a, const struct fields *text, const char *event)
{
	struct buf b = buf_new(a);
	struct json_out o = json_out(&b);
	const char *next = value(text, "next");

	json_put_object(&o, NULL);
	json_put_text(&o, "text", arena_printf(a, "%s%s%s", escaped(a, headline(a, text, event)), *next ? "\n" : "", escaped(a, clean(a, next))));
	json_end_object(&o);
	return b.p;
}

const char *hook_mail(struct arena *a, const struct fields *text, const char *event, const char *from, const char *to)
{
	static const char *const keys[] = { "id", "severity", "title", "account", "subject", "text", "next", "owner", "by", "cause" };
	struct buf b = buf_new(a);

	buf_printf(&b, "From: %s\r\nTo: %s\r\nSubject: tallyman %s\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n"
	               "Content-Transfer-Encoding: 8bit\r\nAuto-Submitted: auto-generated\r\n\r\n",
	           clean(a, from), clean(a, to), subject_of(a, headline(a, text, event)));
	buf_printf(&b, "%s\r\n\r\n", headline(a, text, event));
	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
		if (*value(text, keys[i]))
			buf_printf(&b, "%-9s %s\r\n", keys[i], clean(a, value(text, keys[i])));
	return b.p;
}
