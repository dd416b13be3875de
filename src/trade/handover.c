#include "trade/handover.h"

#include "base/clock.h"
#include "store/store.h"
#include "trade/audit.h"
#include "trade/logins.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>

enum { HEIR_MAX = 60 };

const char *hand_part_title(enum hand_part p)
{
	static const char *const titles[HAND_PARTS] = { "verdict",   "needs you now",         "watch",      "held and set by hand", "done on this shift", "numbers",
		                                        "changes",   "routines",              "who sat here", "notes for the next shift", "sign-off" };

	return titles[p];
}

/* ---- as text ---- */

static void put_minute(struct buf *b, int64_t ms)
{
	char iso[32];

	time_iso_s(ms, iso);
	buf_printf(b, "%.16sZ", iso);
}

static void put_figures(struct buf *b, const struct handover *h)
{
	buf_printf(b, "  %-20s %12s %12s %12s\n", "", "this shift", "the last", "a week ago");
	for (int i = 0; i < HAND_FIGURES; i++)
		buf_printf(b, "  %-20s %12" PRId64 " %12" PRId64 " %12" PRId64 "\n", h->figure[i].name, h->figure[i].now, h->figure[i].before, h->figure[i].week);
}

static void put_part(struct buf *b, const struct handover *h, enum hand_part part)
{
	int said = 0;

	buf_printf(b, "\n%d %s\n", (int)part + 1, hand_part_title(part));
	if (part == HAND_NUMBERS) {
		put_figures(b, h);
		return;
	}
	for (int i = 0; i < h->n; i++) {
		const struct hand_line *l = &h->line[i];

		if (l->part != part)
			continue;
		buf_printf(b, "  %-4s ", l->level);
		if (l->at_ms)
			put_minute(b, l->at_ms);
		buf_printf(b, "%s%s\n", l->at_ms ? " " : "", l->text);
		said++;
	}
	if (!said)
		buf_puts(b, "  nothing\n");
}

const char *handover_text(const struct handover *h, struct arena *a)
{
	struct buf b = buf_new(a);

	buf_puts(&b, "SHIFT HANDOVER ");
	put_minute(&b, h->from_ms);
	buf_puts(&b, " to ");
	put_minute(&b, h->to_ms);
	buf_printf(&b, ": %s\n", h->verdict);
	for (int p = 0; p < HAND_PARTS; p++)
		put_part(&b, h, (enum hand_part)p);
	return b.p;
}

/* ---- what was signed ---- */

static struct handed keep(const struct rows *r, struct arena *a)
{
	return (struct handed){
		.id = rows_int(r, 0),
		.from_ms = rows_int(r, 1),
		.to_ms = rows_int(r, 2),
		.actor = rows_keep(r, 3, a),
		.heir = rows_keep(r, 4, a),
		.hash = rows_keep(r, 5, a),
		.audit_n = rows_int(r, 6),
		.audit_head = rows_keep(r, 7, a),
		.taken_by = rows_keep(r, 8, a),
		.taken_ms = rows_int(r, 9),
		.report = "",
	};
}

enum fault handed_page(struct store *s, int n, struct arena *a, struct handed **out, int *got, struct err *err)
{
	static const char sql[] = "SELECT id, from_ms, to_ms, actor, heir, hash, audit_n, audit_head, taken_by, taken_ms FROM handover ORDER BY id DESC LIMIT ?";
	struct rows *r = ASK(s, sql, V(n));

	*out = arena_alloc(a, (size_t)(n + 1) * sizeof **out);
	for (*got = 0; rows_next(r); ++*got)
		(*out)[*got] = keep(r, a);
	return rows_end(r, err);
}

enum fault handed_get(struct store *s, int64_t id, struct arena *a, struct handed *out, struct err *err)
{
	static const char sql[] = "SELECT id, from_ms, to_ms, actor, heir, hash, audit_n, audit_head, taken_by, taken_ms, report FROM handover WHERE id = ?";
	struct rows *r = ASK(s, sql, V(id));
	bool found = rows_next(r);

	if (found) {
		*out = keep(r, a);
		out->report = rows_keep(r, 10, a);
	}
	if (rows_end(r, err))
		return FAULT_STORE;
	return found ? OK : err_set(err, FAULT_REFUSED, "there is no handover H-%" PRId64, id);
}

static int64_t count_open(const struct handover *h)
{
	int64_t n = 0;

	for (int i = 0; i < h->n; i++)
		n += h->line[i].part == HAND_NOW;
	return n;
}

static enum fault sign(struct store *s, const char *heir, const struct cause *why, struct arena *a, const char **result, struct err *err)
{
	static const char sql[] = "INSERT INTO handover (from_ms, to_ms, actor, heir, report, hash, audit_n, audit_head) VALUES (?, ?, ?, ?, ?, ?, ?, ?) RETURNING id";
	struct handover h;
	const char *text;
	char hash[65];
	int64_t id;
	enum fault f = handover_read(s, why->now_ms, a, &h, err);

	if (f)
		return f;
	text = handover_text(&h, a);
	sha256_hex(text, strlen(text), hash);
	f = RUN_ID(s, err, &id, sql, V(h.from_ms), V(h.to_ms), V(why->actor), V(heir), V(text), V(hash), V(h.audit_n), V(h.audit_head));
	if (!f)
		f = audit_add(s, why, "handover-signed", arena_printf(a, "H-%" PRId64 " to %s", id, heir),
		              arena_printf(a, "report %s|%" PRId64 " need somebody now|audit row %" PRId64 " %s", hash, count_open(&h), h.audit_n, h.audit_head), err);
	*result = arena_printf(a, "H-%" PRId64 " is signed over to %s, who takes it: tallyman handover take H-%" PRId64, id, heir, id);
	return f;
}

static enum fault take(struct store *s, int64_t id, const struct cause *why, struct arena *a, const char **result, struct err *err)
{
	static const char sql[] = "UPDATE handover SET taken_by = ?2, taken_ms = ?3 WHERE id = ?1";
	struct handed h;
	enum fault f = handed_get(s, id, a, &h, err);

	if (!f && h.taken_ms)
		f = err_set(err, FAULT_REFUSED, "H-%" PRId64 " was taken by %.60s", id, h.taken_by);
	if (!f && login_same(h.actor, why->actor))
		f = err_set(err, FAULT_REFUSED, "%.60s signed it over: somebody else takes it", h.actor);
	if (!f)
		f = RUN(s, err, sql, V(id), V(why->actor), V(why->now_ms));
	if (!f)
		f = audit_add(s, why, "handover-taken", arena_printf(a, "H-%" PRId64, id), arena_printf(a, "from %s|report %s", h.actor, h.hash), err);
	*result = arena_printf(a, "H-%" PRId64 " is yours", id);
	return f;
}

enum fault handover_carry(struct store *s, const struct fields *p, const struct cause *why, struct arena *a, const char **result, struct err *err)
{
	const char *heir = fields_get(p, "to", "");

	assert(store_in_transaction(s));
	if (fields_has(p, "take"))
		return take(s, fields_int(p, "take", 0), why, a, result, err);
	heir += strspn(heir, " ");
	if (!*heir || strlen(heir) > HEIR_MAX)
		return err_set(err, FAULT_REFUSED, "say to whom, in at most %d characters", HEIR_MAX);
	return sign(s, heir, why, a, result, err);
}
