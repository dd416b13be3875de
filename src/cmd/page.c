#include "cmd/page.h"

#include "cmd/helper.h"
#include "engine/anchor.h"
#include "engine/hook.h"
#include "engine/vault.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { AGAIN_MS = 15 * 60000, NOTE_MS = 3000 };

bool page_wanted(const struct health *h)
{
	return h->verdict == VERDICT_UNKNOWN || h->quiet_ms > SILENT_MS || h->locked || h->untold > 0;
}

/* What cannot be told gets worse: when nobody zeroes any more, and when nothing can be known. */
static int64_t level_of(const struct health *h)
{
	return h->verdict == VERDICT_UNKNOWN ? 3 : h->quiet_ms > DEAD_MS ? 2 : 1;
}

/* ---- what was told: on a disk that may be the one that hangs, so a child looks and writes ---- */

struct told {
	int64_t since_ms, last_ms, level; /* since 0: nothing is open */
};

static struct told read_told(const char *path)
{
	struct told t = { 0 };
	FILE *f = fopen(path, "re");

	if (f && fscanf(f, "%" SCNd64 " %" SCNd64 " %" SCNd64, &t.since_ms, &t.last_ms, &t.level) != 3)
		t = (struct told){ 0 };
	if (f)
		fclose(f);
	return t;
}

static bool write_told(const char *path, const struct told *t)
{
	char text[80];
	int fd = anchor_open(path), n = snprintf(text, sizeof text, "%" PRId64 " %" PRId64 " %" PRId64 "\n", t->since_ms, t->last_ms, t->level);
	bool good = fd >= 0 && !ftruncate(fd, 0) && pwrite(fd, text, (size_t)n, 0) == n;

	if (fd >= 0)
		close(fd);
	return good;
}

/* What cannot be known is told once more: better twice than not. */
static struct told told_before(const char *store)
{
	struct helper h;
	struct told t = { 0 };
	char path[4096];
	int say;

	if (helper_fork(&h, &say)) {
		if (anchor_beside(store, "paged", path, sizeof path))
			t = read_told(path);
		_exit(write(say, &t, sizeof t) == (ssize_t)sizeof t ? EXIT_SUCCESS : EXIT_FAILURE);
	}
	if (!helper_hear(&h, &t, sizeof t, NOTE_MS))
		t = (struct told){ 0 };
	helper_end(&h, 0);
	return t;
}

/* t NULL: it is over. */
static bool note_told(const char *store, const struct told *t)
{
	struct helper h;
	char path[4096];
	int say;

	if (helper_fork(&h, &say)) {
		bool good = anchor_beside(store, "paged", path, sizeof path);

		if (good)
			good = t ? write_told(path, t) : !unlink(path);
		_exit(good ? EXIT_SUCCESS : EXIT_FAILURE);
	}
	return helper_end(&h, NOTE_MS) == EXIT_SUCCESS;
}

/* What is due to be said; NULL: nothing is. */
static const char *event_of(const struct told *t, bool wanted, int64_t level, int64_t now_ms)
{
	if (!wanted)
		return t->since_ms ? "closed" : NULL;
	if (!t->since_ms)
		return "opened";
	if (level > t->level)
		return "worse";
	return now_ms - t->last_ms >= AGAIN_MS ? "again" : NULL;
}

/* ---- the vault, where this host has a key file for it ---- */

static const char *key_file(struct session *s)
{
	const char *said = config_get(s->set.config, "vault", "key_file", ""), *credentials = getenv("CREDENTIALS_DIRECTORY");

	return *said || !credentials ? said : arena_printf(s->a, "%s/vault.key", credentials);
}

static struct vault *open_vault(struct session *s)
{
	const char *key = key_file(s);
	struct vault *v = NULL;
	struct err err;

	if (!*key || vault_open(s->set.store, false, &v, &err))
		return NULL;
	vault_without_days(v);
	if (!vault_locked(v) || !vault_unlock_file(v, key, &err))
		return v;
	vault_close(v);
	return NULL;
}

static const char *secret_of(void *ctx, const char *ref)
{
	const struct vault_entry *e = ctx ? vault_entry_of(ctx, ref) : NULL;

	return e ? e->value : NULL;
}

static bool needs_vault(const struct config *c)
{
	return !strncmp(hook_reference(c, "webhook"), "vault:", 6) || !strncmp(hook_reference(c, "mail"), "vault:", 6);
}

/* ---- telling it ---- */

/* First what nobody else tells. */
static const char *what_of(const struct health *h)
{
	if (h->verdict == VERDICT_UNKNOWN)
		return "nobody can look into the store";
	return h->engine ? h->engine : h->locked ? "the vault is locked" : h->untold ? "messages wait that no hook takes" : "";
}

static struct fields words_of(struct session *s, const struct health *h, const char *event)
{
	struct fields f = fields_new(s->a);
	bool over = !strcmp(event, "closed");

	fields_put(&f, "id", "health");
	fields_put(&f, "severity", over ? "WARN" : "CRIT");
	fields_put(&f, "kind", "engine");
	fields_put(&f, "title", over ? "the engine tells people itself again" : "the engine cannot tell people itself");
	fields_put(&f, "subject", s->set.store);
	fields_put(&f, "text", arena_printf(s->a, "%s%s%.400s", what_of(h), *what_of(h) ? "; all in all " : "", health_text(h)));
	fields_put(&f, "next", over ? "" : h->locked ? "tallyman vault unlock" : h->verdict == VERDICT_UNKNOWN ? "look at the machine and its disk; if goods are on sale that may be gone, set them to zero in the channels' own pages" : "look at the engine (systemctl status, tallyman doctor)");
	fields_put(&f, "owner", "operations");
	return f;
}

/* A vault lies in the store: where that does not answer a hook whose secret is kept there cannot be used. */
static bool tell(struct session *s, const struct health *h, const char *event, bool answers)
{
	struct vault *v = answers && needs_vault(s->set.config) ? open_vault(s) : NULL;
	struct fields words = words_of(s, h, event);
	struct err err = { 0 };
	int took = hooks_tell(s->set.config, s->set.loopback_http, secret_of, v, &words, event, &err);

	vault_close(v);
	if (err.fault)
		fprintf(stderr, "tallyman health: not told by every hook: %s\n", err.text);
	return took > 0;
}

void page_people(struct session *s, const struct health *h, bool answers)
{
	struct told t = told_before(s->set.store);
	const char *event = event_of(&t, page_wanted(h), level_of(h), s->now_ms);
	bool over = event && !strcmp(event, "closed");

	if (!event || !tell(s, h, event, answers))
		return;
	t = (struct told){ .since_ms = t.since_ms ? t.since_ms : s->now_ms, .last_ms = s->now_ms, .level = level_of(h) };
	if (!note_told(s->set.store, over ? NULL : &t))
		fprintf(stderr, "tallyman health: that it was told cannot be noted: it is told again the next time\n");
}
