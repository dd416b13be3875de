#include "base/near.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>

enum { LONGEST = 40, FAR = 99 };

static int least(int a, int b, int c)
{
	int m = a < b ? a : b;

	return m < c ? m : c;
}

static bool same(char a, char b)
{
	return tolower((unsigned char)a) == tolower((unsigned char)b);
}

/* Optimal string alignment: three rows of the table are enough. */
int near_distance(const char *a, const char *b)
{
	size_t na = strlen(a), nb = strlen(b);
	int row[3][LONGEST + 1];

	if (na > LONGEST || nb > LONGEST)
		return FAR;
	for (size_t j = 0; j <= nb; j++)
		row[0][j] = (int)j;
	for (size_t i = 1; i <= na; i++) {
		int *now = row[i % 3], *up = row[(i + 2) % 3], *up2 = row[(i + 1) % 3];

		now[0] = (int)i;
		for (size_t j = 1; j <= nb; j++) {
			now[j] = least(up[j] + 1, now[j - 1] + 1, up[j - 1] + !same(a[i - 1], b[j - 1]));
			if (i > 1 && j > 1 && same(a[i - 1], b[j - 2]) && same(a[i - 2], b[j - 1]))
				now[j] = least(now[j], up2[j - 2] + 1, now[j]);
		}
	}
	return row[na % 3][nb];
}

struct near near_to(const char *word)
{
	int letters = (int)strnlen(word, LONGEST);

	return (struct near){ .word = word, .distance = (letters < 6 ? 1 : letters / 3) + 1 };
}

void near_offer(struct near *n, const char *candidate)
{
	int d = near_distance(n->word, candidate);

	if (d >= n->distance)
		return;
	n->distance = d;
	n->best = candidate;
}
