#include "ui/decode.h"

#include "base/text.h"

#include <stdlib.h>
#include <string.h>

enum { BYTES_MAX = 8192, LEARNT_MAX = 64, SEQUENCE_MAX = 16 };

struct decoder {
	char in[BYTES_MAX + 1]; /* always terminated, so that text_next stops */
	size_t n;
	size_t breath;
	int64_t at_ms;  /* when the newest byte came */
	int64_t due_ms; /* when what is here counts as all; -1: nothing is waited for */
	struct {
		char text[SEQUENCE_MAX];
		size_t n;
		int32_t key;
	} learnt[LEARNT_MAX];
	int learnt_n;
	bool pasting;
	bool late;      /* a paste was ended without its end: what comes may be the rest of it */
	char paste[DECODE_PASTE_MAX];
	size_t paste_n;
};

/* What one look at the bytes found. */
enum look { LOOK_WAIT, LOOK_SKIP, LOOK_FOUND };

struct found {
	size_t used;
	int64_t wait_ms; /* LOOK_WAIT: how long after the newest byte */
	struct input input;
};

struct decoder *decoder_new(void)
{
	struct decoder *d = calloc(1, sizeof *d);

	if (!d)
		abort();
	d->due_ms = -1;
	return d;
}

void decoder_free(struct decoder *d)
{
	free(d);
}

void decoder_learn(struct decoder *d, const char *sequence, int32_t key)
{
	size_t n = strlen(sequence);

	if (d->learnt_n == LEARNT_MAX || n < 2 || n >= SEQUENCE_MAX || sequence[0] != K_ESC)
		return;
	memcpy(d->learnt[d->learnt_n].text, sequence, n + 1);
	d->learnt[d->learnt_n].n = n;
	d->learnt[d->learnt_n++].key = key;
}

void decoder_flush(struct decoder *d)
{
	d->n = 0;
	d->due_ms = -1;
	d->in[0] = '\0';
	d->late |= d->pasting;
	d->pasting = false;
	d->paste_n = 0;
}

static void drop(struct decoder *d, size_t used)
{
	d->n -= used;
	memmove(d->in, d->in + used, d->n);
	d->in[d->n] = '\0';
}

void decoder_add(struct decoder *d, const char *bytes, size_t n, int64_t now_ms)
{
	size_t room = BYTES_MAX - d->n;

	n = n < room ? n : room; /* more than that before anybody looked is not typed by hand */
	memcpy(d->in + d->n, bytes, n);
	d->n += n;
	d->in[d->n] = '\0';
	d->breath = n;
	d->at_ms = now_ms;
}

static enum look is_key(struct found *f, size_t used, int32_t key)
{
	f->used = used;
	f->input = (struct input){ .kind = INPUT_KEY, .key = key };
	return key == K_NONE ? LOOK_SKIP : LOOK_FOUND;
}

static enum look wait(struct found *f, int64_t ms)
{
	f->wait_ms = ms;
	return LOOK_WAIT;
}

/* The sequences of this terminal: the whole of one, or the beginning of one. */
static enum look look_learnt(const struct decoder *d, struct found *f)
{
	bool begun = false;

	for (int i = 0; i < d->learnt_n; i++) {
		size_t n = d->learnt[i].n;

		if (d->n >= n && !memcmp(d->in, d->learnt[i].text, n))
			return is_key(f, n, d->learnt[i].key);
		begun |= d->n < n && d->n > 1 && !memcmp(d->in, d->learnt[i].text, d->n);
	}
	return begun ? LOOK_WAIT : LOOK_SKIP;
}

static int32_t key_of_letter(char c)
{
	switch (c) {
	case 'A': return K_UP;
	case 'B': return K_DOWN;
	case 'C': return K_RIGHT;
	case 'D': return K_LEFT;
	case 'H': return K_HOME;
	case 'F': return K_END;
	case 'Z': return K_BACKTAB;
	case 'M': return K_ENTER; /* of the keypad, after ESC O */
	case 'P': return K_F0 + 1;
	case 'Q': return K_F0 + 2;
	case 'R': return K_F0 + 3;
	case 'S': return K_F0 + 4;
	default: return K_NONE;
	}
}

/* The number before the ~ of VT220 and rxvt sequences. */
static int32_t key_of_number(int n)
{
	static const int8_t f[] = { 1, 2, 3, 4, 5, 0, 6, 7, 8, 9, 10, 0, 11, 12 }; /* from 11 on */

	switch (n) {
	case 1: case 7: return K_HOME;
	case 2: return K_INS;
	case 3: return K_DEL;
	case 4: case 8: return K_END;
	case 5: return K_PGUP;
	case 6: return K_PGDN;
	default: return n >= 11 && n <= 24 && f[n - 11] ? K_F0 + f[n - 11] : K_NONE;
	}
}

