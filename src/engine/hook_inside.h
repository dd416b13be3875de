#ifndef TALLYMAN_HOOK_INSIDE_H
#define TALLYMAN_HOOK_INSIDE_H
/*
 * hook_inside.h: what [hooks] names, and how it is said; for hook_say.c, and for hook_runner.c, which says it from a process of its own.
 */
#include "base/arena.h"
#include "engine/hook.h"

enum { SECRET_MAX = 4096 };

/* Where a secret is, and what of it is known already: env: read at the start, vault: as it was handed over. */
struct hook_secret {
	const char *ref;
	char *value; /* SECRET_MAX bytes that no core holds; "": read it when it is wanted */
};

struct runner {
	const char *program, *server, *from, *to, *user;
	struct hook_secret webhook, password;
	bool plain; /* without TLS to loopback: a demo's or a test's */
};

/* What the configuration names; drop: its memory is given back. */
enum fault runner_read(const struct config *c, struct runner *r, struct err *err);
void runner_drop(struct runner *r);

/* Of env:NAME: into keep (SECRET_MAX bytes; NULL: nowhere), and out of the environment. */
void hook_secret_take(const char *ref, char *keep);

/* Every other env:NAME of the configuration, an account's say: out of this process's environment. */
void hook_secrets_of_others(const struct config *c);

/* By one hook: "program", "webhook" or "mail". */
enum fault runner_say(const struct runner *r, struct arena *a, const struct fields *m, const char *hook, const char *event, struct err *err);

#endif
