#include "cmd/settings.h"

#include "base/home.h"
#include "store/store.h"
#include "trade/bundle.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Who has no home is told that nothing is there, by a name that says why. */
static const char *under_home(struct arena *a, enum home which)
{
	char dir[2048];

	return home_of(which, dir, sizeof dir) ? arena_strdup(a, dir) : "/nonexistent/tallyman";
}

static const char *find_store(struct settings *s, const char *given)
{
	const char *env = getenv("TALLYMAN_STORE");

	if (given)
		return arena_strdup(s->arena, given);
	return env && *env ? env : under_home(s->arena, HOME_DATA);
}

static const char *find_config(struct settings *s, const char *given)
{
	const char *own = arena_printf(s->arena, "%s/tallyman.ini", s->store);
	const char *usual;

	if (given)
		return given;
	if (!access(own, F_OK))
		return own;
	usual = arena_printf(s->arena, "%s/tallyman.ini", under_home(s->arena, HOME_CONFIG));
	return access(usual, F_OK) ? "" : usual;
}

const char *settings_usual(struct settings *s)
{
	return find_config(s, NULL);
}

/* Ages and deadlines in a bundle are those of the moment it was made. */
static enum fault stand_still(struct settings *s, struct err *err)
{
	struct store *store;
	enum fault f = store_open(s->store, STORE_READ, &store, err);

	if (f)
		return f;
	s->bundle_ms = bundle_now(store);
	store_close(store);
	if (!s->bundle_ms)
		return err_set(err, FAULT_REFUSED, "%.200s is a file, and no bundle; a store is a folder", s->store);
	clock_close(&s->clock);
	s->clock = clock_manual(&s->bundle_ms);
	s->profile = "bundle";
	return OK;
}

enum fault settings_open(const struct options *o, struct settings *out, struct err *err)
{
	const char *clock;

	*out = (struct settings){ .arena = arena_new(), .config = config_new() };
	out->store = find_store(out, o->store);
	out->config_file = arena_strdup(out->arena, find_config(out, o->config));
	if (*out->config_file && config_file(out->config, out->config_file, err)) {
		settings_close(out);
		return FAULT_REFUSED;
	}
	out->profile = config_get(out->config, "store", "profile", "production");
	if (strcmp(out->profile, "production") && strcmp(out->profile, "sandbox") && strcmp(out->profile, "demo")) {
		err_set(err, FAULT_REFUSED, "%s:%d: profile is production, sandbox or demo, not %.40s", out->config_file,
		        config_line_of(out->config, "store", "profile"), out->profile);
		settings_close(out);
		return FAULT_REFUSED;
	}
	out->bundle = store_is_file(out->store);
	out->loopback_http = strcmp(out->profile, "production") != 0;
	clock = config_get(out->config, "store", "clock", NULL);
	/* a simulated time for real marketplaces would shift every deadline: only a demo has one */
	out->clock = !strcmp(out->profile, "demo") && clock ? clock_demo(clock) : clock_real();
	return out->bundle ? stand_still(out, err) : OK;
}

void settings_close(struct settings *s)
{
	clock_close(&s->clock);
	config_free(s->config);
	arena_free(s->arena);
	*s = (struct settings){ 0 };
}

enum fault settings_guarded(const struct settings *s, struct err *err)
{
	struct stat st;

	if (!*s->config_file || stat(s->config_file, &st) || !(st.st_mode & S_IWOTH))
		return OK;
	return err_set(err, FAULT_REFUSED, "anybody may change %s (mode %04o), and with it where secrets are sent: chmod o-w it, and look whether somebody has", s->config_file,
	               (unsigned)(st.st_mode & 07777));
}