static int number_at(const char *p, const char **after)
{
	int n = 0;

	for (; *p >= '0' && *p <= '9'; p++)
		n = n < 100000 ? n * 10 + (*p - '0') : n;
	*after = p;
	return n;
}

/* ESC [ < button ; x ; y M: a press or the wheel; releases and moves say nothing to us. */
static enum look look_mouse(const struct decoder *d, size_t used, struct found *f)
{
	const char *p = d->in + 3;
	int button = number_at(p, &p), x = number_at(p + (*p == ';'), &p), y = number_at(p + (*p == ';'), &p);

	f->used = used;
	if (d->in[used - 1] != 'M' || (button != 0 && button != 64 && button != 65) || x < 1 || y < 1)
		return LOOK_SKIP;
	f->input = (struct input){ .kind = INPUT_CLICK, .x = x - 1, .y = y - 1, .wheel = button == 64 ? -1 : button == 65 };
	return LOOK_FOUND;
}

static enum look look_csi(struct decoder *d, struct found *f)
{
	size_t i = 2;
	const char *after;
	int number;

	if (d->in[2] == '[') /* the Linux console's F1 to F5 */
		return d->n < 4 ? wait(f, DECODE_BROKEN_MS) : is_key(f, 4, d->in[3] >= 'A' && d->in[3] <= 'E' ? K_F0 + 1 + d->in[3] - 'A' : K_NONE);
	while (i < d->n && d->in[i] >= 0x20 && d->in[i] < 0x40)
		i++;
	if (i == d->n)
		return wait(f, DECODE_BROKEN_MS);
	if (d->in[i] < 0x40 || d->in[i] > 0x7e) { /* not a final byte: what came so far was rubbish */
		f->used = i;
		return LOOK_SKIP;
	}
	f->used = i + 1;
	if (d->in[2] == '<')
		return look_mouse(d, i + 1, f);
	if (d->in[i] == 'M' && i == 2) { /* an old mouse report: three bytes follow */
		f->used = d->n < 6 ? d->n : 6;
		return d->n < 6 ? wait(f, DECODE_BROKEN_MS) : LOOK_SKIP;
	}
	number = number_at(d->in + 2, &after);
	if (d->in[i] == '~' && number == 200) {
		d->pasting = true;
		d->paste_n = 0;
		return LOOK_SKIP;
	}
	return is_key(f, i + 1, d->in[i] == '~' ? key_of_number(number) : d->in[i] == 'M' ? K_NONE : key_of_letter(d->in[i]));
}

/* ESC ] ... or ESC P ...: an answer or report; it ends with BEL or ESC \. */
static enum look look_string(const struct decoder *d, struct found *f)
{
	for (size_t i = 2; i < d->n; i++) {
		bool ends = d->in[i] == 7 || (d->in[i] == '\\' && d->in[i - 1] == K_ESC && i > 2);

		if (ends) {
			f->used = i + 1;
			return LOOK_SKIP;
		}
	}
	return wait(f, d->n == 2 ? DECODE_ESC_MS : DECODE_BROKEN_MS);
}

static enum look look_esc(struct decoder *d, struct found *f)
{
	enum look learnt = look_learnt(d, f);

	if (learnt == LOOK_FOUND)
		return LOOK_FOUND;
	if (d->n == 1)
		return wait(f, DECODE_ESC_MS);
	switch (d->in[1]) {
	case '[':
		return d->n == 2 ? wait(f, DECODE_BROKEN_MS) : look_csi(d, f);
	case 'O':
		return d->n == 2 ? wait(f, DECODE_ESC_MS) : is_key(f, 3, key_of_letter(d->in[2]));
	case ']': case 'P': case '_': case '^': case 'X':
		return look_string(d, f);
	default:
		return learnt == LOOK_WAIT ? wait(f, DECODE_ESC_MS) : is_key(f, 1, K_ESC);
	}
}

static enum look look_character(const struct decoder *d, struct found *f)
{
	unsigned char lead = (unsigned char)d->in[0];
	size_t whole = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2, have = 1;
	int n;
	uint32_t c;

