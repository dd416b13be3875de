#ifndef TALLYMAN_CASE_H
#define TALLYMAN_CASE_H
/*
 * case.h: a contract case is a text file: what we say, what they answer, what we make of it (README.md says how it reads).
 *
 * The same files are for two readers: test_cases.c holds src/channels to them, and whoever has a marketplace to talk to can
 * send the request and hold the reply to the case's own (case_lacks).
 */
#include "channels/channel.h"

struct contract_case {
	struct arena *arena;
	const char *file, *why;
	const struct channel *channel; /* its folder */
	enum verb verb;
	bool sandbox;      /* a simulated marketplace that answers as the platform does can be held to it */
	bool headers_all;  /* the request has the headers of the case and no others */
	int64_t now_ms;
	struct account account;
	const char *market[8], *place[8];
	struct job job;
	const char *request; /* as written; "refused: ..." when it cannot be said */
	struct reply reply;  /* status 0: the case ends with the request */
	const char *news;    /* as case_news prints it */
	const char *broken;  /* what is wrong with the file itself; NULL: nothing */
};

/* Everything lives in a. */
void case_read(struct arena *a, const char *path, struct contract_case *c);

/* Say it, hear a reply. */
enum fault case_ask(const struct contract_case *c, struct request *r, struct err *err);
enum fault case_hear(const struct contract_case *c, const struct reply *r, struct news *n, struct err *err);

/* NULL: as the case says; else what differs, for a person. case_differs does the whole of it. */
const char *case_request_differs(const struct contract_case *c, const struct request *r);
const char *case_differs(const struct contract_case *c);

/* What news holds, one line a fact; or the fault with its sentence. */
const char *case_news(struct arena *a, const struct news *n, enum fault fault, const struct err *err);

/*
 * The first place that JSON want has and JSON got lacks, or has of another kind, NULL when there is none. Values do not matter;
 * an element of an array stands for all of them.
 */
const char *case_lacks(struct arena *a, const char *want, const char *got);

#endif
