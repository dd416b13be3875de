#include "cmd/notice.h"

#include "engine/anchor.h"

#include <string.h>
#include <syslog.h>

void notice_open(void)
{
	openlog("tallyman", LOG_NDELAY | LOG_PID, LOG_DAEMON);
}

void notice_line(const char *line)
{
	syslog(LOG_NOTICE, "%s", line);
}

const char *anchor_path(struct arena *a, const struct config *c, const char *profile, const char *store)
{
	const char *said = config_get(c, "audit", "anchor", "");
	char usual[4096];

	if (*said)
		return strcmp(said, "none") ? said : NULL;
	if (!strcmp(profile, "demo") || !anchor_usual(store, usual, sizeof usual))
		return NULL;
	return arena_strdup(a, usual);
}
