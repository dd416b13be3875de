/*
 * console_reveal.c: what is sealed, opened by the engine for who may see it: bodies of requests and replies, and a buyer.
 */
#include "ui/console_inside.h"

#include "base/fields.h"
#include "trade/bundle.h"
#include "trade/intents.h"

#include <string.h>

enum { REVEAL_S = 60, REVEAL_MAX = 1024 * 1024 };

static void line_break(struct buf *out, int depth)
{
	buf_putc(out, '\n');
	for (int i = 0; i < depth && i < 20; i++)
		buf_puts(out, "  ");
}

/* JSON with a line for each member, so that it can be read; not a character of it is another one. Anything else stays as it is. */
static const char *laid_out(struct arena *a, const char *text)
{
	struct buf out = buf_new(a);
	bool quoted = false;
	int depth = 0;

	if (*text != '{' && *text != '[')
		return text;
	for (const char *p = text; *p; p++) {
		bool ends = !quoted && (*p == '}' || *p == ']');

		if (ends && p > text && p[-1] != '{' && p[-1] != '[')
			line_break(&out, depth - 1);
		depth -= ends;
		buf_putc(&out, *p);
		if (quoted && *p == '\\' && p[1])
			buf_putc(&out, *++p);
		else if (*p == '"')
			quoted = !quoted;
		else if (!quoted && ((*p == '{' && p[1] != '}') || (*p == '[' && p[1] != ']')))
			line_break(&out, ++depth);
		else if (!quoted && (*p == '{' || *p == '['))
			depth++;
		else if (!quoted && *p == ',')
			line_break(&out, depth);
	}
	return out.p;
}

/* A whole body, piece by piece; what stands in a bundle needs nobody to open it. */
static enum fault reveal_body(struct console *c, const struct intent *in, int64_t id, struct buf *out, struct err *err)
{
	const char *kept = NULL;
	int64_t total = 1;

	if (bundle_body_text(c->store, id, c->turn, &kept, err))
		return err->fault;
	if (kept) {
		buf_puts(out, kept);
		return OK;
	}
	while ((int64_t)out->len < total && out->len < REVEAL_MAX) {
		struct intent piece = console_asker(c, in);
		struct fields answer;
		const char *bytes;

		piece.payload = fields_new(c->turn);
		fields_put_int(&piece.payload, "body", id);
		fields_put_int(&piece.payload, "offset", (int64_t)out->len);
		if (fields_has(&in->payload, "full"))
			fields_put(&piece.payload, "full", "1");
		if (console_ask(c, &piece, &answer, err))
			return err->fault;
		bytes = fields_get(&answer, "body", "");
		total = fields_int(&answer, "total", 0);
		if (!*bytes)
			break;
		buf_puts(out, bytes);
	}
	return OK;
}

static enum fault reveal_bodies(struct console *c, const struct intent *in, struct wish *reply, struct err *err)
{
	struct section *s = arena_alloc(reply->arena, 4 * sizeof *s);
	const char *id;
	bool whole = fields_has(&in->payload, "full");
	int n = 0;

	for (; n < 4 && (id = fields_each(&in->payload, "body", n)); n++) {
		struct buf text = buf_new(reply->arena);
		struct fields one = fields_new(c->turn);

		fields_put(&one, "id", id);
		if (reveal_body(c, in, fields_int(&one, "id", 0), &text, err))
			return err->fault;
		s[n] = (struct section){ .title = fields_each(&in->payload, "title", n), .text = laid_out(reply->arena, text.p ? text.p : ""), .raw = true };
		s[n].title = arena_strdup(reply->arena, s[n].title ? s[n].title : "bytes");
	}
	reply->text = bundle_now(c->store) ? "As it was, names and secrets blotted out when the bundle was made"
	              : whole              ? "As it was, with names; closes after 60 s"
	                                   : "As it was, names and secrets blotted out (V on the request shows them)";
	reply->sections = s;
	reply->n_sections = n;
	reply->seconds = whole ? REVEAL_S : 0;
	return OK;
}

#define OF_PERSON "person." /* the rest is what the answer says of itself */

static enum fault reveal_person(struct console *c, const struct intent *in, struct wish *reply, struct err *err)
{
	struct section *s = arena_alloc(reply->arena, sizeof *s);
	struct buf text = buf_new(reply->arena);
	struct intent asked = console_asker(c, in);
	struct fields answer;
	size_t skip = bundle_now(c->store) ? 0 : sizeof OF_PERSON - 1;
	enum fault f = skip ? console_ask(c, &asked, &answer, err) : bundle_buyer_kept(c->store, fields_int(&in->payload, "order", 0), c->turn, &answer, err);

	if (f)
		return f;
	for (int i = 0; i < answer.n; i++)
		if (!strncmp(answer.field[i].key, OF_PERSON, skip))
			buf_printf(&text, "%-10s %s\n", answer.field[i].key + skip, answer.field[i].value);
	*s = (struct section){ .text = text.len ? text.p : "nothing is kept of this buyer any more", .raw = true };
	reply->text = skip ? "Buyer, shown for 60 s; it is written down that you looked" : "Buyer, as the bundle was made with him; shown for 60 s";
	reply->sections = s;
	reply->n_sections = 1;
	reply->seconds = REVEAL_S;
	return OK;
}

enum fault console_reveal(struct console *c, const struct intent *in, struct wish *reply, struct err *err)
{
	reply->kind = WISH_READ;
	return fields_has(&in->payload, "order") ? reveal_person(c, in, reply, err) : reveal_bodies(c, in, reply, err);
}
