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
	[FAULT_STORE] = "STORE",
};

enum fault err_set(struct err *err, enum fault fault, const char *fmt, ...)
{
	va_list ap;

	if (!err)
		return fault;
	err->fault = fault;
	err->retry_ms = 0;
	va_start(ap, fmt);
	vsnprintf(err->text, sizeof err->text, fmt, ap);
	va_end(ap);
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
