#include "sandbox/faults.h"

#include "base/log.h"
#include "base/text.h"
#include "sandbox/damage.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const struct fault_kind_fact fault_kinds[FAULT_KINDS] = {
	[LOST_BEFORE] = { "lost-before", "no answer, and nothing has happened", true, false },
	[LOST_AFTER] = { "lost-after", "it is done, the answer is lost", false, false },
	[ERROR_BEFORE] = { "error", "a 5xx (status=), and nothing has happened", true, false },
	[ERROR_AFTER] = { "error-after", "it is done, the answer is a 5xx", false, false },
	[SLOW] = { "slow", "the answer takes delay= (30s) longer", false, false },
	[TRUNCATED] = { "truncated", "the line breaks in the middle of the body", false, false },
	[FLIPPED] = { "flip", "some bits of the body are flipped", false, false },
	[NUL_INSIDE] = { "nul", "a string holds a NUL", false, false },
	[DUPLICATE_KEY] = { "duplicate", "a key stands twice, with two values", false, false },
	[UNKNOWN_WORD] = { "unknown", "an enumeration has a word nobody knows", false, false },
	[MISSING_FIELD] = { "missing", "an element lacks a field it must have", false, false },
	[MISTYPED] = { "mistyped", "a number is none, or one that is too large", false, false },
	[EMPTY] = { "empty", "a 200 without a body", false, false },
	[HTML] = { "html", "somebody else's web page, with a 200", true, false },
	[REDIRECT] = { "redirect", "a redirect to a foreign host", true, false },
	[THROTTLE] = { "throttle", "a 429 with Retry-After, now in seconds, now as a date", true, false },
	[REVOKED] = { "revoked", "all tokens are revoked, once", false, true },
	[NO_TOKEN] = { "no-token", "the token endpoint answers without a token", true, false },
	[NO_ROLE] = { "no-role", "a 403: the application lacks the role", true, false },
	[DROPPED] = { "dropped", "accepted and never applied", false, false },
	[STUCK] = { "stuck", "feeds do not get on", false, true },
	[EDIT] = { "edit", "somebody sets a quantity by hand (sku= place= to=)", false, true },
	[ZEROES] = { "zeroes", "a stock reading says that nothing is there", false, false },
	[HALVED] = { "halved", "a stock reading lacks every other product", false, false },
	[FAILING] = { "failing", "a stock report that is asked for will fail", false, false },
	[DEAF] = { "deaf", "the ERP does not hear from the provider's warehouses", false, true },
	[CROWDED] = { "crowded", "others hold all of the account's places: too many at once", true, false },
	[LATE_WRITES] = { "late-writes", "what a feed says replaces what was said after it was handed in", false, true },
	[ANNOUNCED] = { "announced", "their own status page calls it out (op=): by itself it spoils no call", false, true },
	[LATE] = { "late", "a write whose line breaks at once, and that is done delay= later (one to ten minutes)", true, false },
	[TWICE] = { "twice", "a gateway hands a write on twice, and one of the answers", false, false },
	[FALSE_LOGIN] = { "false-login", "a 401 to a good login, as NetSuite answers when too many come at once", true, false },
};

/* ---- text ---- */

/* "90s" to 90000. */
static bool duration_read(const char *s, int64_t *ms)
{
	static const struct {
		const char *unit;
		int64_t ms;
	} units[] = { { "ms", 1 }, { "s", 1000 }, { "m", MINUTE_MS }, { "h", HOUR_MS }, { "d", DAY_MS } };
	size_t n = strspn(s, "0123456789");
	char digits[12];
	int64_t number;

	if (!n || n >= sizeof digits)
		return false;
	memcpy(digits, s, n);
	digits[n] = '\0';
	for (size_t i = 0; i < sizeof units / sizeof *units; i++)
		if (strcmp(s + n, units[i].unit) == 0 && text_int(digits, 0, 99999999, &number)) {
			*ms = number * units[i].ms;
			return true;
		}
	return false;
}

