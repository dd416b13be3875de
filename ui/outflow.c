#include "ui/outflow.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

char *outflow_room(struct outflow *o, size_t n)
{
	if (o->room - o->n < n) {
		o->room = (o->n + n) * 2;
		o->bytes = realloc(o->bytes, o->room);
		if (!o->bytes)
			abort();
	}
	return o->bytes + o->n;
}

void outflow_put(struct outflow *o, size_t n)
{
	o->n += n;
}

void outflow_add(struct outflow *o, const char *bytes, size_t n)
{
	if (n > 0)
		memcpy(outflow_room(o, n), bytes, n);
	outflow_put(o, n);
}

bool outflow_send(struct outflow *o, int fd)
{
	while (outflow_waits(o)) {
		ssize_t n = write(fd, o->bytes + o->at, o->n - o->at);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno == EAGAIN)
			return true;
		if (n <= 0)
			return false;
		o->at += (size_t)n;
		o->sent += n;
	}
	o->n = o->at = 0;
	return true;
}

bool outflow_waits(const struct outflow *o)
{
	return o->at < o->n;
}

void outflow_free(struct outflow *o)
{
	free(o->bytes);
	*o = (struct outflow){ 0 };
}
