/* request.c: the half of http.h that needs no network: requests are written, replies are read. */
#include "net/http.h"

#include "base/text.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

void request_header(struct request *r, const char *name, const char *value)
{
	assert(r->headers < (int)(sizeof r->header / sizeof *r->header));
	r->header[r->headers++] = (struct header){ name, value };
}

void request_query(struct request *r, const char *name, const char *value)
{
	size_t cap;
	char *encoded;

	if (!value)
		return;
	cap = 3 * strlen(value) + 1;
	encoded = arena_alloc(r->arena, cap);
	text_percent(encoded, cap, value);
	r->url = arena_printf(r->arena, "%s%c%s=%s", r->url, strchr(r->url, '?') ? '&' : '?', name, encoded);
}

void request_query_int(struct request *r, const char *name, int64_t value)
{
	char text[24];

	snprintf(text, sizeof text, "%" PRId64, value);
	request_query(r, name, text);
}

const char *reply_header(const struct reply *r, const char *name)
{
	for (int i = 0; i < r->headers; i++)
		if (!strcasecmp(r->header[i].name, name))
			return r->header[i].value;
	return NULL;
}

struct status_row {
	int from, to;
	enum fault fault;
};

/* The first row that fits. */
static const struct status_row status_rows[] = {
	{ 200, 299, OK },
	{ 300, 399, FAULT_REFUSED },
	{ 401, 401, FAULT_AUTH },
	{ 403, 403, FAULT_AUTH },
	{ 408, 408, FAULT_BUSY },
	{ 423, 423, FAULT_BUSY },
	{ 425, 425, FAULT_BUSY },
	{ 429, 429, FAULT_BUSY },
	{ 400, 499, FAULT_REFUSED },
	{ 500, 599, FAULT_REMOTE },
};

enum fault status_fault(int status)
{
	for (size_t i = 0; i < sizeof status_rows / sizeof *status_rows; i++)
		if (status >= status_rows[i].from && status <= status_rows[i].to)
			return status_rows[i].fault;
	return FAULT_FORMAT;
}