static int kind_read(const char *s)
{
	int kind = 0;

	while (kind < FAULT_KINDS && strcmp(s, fault_kinds[kind].name) != 0)
		kind++;
	return kind;
}

/* "orders,ship" to bits; 0: a word is none of them. */
static unsigned words_read(const char *s, const char *const *words, int n)
{
	unsigned bits = 0;

	while (*s) {
		size_t len = strcspn(s, ",");
		int i = 0;

		while (i < n && (strlen(words[i]) != len || strncmp(s, words[i], len) != 0))
			i++;
		if (i == n)
			return 0;
		bits |= 1u << i;
		s += len + (s[len] == ',');
	}
	return bits;
}

struct sowing {
	int64_t seed, from_ms, for_ms; /* seed -1: none; for_ms -1: for ever */
};

/* One "key=value". NULL: it is fine; else what would be right. */
static const char *word_read(struct mishap *m, struct sowing *sow, const char *key, const char *value)
{
	int64_t n = 0;

	if (strcmp(key, "kind") == 0)
		return (m->kind = (enum fault_kind)kind_read(value)) < FAULT_KINDS ? NULL : "one of those that `tallyman sandbox --faults` lists";
	if (strcmp(key, "at") == 0)
		return duration_read(value, &sow->from_ms) ? NULL : "a time like 90s, 10m, 2h";
	if (strcmp(key, "for") == 0)
		return duration_read(value, &sow->for_ms) ? NULL : "a time like 90s, 10m, 2h";
	if (strcmp(key, "channel") == 0)
		return (m->channels = words_read(value, platform_names, PLATFORMS)) ? NULL : "of walmart amazon ebay shopify cartoncloud netsuite, with commas";
	if (strcmp(key, "op") == 0)
		return (m->groups = words_read(value, group_names, GROUPS)) ? NULL : "of token orders order ack ship cancel stock push feeds pool bulk products dispatch status report, with commas";
	if (strcmp(key, "delay") == 0)
		return duration_read(value, &m->delay_ms) ? NULL : "a time like 90s, 10m, 2h";
	if (strcmp(key, "place") == 0)
		return (m->place = place_named(value)) < PLACES ? NULL : "a place like walmart/main or amazon/us";
	if (strcmp(key, "sku") == 0)
		return snprintf(m->sku, sizeof m->sku, "%s", value) < (int)sizeof m->sku ? NULL : "a SKU of at most 47 characters";
	if (strcmp(key, "rate") == 0) {
		bool ok = text_minor(value, 6, &n) && n >= 0 && n <= 1000000;

		m->rate_ppm = (int32_t)n;
		return ok ? NULL : "a share from 0 to 1";
	}
	if (strcmp(key, "seed") == 0)
		return text_int(value, 0, INT64_MAX, &sow->seed) ? NULL : "a whole number";
	if (strcmp(key, "count") == 0 && text_int(value, 1, 1000000, &n))
		return (void)(m->left = (int32_t)n), NULL;
	if (strcmp(key, "status") == 0 && text_int(value, 500, 599, &n))
		return (void)(m->status = (int32_t)n), NULL;
	if (strcmp(key, "to") == 0 && text_int(value, 0, 999999, &n))
		return (void)(m->to = (int32_t)n), NULL;
	if (strcmp(key, "count") == 0 || strcmp(key, "status") == 0 || strcmp(key, "to") == 0)
		return "a whole number (count from 1, status from 500 to 599, to from 0)";
	return "no such key: at for channel op kind rate count status delay sku place to seed are known";
}

static enum fault words_all(struct mishap *m, struct sowing *sow, char *words, struct err *err)
{
	char *rest = NULL;

	for (char *word = strtok_r(words, " \t\r\n", &rest); word; word = strtok_r(NULL, " \t\r\n", &rest)) {
		char *value = strchr(word, '=');
		const char *want;

		if (!value)
			return err_set(err, FAULT_REFUSED, "fault: \"%s\" is no key=value", word);
		*value++ = '\0';
		want = word_read(m, sow, word, value);
		if (want)
			return err_set(err, FAULT_REFUSED, "fault: %s=%s: want %s", word, value, want);
	}
	return OK;
}