	while (have < d->n && have < whole && ((unsigned char)d->in[have] & 0xc0) == 0x80)
		have++;
	if (lead >= 0xc2 && lead < 0xf5 && have == d->n && have < whole)
		return wait(f, DECODE_BROKEN_MS);
	c = text_next(d->in, &n);
	return is_key(f, (size_t)n, (c == 0xfffd && n == 1) || (c >= 0x80 && c < 0xa0) ? K_NONE : (int32_t)c);
}

static enum look look_key(struct decoder *d, struct found *f)
{
	unsigned char c = (unsigned char)d->in[0];

	if (c == K_ESC)
		return look_esc(d, f);
	if (c >= 0x80)
		return look_character(d, f);
	if (c == 0x7f || c == 8)
		return is_key(f, 1, K_BACKSPACE);
	return is_key(f, 1, c == '\n' ? K_ENTER : c);
}

static void paste_keep(struct decoder *d, size_t n)
{
	size_t room = sizeof d->paste - d->paste_n, keep = n < room ? n : room;

	memcpy(d->paste + d->paste_n, d->in, keep);
	d->paste_n += keep;
	drop(d, n);
}

static const char paste_end[] = "\033[201~";

static const char *find_end(const struct decoder *d)
{
	return memmem(d->in, d->n, paste_end, sizeof paste_end - 1);
}

/* How many of the last bytes may be the beginning of the end. */
static size_t begun_end(const struct decoder *d)
{
	size_t tail = 0;

	for (size_t k = 1; k < sizeof paste_end - 1 && k <= d->n; k++)
		if (!memcmp(d->in + d->n - k, paste_end, k))
			tail = k;
	return tail;
}

/* Inside the brackets everything is text up to ESC [ 201 ~, of which the last bytes may still be under way. */
static enum look look_paste(struct decoder *d, bool late, struct found *f)
{
	const char *found = find_end(d);

	if (!found && !late) {
		paste_keep(d, d->n - begun_end(d));
		return wait(f, DECODE_PASTE_MS);
	}
	paste_keep(d, found ? (size_t)(found - d->in) : d->n);
	d->pasting = false;
	d->late = !found;
	f->used = found ? sizeof paste_end - 1 : 0;
	f->input = (struct input){ .kind = INPUT_PASTE, .text = d->paste, .n = d->paste_n };
	return LOOK_FOUND;
}

/* One byte, or one short sequence that is not the end of a paste: a key, if nothing follows at once. */
static bool is_alone(const struct decoder *d)
{
	return d->n == 1 || (d->in[0] == K_ESC && d->n < sizeof paste_end - 1 && begun_end(d) != d->n);
}

/* A paste that stalled goes on: up to its end, or to a key that comes alone, nothing is a key. true: all that is here is of it. */
static bool is_rest(struct decoder *d, int64_t now_ms)
{
	const char *found = find_end(d);

	if (!found && is_alone(d) && now_ms - d->at_ms < DECODE_ESC_MS) {
		d->due_ms = d->at_ms + DECODE_ESC_MS;
		return true;
	}
	if (found || is_alone(d)) {
		drop(d, found ? (size_t)(found - d->in) + sizeof paste_end - 1 : 0);
		d->late = false;
		return false;
	}
	drop(d, d->n - begun_end(d));
	return true;
}

/* The time to wait is over: an Esc was the key Esc, and the rest of what did not end goes. */
static enum look give_up(const struct decoder *d, struct found *f)
{
	if (d->in[0] == K_ESC && d->n <= 2 && d->in[1] != '[')
		return is_key(f, 1, K_ESC);
	if (d->in[0] == K_ESC) {
		f->used = d->n;
		return LOOK_SKIP;
	}
	return is_key(f, 1, K_NONE);
}

bool decoder_next(struct decoder *d, int64_t now_ms, struct input *out)
{
	d->due_ms = -1;
	while (d->n || d->pasting) {
		struct found f = { 0 };
		bool late = d->pasting && now_ms - d->at_ms >= DECODE_PASTE_MS;
		enum look look;

		if (d->late && !d->pasting) {
			if (is_rest(d, now_ms))
				return false;
			continue;
		}
		look = d->pasting ? look_paste(d, late, &f) : look_key(d, &f);
		if (look == LOOK_WAIT && now_ms - d->at_ms < f.wait_ms) {
			d->due_ms = d->at_ms + f.wait_ms;
			return false;
		}
		if (look == LOOK_WAIT)
			look = give_up(d, &f);
		drop(d, f.used);
		if (look == LOOK_FOUND) {
			*out = f.input;
			out->burst = (int)d->breath;
			return true;
		}
	}
	return false;
}

int64_t decoder_due_ms(const struct decoder *d)
{
	return d->due_ms;
}
