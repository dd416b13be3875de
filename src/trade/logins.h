#ifndef TALLYMAN_LOGINS_H
#define TALLYMAN_LOGINS_H
/*
 * logins.h: who sat down at a console lately, and whether that name is one that several people may share: then who did what cannot be known.
 */
#include "base/arena.h"
#include "base/err.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct store;

struct login {
	const char *actor;            /* "uid:1000 jo login:1000" */
	int64_t times, places, last_ms; /* places: terminals and machines it came from */
	const char *name;             /* "jo" */
	bool shared;                  /* by its name nobody's own */
};

/* Since then, by actor; at most n. */
enum fault logins_since(struct store *s, int64_t since_ms, int n, struct arena *a, struct login **out, int *got, struct err *err);

/* "uid:1000 jo", of whom the kernel says who he is; where sudo or su made another of him: "uid:0 root login:1000". pid 0: this process. */
const char *login_actor(uid_t uid, pid_t pid, struct arena *a);

/* By the audit's last word of this actor at this terminal: did he come, and not go? */
enum fault login_sits(struct store *s, const char *actor, const char *whence, bool *yes, struct err *err);

/* "root", "admin", "ops": is it the name of a role, and no person's? */
bool login_is_shared(const char *name);

/* "uid:1000 jo login:1000" is jo; "rule:stock" itself. */
const char *login_name(const char *actor, struct arena *a);

/* Is it one person to the machine? By the uids that the kernel told, the one that somebody acts by and the one he logged in by: who takes another with sudo is no second person. */
bool login_same(const char *actor, const char *other);

/* Did one and the same log in? By the uid that he logged in by where there is one, else by the one he acts by: two who take root with sudo are two. */
bool login_one(const char *actor, const char *other);

#endif
