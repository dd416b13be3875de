/*
 * tallyman init: an empty store, and a configuration to fill in.
 */
#include "base/asset.h"
#include "base/home.h"
#include "base/text.h"
#include "cmd/cmd.h"
#include "cmd/options.h"
#include "cmd/settings.h"
#include "store/store.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int fail(const char *text)
{
	char clean[800];

	text_clean(clean, sizeof clean, text);
	fprintf(stderr, "tallyman init: %s\n", clean);
	return STATUS_FAILED;
}

/* --config; with --store the store's own; else the user's. */
static const char *config_path(struct arena *a, const struct options *o, const char *store)
{
	char dir[2048];

	if (o->config)
		return o->config;
	if (o->store || getenv("TALLYMAN_STORE"))
		return arena_printf(a, "%s/tallyman.ini", store);
	return arena_printf(a, "%s/tallyman.ini", home_of(HOME_CONFIG, dir, sizeof dir) ? dir : "/nonexistent/tallyman");
}

static void make_parents(struct arena *a, const char *path)
{
	char *dir = arena_strdup(a, path);

	for (char *p = dir + 1; *p; p++)
		if (*p == '/') {
			*p = '\0';
			mkdir(dir, 0700); /* what is missing is told when the file cannot be made */
			*p = '/';
		}
}

/* The example, with the profile asked for. */
static char *config_text_of(struct arena *a, const char *profile)
{
	static const char usual[] = "\nprofile = production\n";
	const char *text = asset_get(a, "data/tallyman.ini", NULL), *at = strstr(text, usual);

	if (!profile || !at)
		return arena_strdup(a, text);
	return arena_printf(a, "%.*s\nprofile = %s\n%s", (int)(at - text), text, profile, at + strlen(usual));
}

/* The store's group reads it too, whatever the umask: its consoles look into it. */
static int share(int fd, const char *group)
{
	const struct group *g = group ? getgrnam(group) : NULL;

	return g ? fchown(fd, (uid_t)-1, g->gr_gid) || fchmod(fd, 0640) : 0;
}

/* 1: written, 0: one is there already and stays, -1: could not. */
static int write_config(struct arena *a, const char *path, const struct options *o)
{
	const char *text = config_text_of(a, o->profile);
	size_t n = strlen(text);
	int fd, bad;

	make_parents(a, path);
	fd = open(path, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600);
	if (fd < 0)
		return errno == EEXIST ? 0 : -1;
	bad = write(fd, text, n) != (ssize_t)n || share(fd, o->group) || fsync(fd);
	return close(fd) || bad ? -1 : 1;
}

static int make(struct arena *a, const struct options *o, const char *store)
{
	const char *config = config_path(a, o, store);
	struct err err;
	int wrote;

	if (store_create(store, o->group, &err))
		return fail(err.text);
	wrote = write_config(a, config, o);
	if (wrote < 0)
		return fail(arena_printf(a, "the store is made, but %s could not be written: %s", config, strerror(errno)));
	printf("An empty store is in %s\n%s %s\n\nNext:\n", store, wrote ? "A configuration to fill in is" : "The configuration stays as it was:", config);
	printf("  tallyman account add NAME CHANNEL   what to write for an account, and where its secrets go\n"
	       "  tallyman doctor                     what is still missing\n"
	       "  tallyman                            the console; it starts the engine\n");
	return STATUS_DONE;
}

int cmd_init(int argc, char **argv)
{
	struct options o, plain;
	struct settings set;
	struct err err;
	int status = options_read(argc, argv, TAKES_GROUP, 0, 0, &o);

	if (status >= 0)
		return status;
	if (o.profile && strcmp(o.profile, "production") && strcmp(o.profile, "sandbox"))
		return command_misused("init", "--profile is production or sandbox (a demo is made by tallyman demo)");
	plain = (struct options){ .command = "init", .store = o.store }; /* the configuration may not be there yet */
	if (settings_open(&plain, &set, &err))
		return fail(err.text);
	status = make(set.arena, &o, set.store);
	settings_close(&set);
	return status;
}
