#ifndef TALLYMAN_PROMPT_H
#define TALLYMAN_PROMPT_H
/*
 * prompt.h: one line being typed on the message row.
 *
 * A resize or a change of data never touches the text, and nothing but Enter submits it: no key
 * past its start, no paste, no signal. In the confirming mode the line must equal what is asked for, pastes are
 * refused, and for 700 ms after it opened every key is thrown away, so that no key typed for something else
 * confirms anything.
 */
#include "ui/canvas.h"
#include "ui/input.h"

#include <stdbool.h>
#include <stdint.h>

enum { PROMPT_MAX = 400, PROMPT_DEAF_MS = 700, PROMPT_BURST = 8, HISTORY_MAX = 32 };

/* Lines typed before, the newest last. One for each kind of prompt. */
struct history {
	char line[HISTORY_MAX][PROMPT_MAX];
	int n;
};

void history_add(struct history *h, const char *line);

/*
 * Complete text up to cursor: write the whole new text to out (PROMPT_MAX bytes) and the cursor's place to *at; return how many
 * ways there were. words, when there was more than one, lists them for the person.
 */
typedef int prompt_complete(void *ctx, const char *text, int cursor, char *out, int *at, char *words, size_t cap);

struct prompt {
	bool open;
	char label[64];
	char text[PROMPT_MAX];
	int n, cursor; /* bytes */
	int bad_at, bad_len; /* underlined: what is wrong; bad_len 0: nothing */
	char remark[160];    /* for the row below: an error, the ways to complete */
	bool paste;          /* pastes are taken */
	struct history *history;
	int back;            /* lines gone back in history */
	char draft[PROMPT_MAX]; /* what stood there before going back */
	prompt_complete *complete;
	void *ctx;
	char expected[PROMPT_MAX]; /* confirming: "" otherwise */
	int64_t deaf_until_ms;
	bool pastes_marked;        /* the terminal tells pastes from keys; else a burst of keys counts as one */
};

enum prompt_said {
	PROMPT_NOTHING,  /* the key meant nothing, or only moved */
	PROMPT_CHANGED,  /* text is another one */
	PROMPT_DONE,     /* Enter: text is what was typed; the prompt is closed */
	PROMPT_LEFT,     /* Esc, ^G, ^C; the prompt is closed */
	PROMPT_REFUSED,  /* a paste or a line that is not the expected one: remark says so */
};

/* Open for a line; initial may be NULL. history and complete may be set afterwards. */
void prompt_open(struct prompt *p, const char *label, const char *initial);

/* Open for confirming: the person must type expected. */
void prompt_confirm(struct prompt *p, const char *expected, bool pastes_marked, int64_t now_ms);

/* A key or a paste at now_ms. */
enum prompt_said prompt_input(struct prompt *p, const struct input *in, int64_t now_ms);

/* Something about the text, shown until the next key; at and len underline what is wrong (len 0: nothing). */
void prompt_remark(struct prompt *p, int at, int len, const char *text);

/* On row y of c, the cursor visible; a long line scrolls and shows < and > where it goes on. */
void prompt_draw(const struct prompt *p, struct canvas *c, int y);

#endif
