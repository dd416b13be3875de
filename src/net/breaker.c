#include "net/breaker.h"

#include <string.h>

const struct breaker_rules breaker_rules = { .open_after = 3, .closed_after = 3, .first_ms = 60000, .probe_ms = 300000 };

static const char *const state_names[] = { [BREAKER_CLOSED] = "closed", [BREAKER_OPEN] = "open", [BREAKER_HALF] = "half" };

int64_t breaker_wait(const struct breaker *b, int64_t now_ms)
{
	return b->state == BREAKER_CLOSED || now_ms >= b->probe_ms ? 0 : b->probe_ms - now_ms;
}

/* While it is broken one attempt stands for all; should its answer be lost with a crash, the next comes after a pause. */
void breaker_attempt(struct breaker *b, const struct breaker_rules *rules, int64_t now_ms)
{
	if (b->state != BREAKER_CLOSED)
		b->probe_ms = now_ms + rules->probe_ms;
}

static enum breaker_event note_good(struct breaker *b, const struct breaker_rules *rules, int64_t now_ms)
{
	bool was_open = b->state != BREAKER_CLOSED;

	b->fails = 0;
	b->ok_ms = now_ms;
	if (!b->since_ms)
		return BREAKER_SAME;
	if (was_open)
		b->state = BREAKER_HALF;
	b->probe_ms = now_ms;
	if (++b->good < rules->closed_after)
		return BREAKER_SAME;
	*b = (struct breaker){ .state = BREAKER_CLOSED, .ok_ms = now_ms };
	return was_open ? BREAKER_MENDED : BREAKER_SAME;
}

/* They answered, and nothing can be said about their health: the next one may find out. */
static enum breaker_event note_neutral(struct breaker *b, int64_t now_ms)
{
	if (b->state == BREAKER_HALF)
		b->probe_ms = now_ms;
	return BREAKER_SAME;
}

static enum breaker_event note_bad(struct breaker *b, const struct breaker_rules *rules, int64_t now_ms)
{
	b->good = 0;
	b->fails++;
	if (!b->since_ms)
		b->since_ms = now_ms;
	if (b->state == BREAKER_HALF) {
		b->state = BREAKER_OPEN;
		b->probe_ms = now_ms + rules->probe_ms;
	}
	if (b->state == BREAKER_OPEN || b->fails < rules->open_after)
		return BREAKER_SAME;
	b->state = BREAKER_OPEN;
	b->probe_ms = now_ms + rules->first_ms;
	return BREAKER_OPENED;
}

enum breaker_event breaker_note(struct breaker *b, const struct breaker_rules *rules, enum fault fault, int64_t now_ms)
{
	switch (fault) {
	case OK:
		return note_good(b, rules, now_ms);
	case FAULT_NET:
	case FAULT_UNSURE:
	case FAULT_REMOTE:
	case FAULT_AUTH:
	case FAULT_FORMAT:
	case FAULT_ENDPOINT:
		return note_bad(b, rules, now_ms);
	case FAULT_BUSY:
	case FAULT_REFUSED:
	case FAULT_STORE:
	case FAULTS:
		break;
	}
	return note_neutral(b, now_ms);
}

const char *breaker_state_name(int64_t state)
{
	return state >= BREAKER_CLOSED && state <= BREAKER_HALF ? state_names[state] : "?";
}

enum breaker_state breaker_state_from_name(const char *name)
{
	for (int s = BREAKER_CLOSED; s <= BREAKER_HALF; s++)
		if (!strcmp(name, state_names[s]))
			return (enum breaker_state)s;
	return BREAKER_CLOSED;
}
