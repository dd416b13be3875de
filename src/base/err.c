#include "base/err.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const char *const fault_names[FAULTS] = {
	[OK] = "OK",
	[FAULT_NET] = "NET",
	[FAULT_UNSURE] = "UNSURE",
	[FAULT_BUSY] = "BUSY",
	[FAULT_REMOTE] = "REMOTE",
	[FAULT_AUTH] = "AUTH",
	[FAULT_REFUSED] = "REFUSED",
	[FAULT_FORMAT] = "FORMAT",
	[FAULT_ENDPOINT] = "ENDPOINT",
	[FAULT_STORE] = "STORE",
};

/* A text that was cut ends with a whole character: half of one would be shown as a broken byte. */
static void end_whole(char *s, size_t n)
{
	size_t back = 1, wants;
	unsigned char lead;

	while (back < 4 && back < n && ((unsigned char)s[n - back] & 0xc0) == 0x80)
		back++;
	lead = (unsigned char)s[n - back];
	wants = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc0 ? 2 : 1;
	if (wants > back)
		s[n - back] = '\0';
}

enum fault err_set(struct err *err, enum fault fault, const char *fmt, ...)
{
	va_list ap;
	int n;

	if (!err)
		return fault;
	err->fault = fault;
	err->retry_ms = 0;
	va_start(ap, fmt);
	n = vsnprintf(err->text, sizeof err->text, fmt, ap);
	va_end(ap);
	if (n >= (int)sizeof err->text)
		end_whole(err->text, sizeof err->text - 1);
	return fault;
}

const char *fault_name(enum fault fault)
{
	return fault < FAULTS ? fault_names[fault] : "?";
}

enum fault fault_from_name(const char *name)
{
	for (int f = 0; f < FAULTS; f++)
		if (!strcmp(fault_names[f], name))
			return (enum fault)f;
	return FAULTS;
}
