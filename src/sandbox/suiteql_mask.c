#include "sandbox/suiteql_mask.h"

#include "base/clock.h"

#include <ctype.h>
#include <string.h>

/* The parts of a time in the company's zone, which is UTC here. */
static const struct {
	const char *mask;
	int at, n; /* where they stand in 2026-11-20T07:58:00Z */
} masks[] = { { "YYYY", 0, 4 }, { "MM", 5, 2 }, { "DD", 8, 2 }, { "HH24", 11, 2 }, { "MI", 14, 2 }, { "SS", 17, 2 } };

enum { MASKS = sizeof masks / sizeof *masks };

static int mask_at(const char *s)
{
	int i = 0;

	while (i < MASKS && strncmp(s, masks[i].mask, strlen(masks[i].mask)) != 0)
		i++;
	return i;
}

/* What stands for itself in a mask: YYYY-MM-DD"T"HH24:MI:SS. */
static bool mask_literal(const char **s, bool *quoted, char *c)
{
	if (**s == '"') {
		*quoted = !*quoted;
		++*s;
		return false;
	}
	*c = *(*s)++;
	return true;
}

const char *mask_text(struct arena *a, int64_t ms, const char *mask)
{
	struct buf b = buf_new(a);
	bool quoted = false;
	char iso[32], c;

	time_iso_s(ms, iso);
	while (*mask) {
		int m = quoted ? MASKS : mask_at(mask);

		if (m < MASKS) {
			buf_add(&b, iso + masks[m].at, (size_t)masks[m].n);
			mask += strlen(masks[m].mask);
		} else if (mask_literal(&mask, &quoted, &c)) {
			buf_putc(&b, c);
		}
	}
	return b.p ? b.p : "";
}

bool mask_read(const char *s, const char *mask, int64_t *ms)
{
	char iso[] = "2000-01-01T00:00:00Z", c;
	bool quoted = false;

	while (*mask) {
		int m = quoted ? MASKS : mask_at(mask);

		if (m == MASKS) {
			if (mask_literal(&mask, &quoted, &c) && *s++ != c)
				return false;
			continue;
		}
		for (int i = masks[m].n; i > 0; i--) { /* fewer digits are fine: 1/9/2026 */
			if (!isdigit((unsigned char)*s) && i == masks[m].n)
				return false;
			memmove(iso + masks[m].at, iso + masks[m].at + 1, (size_t)masks[m].n - 1);
			if (!isdigit((unsigned char)*s)) {
				memmove(iso + masks[m].at + 1, iso + masks[m].at, (size_t)masks[m].n - 1);
				break;
			}
			iso[masks[m].at + masks[m].n - 1] = *s++;
		}
		mask += strlen(masks[m].mask);
	}
	return !*s && time_parse(iso, ms) == 0;
}
