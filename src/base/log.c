#include "base/log.h"

#include "base/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

/* systemd reads the priority from "<n>"; a person reads the word. */
static const struct {
	const char *word;
	int priority;
} levels[] = { { "info", 6 }, { "warn", 4 }, { "error", 3 } };

void log_line(enum log_level level, const char *fmt, ...)
{
	char raw[1024], clean[2048];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(raw, sizeof raw, fmt, ap);
	va_end(ap);
	text_clean(clean, sizeof clean, raw);
	if (getenv("JOURNAL_STREAM"))
		fprintf(stderr, "<%d>%s\n", levels[level].priority, clean);
	else
		fprintf(stderr, "tallyman: %s: %s\n", levels[level].word, clean);
}
