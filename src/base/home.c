#include "base/home.h"

#include <stdio.h>
#include <stdlib.h>

static const struct {
	const char *variable, *otherwise;
} homes[] = {
	[HOME_CONFIG] = { "XDG_CONFIG_HOME", ".config" },
	[HOME_DATA] = { "XDG_DATA_HOME", ".local/share" },
	[HOME_STATE] = { "XDG_STATE_HOME", ".local/state" },
};

bool home_of(enum home which, char *out, size_t cap)
{
	const char *xdg = getenv(homes[which].variable), *home = getenv("HOME");
	int n = -1;

	if (xdg && *xdg == '/') /* a relative one is to be ignored, says the specification */
		n = snprintf(out, cap, "%s/tallyman", xdg);
	else if (home && *home == '/')
		n = snprintf(out, cap, "%s/%s/tallyman", home, homes[which].otherwise);
	if (n >= 0 && (size_t)n < cap)
		return true;
	*out = '\0';
	return false;
}
