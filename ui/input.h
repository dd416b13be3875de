#ifndef TALLYMAN_INPUT_H
#define TALLYMAN_INPUT_H
/*
 * input.h: what a terminal can tell us, free of any terminal's codes.
 *
 * A key is a Unicode character (control keys are 1..31, as they are typed) or one of enum key.
 */
#include <stddef.h>
#include <stdint.h>

enum key {
	K_NONE = 0,
	K_TAB = 9,
	K_ENTER = 13,
	K_ESC = 27,
	K_SPACE = 32,
	K_NAMED = 0x110000, /* past the last Unicode character */
	K_UP,
	K_DOWN,
	K_LEFT,
	K_RIGHT,
	K_HOME,
	K_END,
	K_PGUP,
	K_PGDN,
	K_INS,
	K_DEL,
	K_BACKSPACE,
	K_BACKTAB,
	K_F0,
	K_F12 = K_F0 + 12,
};

#define K_CTRL(c) ((c) & 31)

enum input_kind {
	INPUT_NONE,
	INPUT_KEY,
	INPUT_PASTE,   /* text and n: what stood between the brackets; not terminated by a NUL of its own */
	INPUT_CLICK,   /* x, y; wheel: -1 up, 1 down, 0 a click */
	INPUT_RESIZE,  /* w, h */
	INPUT_RESUME,  /* we were stopped and run again: everything must be painted anew */
	INPUT_SUSPEND, /* somebody outside asks us to stop */
	INPUT_QUIT,    /* SIGTERM */
	INPUT_GONE,    /* the terminal is no more: save and end, write nothing to it */
};

struct input {
	enum input_kind kind;
	int32_t key;
	int burst; /* keys that came in the same breath as this one; a hand makes 1 or 2 */
	int x, y, w, h, wheel;
	const char *text;
	size_t n;
};

/* "^F", "PgDn", "S-Tab", "F10", "Space", "j": a name and its key; K_NONE when it names none. out holds at least 16 bytes. */
int32_t key_parse(const char *name);
void key_label(int32_t key, char *out);

/* A character as UTF-8, terminated; out holds at least 5 bytes. Returns its bytes. */
int key_utf8(int32_t key, char *out);

#endif