enum fault faults_add(struct faults *f, const char *text, int64_t now_ms, struct err *err)
{
	struct mishap m = { .kind = FAULT_KINDS, .channels = ~0u, .groups = ~0u, .rate_ppm = 1000000, .left = -1, .status = 503, .to = -1, .place = PLACES };
	struct sowing sow = { -1, 0, -1 };
	char words[400];

	if (snprintf(words, sizeof words, "%s", text) >= (int)sizeof words)
		return err_set(err, FAULT_REFUSED, "fault: the line is longer than %zu characters", sizeof words - 1);
	if (words_all(&m, &sow, words, err) != OK)
		return FAULT_REFUSED;
	m.from_ms = now_ms + sow.from_ms;
	m.until_ms = sow.for_ms < 0 ? INT64_MAX : m.from_ms + sow.for_ms;
	if (sow.seed >= 0 && m.kind == FAULT_KINDS && sow.for_ms > 0) {
		faults_sow(f, (uint64_t)sow.seed, m.from_ms, m.until_ms);
		return OK;
	}
	if (m.kind == FAULT_KINDS)
		return err_set(err, FAULT_REFUSED, "fault: kind= is missing (or seed= with for=)");
	if (f->n == MISHAPS_MAX)
		return err_set(err, FAULT_REFUSED, "fault: there are %d already", MISHAPS_MAX);
	f->mishap[f->n++] = m;
	return OK;
}

const char *mishap_text(struct arena *a, const struct mishap *m)
{
	struct buf b = buf_new(a);
	char from[32], until[32];

	time_iso_s(m->from_ms, from);
	if (m->until_ms != INT64_MAX)
		time_iso_s(m->until_ms, until);
	buf_printf(&b, "kind=%s from=%s until=%s", fault_kinds[m->kind].name, from, m->until_ms == INT64_MAX ? "ever" : until);
	for (int i = 0; i < PLATFORMS; i++)
		if (m->channels != ~0u && m->channels >> i & 1)
			buf_printf(&b, " channel=%s", platform_names[i]);
	for (int i = 0; i < GROUPS; i++)
		if (m->groups != ~0u && m->groups >> i & 1)
			buf_printf(&b, " op=%s", group_names[i]);
	if (m->rate_ppm != 1000000)
		buf_printf(&b, " rate=0.%06d", m->rate_ppm);
	buf_printf(&b, " fired=%d", m->fired);
	return b.p;
}

/* One of the platforms where the seller sells. */
static enum platform platform_pick(const struct faults *f, struct rng *r)
{
	int n = __builtin_popcount(f->sells), at = n ? (int)rng_below(r, n) : 0;
	enum platform p = 0;

	for (; p + 1 < PLATFORMS; p++)
		if (f->sells >> p & 1 && at-- == 0)
			break;
	return p;
}

void faults_sow(struct faults *f, uint64_t seed, int64_t from_ms, int64_t until_ms)
{
	struct rng r = rng_seeded(seed);
	int64_t lots = (until_ms - from_ms) / (10 * MINUTE_MS) + 1;

	for (int64_t i = 0; i < lots && f->n < MISHAPS_MAX; i++) {
		struct mishap *m = &f->mishap[f->n++];

		*m = (struct mishap){ .channels = ~0u, .groups = ~0u, .left = -1, .to = -1, .place = PLACES };
		m->kind = (enum fault_kind)rng_below(&r, KINDS_SOWN);
		m->from_ms = from_ms + rng_below(&r, until_ms - from_ms);
		m->until_ms = m->from_ms + (1 + rng_below(&r, 15)) * MINUTE_MS;
		m->until_ms = m->until_ms < until_ms ? m->until_ms : until_ms;
		if (rng_below(&r, 2))
			m->channels = 1u << platform_pick(f, &r);
		m->rate_ppm = (int32_t)(100000 + rng_below(&r, 900001));
		m->status = 500 + (int32_t)rng_below(&r, 5);
		m->delay_ms = 5000 + rng_below(&r, 50000);
	}
}

