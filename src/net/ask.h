#ifndef TALLYMAN_ASK_H
#define TALLYMAN_ASK_H
/*
 * ask.h: the engine's socket, both ends. One message, one answer; what they say is somebody else's business.
 *
 * A Unix socket of whole messages. The kernel says who asks (uid and pid), so the audit can name a person. Consoles keep
 * their line open and are nudged after each commit; nobody who does not read can hold the engine up.
 */
#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum {
	ASK_MAX = 64 * 1024, /* bytes of one message; 256,000 failed on Debian 12, so a large selection is sent as its id and digest */
	ASK_CLIENTS = 256,
};

/* ---- the engine's end; it never waits ---- */

struct ask_server;

struct ask_question {
	int64_t from; /* whom to answer */
	uid_t uid;    /* as the kernel saw it when the line was opened */
	pid_t pid;
	const char *bytes; /* until the next ask_next; a NUL stands behind the last */
	size_t n;
};

/*
 * Listen at path, with mode 0600 or 0660 (then for the folder's group). What an engine that died left there is removed: the
 * caller holds the store's lock, so nobody listens any more. Only a socket is removed, never a file.
 */
struct ask_server *ask_listen(const char *path, mode_t mode, struct err *err);

/* Readable when ask_next has something to do. */
int ask_fd(const struct ask_server *s);

/* The next question, if one is found soon: else ask_fd stays readable. Each asker has one at a time; who breaks the rules is hung up on. */
bool ask_next(struct ask_server *s, struct ask_question *out);

/* Answer, at most ASK_MAX bytes. Nothing happens when the asker has gone. */
void ask_answer(struct ask_server *s, int64_t from, const void *bytes, size_t n);

/*
 * Tell everybody that something was committed. Whoever has a message of ours unread is not told again: to
 * hear anything, an answer as well, means to look.
 */
void ask_nudge(struct ask_server *s);

/* Has this asker's line not ended? */
bool ask_is_there(const struct ask_server *s, int64_t from);

int ask_lines(const struct ask_server *s); /* open now */
void ask_close(struct ask_server *s);

/* ---- a console's or a command's end ---- */

struct ask_line;

enum ask_heard {
	ASK_NOTHING,
	ASK_ANSWER, /* to what was said last */
	ASK_NUDGE,  /* something was committed */
	ASK_GONE,   /* the engine has hung up; what was said last may have been heard */
};

/* FAULT_NET: no engine runs here. FAULT_REFUSED: this user may not. FAULT_BUSY: too many at the door. */
struct ask_line *ask_dial(const char *path, struct err *err);

/* For a caller's own poll(): readable when ask_hear has something. */
int ask_line_fd(const struct ask_line *l);

/* Say something, 1..ASK_MAX bytes, and do not wait. FAULT_BUSY while the last answer is still to come. */
enum fault ask_say(struct ask_line *l, const void *bytes, size_t n, struct err *err);

/* What has come, if anything. Bytes of an answer stay until the next call; a NUL stands behind the last. */
enum ask_heard ask_hear(struct ask_line *l, const char **bytes, size_t *n);

/* The way of a command: say it and wait for the answer. FAULT_UNSURE: it was said, and none came within wait_ms. */
enum fault ask_wait(struct ask_line *l, const void *bytes, size_t n, int wait_ms, const char **answer, size_t *answer_n, struct err *err);

void ask_hang_up(struct ask_line *l);

#endif
