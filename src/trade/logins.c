#include "trade/logins.h"

#include "store/store.h"

#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *login_actor(uid_t uid, pid_t pid, struct arena *a)
{
	struct passwd *pw = getpwuid(uid);
	char login[24] = "", line[16];
	FILE *f = fopen(pid ? arena_printf(a, "/proc/%d/loginuid", (int)pid) : "/proc/self/loginuid", "re");

	/* after sudo the uid is root's; who logged in stands here (4294967295: nobody did) */
	if (f && fgets(line, sizeof line, f) && strncmp(line, "4294967295", 10) && (unsigned)strtoul(line, NULL, 10) != (unsigned)uid)
		snprintf(login, sizeof login, " login:%lu", strtoul(line, NULL, 10));
	if (f)
		fclose(f);
	return arena_printf(a, "uid:%u %s%s", (unsigned)uid, pw ? pw->pw_name : "?", login);
}

bool login_is_shared(const char *name)
{
	static const char *const roles[] = { "root",  "admin",  "administrator", "ubuntu", "debian", "ec2-user", "centos", "ops",   "operator", "operators", "shared",
		                             "team",  "office", "warehouse",     "sales",  "user",   "guest",    "test",   "demo",  "info",     "support",   "service",
		                             "staff", "shop",   "tallyman",      "nobody", "vagrant" };

	for (size_t i = 0; i < sizeof roles / sizeof *roles; i++)
		if (!strcmp(roles[i], name))
			return true;
	return false;
}

const char *login_name(const char *actor, struct arena *a)
{
	const char *name = strchr(actor, ' ');

	name = name ? name + 1 : actor;
	return arena_strndup(a, name, strcspn(name, " "));
}

/* The uid it acts by, and the one it logged in by where sudo or su made another of it; else the first twice. */
static void uids_of(const char *actor, const char *uid[2], size_t n[2])
{
	const char *login = strstr(actor, " login:");

	uid[0] = strncmp(actor, "uid:", 4) ? actor : actor + 4;
	uid[1] = login ? login + 7 : uid[0];
	for (int i = 0; i < 2; i++)
		n[i] = strcspn(uid[i], " ");
}

bool login_same(const char *actor, const char *other)
{
	const char *a[2], *b[2];
	size_t n[2], m[2];

	uids_of(actor, a, n);
	uids_of(other, b, m);
	for (int i = 0; i < 4; i++)
		if (n[i / 2] == m[i % 2] && !strncmp(a[i / 2], b[i % 2], n[i / 2]))
			return true;
	return false;
}

bool login_one(const char *actor, const char *other)
{
	const char *a[2], *b[2];
	size_t n[2], m[2];

	uids_of(actor, a, n);
	uids_of(other, b, m);
	return n[1] == m[1] && !strncmp(a[1], b[1], n[1]);
}

enum fault logins_since(struct store *s, int64_t since_ms, int n, struct arena *a, struct login **out, int *got, struct err *err)
{
	static const char sql[] = "SELECT actor, count(*), count(DISTINCT detail), max(at_ms) FROM audit WHERE n > (SELECT max(n) FROM audit) - 100000 AND action = 'login' AND at_ms >= ? GROUP BY actor ORDER BY actor LIMIT ?";
	struct rows *r = ASK(s, sql, V(since_ms), V(n));

	*out = arena_alloc(a, (size_t)(n + 1) * sizeof **out);
	for (*got = 0; rows_next(r); ++*got) {
		struct login *l = &(*out)[*got];

		*l = (struct login){ .actor = rows_keep(r, 0, a), .times = rows_int(r, 1), .places = rows_int(r, 2), .last_ms = rows_int(r, 3) };
		l->name = login_name(l->actor, a);
		l->shared = login_is_shared(l->name);
	}
	return rows_end(r, err);
}

enum fault login_sits(struct store *s, const char *actor, const char *whence, bool *yes, struct err *err)
{
	static const char sql[] = "SELECT action = 'login' FROM audit WHERE substr(actor, 1, 4) = 'uid:' AND actor = ? AND detail = ? AND action IN ('login', 'logout') ORDER BY n DESC LIMIT 1";
	int64_t came = 0;
	enum fault f = GET_INT(s, err, 0, &came, sql, V(actor), V(whence));

	*yes = came != 0;
	return f;
}