/* ---- who is hit ---- */

enum { WRITES = 1u << GROUP_ACK | 1u << GROUP_SHIP | 1u << GROUP_CANCEL | 1u << GROUP_PUSH };

struct mishap *faults_draw(struct faults *f, enum platform platform, enum group group, int64_t now_ms)
{
	for (int i = 0; i < f->n; i++) {
		struct mishap *m = &f->mishap[i];
		bool meant = m->channels >> platform & 1 && m->groups >> group & 1;

		if (fault_kinds[m->kind].alone || now_ms < m->from_ms || now_ms >= m->until_ms || !meant || !m->left)
			continue;
		if (m->kind == NO_TOKEN && group != GROUP_TOKEN)
			continue;
		if ((m->kind == LATE || m->kind == TWICE) && !(WRITES >> group & 1))
			continue;
		if ((m->kind == ZEROES || m->kind == HALVED || m->kind == FAILING) && group != GROUP_REPORT)
			continue;
		if (rng_below(&f->rng, 1000000) >= m->rate_ppm)
			continue;
		m->left -= m->left > 0;
		m->fired++;
		if (f->log)
			log_info("sandbox: %s %s: %s", platform_names[platform], group_names[group], fault_kinds[m->kind].name);
		return m;
	}
	return NULL;
}

/* A place where the seller sells, by chance. */
static enum place place_pick(struct faults *f)
{
	enum place ours[PLACES] = { 0 };
	int n = 0;

	for (enum place p = 0; p < PLACES; p++)
		if (f->sells >> place_facts[p].platform & 1)
			ours[n++] = p;
	return n ? ours[rng_below(&f->rng, n)] : 0;
}

/* The listing meant, or one by chance; never one that the software cannot put right. */
static int edit_pick(struct faults *f, const struct world *w, const struct mishap *m)
{
	for (int tries = 0; tries < 200 && w->listings; tries++) {
		int product = *m->sku ? product_by_sku(w, m->sku) : (int)rng_below(&f->rng, w->products);
		enum place place = m->place < PLACES ? m->place : place_pick(f);

		if (product < 0)
			return -1;
		if (!place_facts[place].apart && w->product[product].listing[place] >= 0)
			return w->product[product].listing[place];
	}
	return -1;
}

static void edit_happen(struct faults *f, struct world *w, struct mishap *m)
{
	int listing = edit_pick(f, w, m);

	m->done = true;
	if (listing < 0) {
		log_warn("sandbox: an edit by hand found no listing of %s", *m->sku ? m->sku : "anything");
		return;
	}
	m->fired++;
	listing_edit(w, listing, m->to >= 0 ? m->to : (int)(w->listing[listing].shown + 10 + rng_below(&f->rng, 90)), "by hand");
}

static void revoke_happen(struct mishap *m, struct service *service)
{
	m->done = true;
	m->fired++;
	for (int i = 0; i < PLATFORMS; i++)
		if (m->channels >> i & 1)
			access_revoke(&service[i]);
}

void faults_happen(struct faults *f, struct world *w, struct service *service)
{
	bool stuck = false, deaf = false, late = false;
	unsigned announced = 0;

	for (int i = 0; i < f->n; i++) {
		struct mishap *m = &f->mishap[i];

		if (w->now_ms < m->from_ms)
			continue;
		if (m->kind == EDIT && !m->done)
			edit_happen(f, w, m);
		else if (m->kind == REVOKED && !m->done)
			revoke_happen(m, service);
		else if (m->kind == STUCK)
			stuck |= w->now_ms < m->until_ms;
		else if (m->kind == DEAF)
			deaf |= w->now_ms < m->until_ms;
		else if (m->kind == LATE_WRITES)
			late |= w->now_ms < m->until_ms;
		else if (m->kind == ANNOUNCED && w->now_ms < m->until_ms && m->channels >> WALMART & 1)
			announced |= m->groups;
	}
	w->stuck = stuck;
	w->erp_deaf = deaf;
	w->late_writes = late;
	w->announced = announced;
}

