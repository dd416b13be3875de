#include "ui/arm.h"

#include "base/text.h"

#include <stdio.h>
#include <string.h>

/* "15m" or "15" in front of the reason. false: the first word is no number of minutes. */
static bool minutes_parse(const char **words, int64_t *minutes)
{
	char first[16];
	size_t n = strcspn(*words, " ");

	*minutes = ARM_MINUTES;
	if (!((*words)[0] >= '0' && (*words)[0] <= '9'))
		return true;
	if (n >= sizeof first)
		return false;
	memcpy(first, *words, n);
	first[n - (first[n - 1] == 'm')] = '\0';
	first[n] = '\0';
	if (!text_int(first, 1, INT32_MAX, minutes))
		return false;
	*words += n;
	*words += strspn(*words, " ");
	return true;
}

enum fault arm_open(struct arm *a, const char *words, int64_t now_ms, struct err *err)
{
	int64_t minutes;

	words += strspn(words, " ");
	if (a->locked)
		return err_set(err, FAULT_REFUSED, "this console was started --readonly and cannot be armed");
	if (!minutes_parse(&words, &minutes) || minutes > ARM_MINUTES_MAX)
		return err_set(err, FAULT_REFUSED, "for at most %d minutes: :arm 15m REASON", ARM_MINUTES_MAX);
	if (!*words)
		return err_set(err, FAULT_REFUSED, "say why: :arm %dm REASON; it is written down", (int)minutes);
	a->until_ms = now_ms + minutes * 60000;
	a->key_ms = now_ms;
	snprintf(a->reason, sizeof a->reason, "%.*s", (int)text_fit(words, 100, NULL), words);
	return OK;
}

void arm_close(struct arm *a)
{
	a->until_ms = 0;
	a->reason[0] = '\0';
}

void arm_key(struct arm *a, int64_t now_ms)
{
	if (arm_is(a, now_ms))
		a->key_ms = now_ms;
}

int64_t arm_left_ms(const struct arm *a, int64_t now_ms)
{
	int64_t idle = a->key_ms + ARM_IDLE_MS, end = a->until_ms < idle ? a->until_ms : idle;

	return a->until_ms && end > now_ms ? end - now_ms : 0;
}

bool arm_is(const struct arm *a, int64_t now_ms)
{
	return !a->locked && arm_left_ms(a, now_ms) > 0;
}

const char *arm_step(struct arm *a, int64_t now_ms)
{
	bool over = a->until_ms && a->until_ms <= now_ms;

	if (!a->until_ms || arm_is(a, now_ms))
		return NULL;
	arm_close(a);
	return over ? "READ-ONLY again: the time is over" : "READ-ONLY again: five minutes without a key";
}

void arm_words(const struct arm *a, int64_t now_ms, char *out)
{
	int64_t left = a->until_ms > now_ms ? (a->until_ms - now_ms + 999) / 1000 : 0;

	if (arm_is(a, now_ms))
		snprintf(out, 16, "ARMED %02d:%02d", (int)(left / 60), (int)(left % 60));
	else
		snprintf(out, 16, "READ-ONLY");
}
