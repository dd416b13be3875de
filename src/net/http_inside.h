#ifndef TALLYMAN_HTTP_INSIDE_H
#define TALLYMAN_HTTP_INSIDE_H
/* http_inside.h: what http.c and transfer.c share. Nobody else includes it. */
#include "net/http.h"

#include <curl/curl.h>

/* One request under way. It lives in its own arena, which leaves with the reply. */
struct transfer {
	struct transfer *next;
	int64_t id;
	struct arena *arena;
	const struct http_rules *rules;
	CURL *easy;
	struct curl_slist *lines; /* request headers */
	char host[80]; /* as a sentence names it */
	char why[CURL_ERROR_SIZE];
	int sendings; /* asked for; only the first is let through */
	bool over;    /* a cap was passed */
	bool crowded; /* that of all together */
	bool trickles; /* it had begun, and did not get on */
	bool interim;  /* what has come is no answer yet, but a 1xx */
	curl_off_t mark_us, mark_bytes; /* when it last had got on, and how far */
	curl_off_t looked_us; /* when that was last asked */
	size_t *held; /* by all bodies on their way in */
	char *body;   /* of its own memory, not the arena's: what grows there leaves its smaller selves behind */
	size_t body_len, body_cap;
	struct header *header;
	int headers, header_cap;
	size_t header_bytes;
	CURLcode code; /* once done */
};

/* Ready to be moved. held: bytes of all bodies on their way in. */
struct transfer *transfer_open(int64_t id, const struct request *r, const struct http_rules *rules, bool allow_http, size_t *held);

/* What came of it, once it is done; it lives in the arena. */
void transfer_reply(struct transfer *t, int64_t now_ms, struct reply *out);

/* The arena stays. */
void transfer_close(struct transfer *t);

#endif