/* ---- what it does to the call ---- */

/* Retry-After has two forms, and both are in use: seconds, and a date (RFC 9110, 10.2.3). */
static void throttle_answer(struct faults *f, const struct mishap *m, struct service *s, struct call *c)
{
	int64_t wait_s = 5 + rng_below(&f->rng, 55), at = s->world->now_ms / 1000 + wait_s;

	call_add_header(c, "Retry-After", m->fired % 2 ? arena_printf(c->arena, "%" PRId64, wait_s) : call_http_date(c->arena, at * 1000));
	s->world->count[THROTTLED]++;
	s->throttle(s, c, at * 1000);
}

static void html_answer(struct call *c)
{
	static const char page[] = "<!DOCTYPE html><html><head><title>Sign in</title></head><body><h1>Welcome to airport Wi-Fi</h1>"
	                           "<form action=\"/login\"><input name=\"room\"></form></body></html>";

	call_answer(c, 200, "text/html; charset=utf-8", page, sizeof page - 1);
}

static void lose(struct call *c)
{
	c->out->cut_at = 0;
	c->out->delay_ms = 1000;
}

int64_t fault_late_ms(struct faults *f, const struct mishap *m)
{
	return m->delay_ms ? m->delay_ms : MINUTE_MS + rng_below(&f->rng, 9 * MINUTE_MS);
}

void fault_before(struct faults *f, const struct mishap *m, struct service *s, struct call *c)
{
	switch (m->kind) {
	case ERROR_BEFORE:
		s->refuse(c, m->status, s->broken, "We encountered an internal error. Please try again.");
		break;
	case HTML:
		html_answer(c);
		break;
	case REDIRECT:
		call_add_header(c, "Location", "https://elsewhere.example/");
		call_answer(c, 302, "text/plain", "", 0);
		break;
	case THROTTLE:
		throttle_answer(f, m, s, c);
		break;
	case CROWDED:
		s->world->count[THROTTLED]++;
		s->throttle(s, c, s->world->now_ms + 1000);
		break;
	case FALSE_LOGIN:
		s->refuse(c, 401, "INVALID_LOGIN", "Invalid login attempt.");
		break;
	case NO_TOKEN:
		call_answer(c, 200, "application/json", "{\"token_type\":\"Bearer\",\"expires_in\":900}", 40);
		break;
	case NO_ROLE:
		s->refuse(c, 403, s->barred, "Access to requested resource is denied.");
		break;
	default:
		call_answer(c, 503, "text/plain", "", 0);
		lose(c);
	}
}

void fault_after(struct faults *f, const struct mishap *m, struct service *s, struct call *c)
{
	static const char *(*const damages[FAULT_KINDS])(struct arena *, struct rng *, const char *, size_t *) = {
		[FLIPPED] = damage_flip,           [NUL_INSIDE] = damage_nul,        [DUPLICATE_KEY] = damage_duplicate,
		[UNKNOWN_WORD] = damage_unknown,   [MISSING_FIELD] = damage_missing, [MISTYPED] = damage_mistype,
	};
	struct reply *r = &c->out->reply;

	if (damages[m->kind]) {
		r->body = damages[m->kind](c->arena, &f->rng, r->body, &r->body_len);
	} else if (m->kind == LOST_AFTER) {
		lose(c);
	} else if (m->kind == ERROR_AFTER) {
		c->headers = 0;
		s->refuse(c, m->status, s->broken, "We encountered an internal error. Please try again.");
	} else if (m->kind == SLOW) {
		c->out->delay_ms += m->delay_ms ? m->delay_ms : 30000;
	} else if (m->kind == TRUNCATED) {
		c->out->cut_at = (int64_t)(r->body_len / 2);
	} else if (m->kind == EMPTY) {
		r->body = "";
		r->body_len = 0;
	}
}
