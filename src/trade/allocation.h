#ifndef TALLYMAN_ALLOCATION_H
#define TALLYMAN_ALLOCATION_H
/*
 * allocation.h: how much of what is available each offer shows. Pure arithmetic.
 *
 *	publish = min(cap, floor(max(0, available - max(units, ceil(available * bp / 10000))) / pack))
 *
 * Percent buffers round up (BUF-01); nothing available shows nothing; never all of it (BUF-02) while there is a buffer.
 */
#include <stddef.h>
#include <stdint.h>

struct buffer {
	int64_t units; /* eaches kept back at least */
	int64_t bp;    /* and at least this share, in basis points: 1500 is 15 % */
	int64_t pack;  /* eaches in one of the listing's units, >= 1 */
	int64_t cap;   /* most to show, -1: none */
};

int64_t buffer_publish(const struct buffer *b, int64_t available);

/* The equation in words: "40 available - 6 buffer (5u/15%) = 34". out: at least 120 bytes. */
void buffer_explain(const struct buffer *b, int64_t available, char *out, size_t cap);

/* The defaults by channel: amazon 5u/15 %, walmart 5u/12 %, ebay 3u/10 %, shopify 0u/5 %; others none. */
struct buffer buffer_default(const char *channel);

/* "5u/15%" as configuration writes it; 0 or -1 when it is none. */
int buffer_parse(const char *s, struct buffer *out);

#endif
