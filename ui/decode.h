#ifndef TALLYMAN_DECODE_H
#define TALLYMAN_DECODE_H
/*
 * decode.h: bytes from a terminal to keys, pastes and clicks.
 *
 * No terminal and no clock in here: bytes and times come in, inputs come out. What a terminal sends
 * that nobody asked for (focus reports, answers to questions) is swallowed whole, so that no part of it is
 * taken for a key. A paste between its brackets is one input, never keys; when it stalls, what comes after is dropped up to its end, or to a key that comes alone.
 */
#include "ui/input.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	DECODE_ESC_MS = 25,     /* an Esc with nothing after it for so long was the key */
	DECODE_BROKEN_MS = 500, /* a sequence that stops in the middle is given up */
	DECODE_PASTE_MS = 1000, /* a paste whose end never comes is ended; its rest, should it come, is no keys */
	DECODE_PASTE_MAX = 65536,
};

struct decoder;

/* Never NULL; free it with the other. */
struct decoder *decoder_new(void);
void decoder_free(struct decoder *d);

/* A sequence of this very terminal (from terminfo), besides the usual ones; longer than 15 bytes or unprintable first: ignored. */
void decoder_learn(struct decoder *d, const char *sequence, int32_t key);

/* Bytes that were read at now_ms. */
void decoder_add(struct decoder *d, const char *bytes, size_t n, int64_t now_ms);

/* The next input, if the bytes so far and the time make one. A paste's text lives until the next call. */
bool decoder_next(struct decoder *d, int64_t now_ms, struct input *out);

/* When to ask again although no byte has come; -1: not needed. */
int64_t decoder_due_ms(const struct decoder *d);

/* Throw everything away that has come so far. */
void decoder_flush(struct decoder *d);

#endif
