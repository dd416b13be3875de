#ifndef TALLYMAN_SESSION_H
#define TALLYMAN_SESSION_H
/*
 * session.h: what nearly every command begins and ends with: its words, the settings, the store for reading, the sheet it prints on.
 */
#include "base/arena.h"
#include "base/err.h"
#include "cmd/cmd.h"
#include "cmd/options.h"
#include "cmd/settings.h"
#include "cmd/table.h"
#include "store/store.h"

struct session {
	struct options o;
	struct settings set;
	struct store *store;  /* read-only */
	struct sheet *sheet;  /* NULL until session_sheet */
	struct arena *a;
	int64_t now_ms;       /* of the store's world; with --at: then */
	struct err err;
};

/* -1: go on, and end with session_end. Else the command's status; it has said why. */
int session_open(int argc, char **argv, unsigned takes, int min, int max, struct session *s);

/* The same in two steps: words that only the command can judge are judged before anything is opened. */
int session_begin(int argc, char **argv, unsigned takes, int min, int max, struct session *s);
int session_store(struct session *s);

/*
 * --at: -1 when it is a time before now, which *now_ms becomes, or not given; else STATUS_WORDS. The store of then is opened by trade/past.h.
 */
int past_chosen(const char *command, const char *at, bool hindsight, int64_t *now_ms);

/* The words are wrong after all: close, and pass the status on. */
int session_leave(struct session *s, int status);

/* Begin what is printed. several: it has more than one table. */
struct sheet *session_sheet(struct session *s, bool several);

/* Close everything, say what went wrong; returns the command's status. */
int session_end(struct session *s, enum fault f);

/* "tallyman orders: ..." on stderr, cleaned. Returns STATUS_FAILED. */
int session_fail(const struct session *s, const char *text);

#define COLUMNS(array) (array), (int)(sizeof(array) / sizeof *(array))

#endif
