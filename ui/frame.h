#ifndef TALLYMAN_FRAME_H
#define TALLYMAN_FRAME_H
/*
 * frame.h: the rows around a pane, drawn from plain data.
 *
 * What a row holds is a list of parts with a rank: when there is no room the highest rank goes
 * first; rank 0 never goes. So READ-ONLY or ARMED, the alert counts and an active filter are there at every size.
 */
#include "ui/desk.h"
#include "ui/notices.h"
#include "ui/prompt.h"

enum { FRAME_KEYS = 24 };

struct frame_key {
	char keys[24];     /* "j/k" */
	const char *brief; /* "move" */
};

struct frame {
	const struct desk_facts *facts;
	const struct desk_screen *screens;
	int screen;            /* the marked tab; -1: none, what is shown is of none of them */
	const char *own;       /* what it is called then, where there is room for one tab alone */
	bool armed;
	char arm[16];          /* "READ-ONLY", "ARMED 13:22" */
	char clock[16];
	struct strip strip;
	bool paused, slow;
	int64_t waiting;
	const struct notice *newest; /* NULL: nothing was said yet */
	int64_t more;                /* unread besides it */
	bool local_time;
	const char *hint;            /* in its place until the next key; "" none */
	const struct prompt *prompt; /* NULL or closed: none */
	struct frame_key key[FRAME_KEYS];
	int keys, keep;              /* the last keep of them always have room */
};

/* What a terminal of so many columns and rows has room for, and whether it is narrow and high. */
enum room frame_room(int w, int h);
bool frame_portrait(int w, int h);

/* Paint the rows; frame_content is what they leave for the pane (nothing below 40x10). */
void frame_draw(const struct frame *f, struct canvas *c);
struct canvas frame_content(const struct canvas *c);

/* What is wrong with all that is shown, where there is little room, the worst first: "ZERO4m NO ENG STALE"; "" nothing. */
void facts_brief(const struct desk_facts *f, char *out, size_t cap);

/* 4123 as "4,123"; out holds at least 32 bytes. */
void number_words(int64_t n, char *out);

/* "07:58Z", or "08:58" in the machine's zone, with seconds if asked; out holds at least 16 bytes. */
void clock_words(int64_t ms, bool local, bool seconds, char *out);

#endif
