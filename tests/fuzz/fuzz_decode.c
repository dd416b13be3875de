/*
 * Bytes from a terminal, in pieces, with pauses: every input that comes out is whole, a paste is never keys, and in the end
 * the decoder waits for nothing.
 */
#include "ui/decode.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void must(bool so)
{
	if (!so)
		abort();
}

static void drain(struct decoder *d, int64_t now_ms)
{
	struct input in;

	for (int i = 0; decoder_next(d, now_ms, &in); i++) {
		must(i < 1 << 20);
		must(in.kind == INPUT_KEY || in.kind == INPUT_PASTE || in.kind == INPUT_CLICK);
		if (in.kind == INPUT_KEY)
			must(in.key > K_NONE && in.key <= K_F12);
		if (in.kind == INPUT_PASTE)
			must(in.n <= DECODE_PASTE_MAX && (in.text || !in.n));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct decoder *d = decoder_new();
	int64_t now_ms = 1000;

	decoder_learn(d, "\033OA", K_UP);
	for (size_t at = 0; at < n;) { /* a byte says how long a piece is, and how long a pause before it */
		size_t piece = data[at] % 32u;

		now_ms += data[at] / 32 * 40;
		at++;
		piece = piece < n - at ? piece : n - at;
		decoder_add(d, (const char *)data + at, piece, now_ms);
		drain(d, now_ms);
		at += piece;
	}
	drain(d, now_ms + DECODE_BROKEN_MS + DECODE_PASTE_MS);
	drain(d, now_ms + 2 * (DECODE_BROKEN_MS + DECODE_PASTE_MS));
	must(decoder_due_ms(d) < 0);
	decoder_free(d);
	return 0;
}
