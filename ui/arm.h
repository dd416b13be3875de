#ifndef TALLYMAN_ARM_H
#define TALLYMAN_ARM_H
/*
 * arm.h: READ-ONLY, and for some minutes with a reason ARMED.
 *
 * The only gate in front of what reaches a marketplace. It closes by itself: when its time
 * is over, after five minutes without a key, and with the program or its line, because nothing of it is kept
 * anywhere. The caller brings the time.
 */
#include "base/err.h"

#include <stdbool.h>
#include <stdint.h>

enum { ARM_MINUTES = 15, ARM_MINUTES_MAX = 60, ARM_IDLE_MS = 5 * 60 * 1000 };

struct arm {
	bool locked;       /* --readonly: it never opens */
	int64_t until_ms;  /* 0: READ-ONLY */
	int64_t key_ms;    /* the last key */
	char reason[120];
};

/*
 * ":arm 15m reason": words is what stands behind arm. The minutes may be left out (15). FAULT_REFUSED without a
 * reason, above 60 minutes, and when locked.
 */
enum fault arm_open(struct arm *a, const char *words, int64_t now_ms, struct err *err);
void arm_close(struct arm *a);

/* A key was pressed: it goes on counting from here. */
void arm_key(struct arm *a, int64_t now_ms);

/* Is it open now? */
bool arm_is(const struct arm *a, int64_t now_ms);

/* Close it if its time is over. NULL: nothing happened; otherwise why it closed, for the message row. */
const char *arm_step(struct arm *a, int64_t now_ms);

/* Milliseconds left until it closes by its own time or for want of keys; 0 when READ-ONLY. */
int64_t arm_left_ms(const struct arm *a, int64_t now_ms);

/* "READ-ONLY" or "ARMED 13:22"; out holds at least 16 bytes. */
void arm_words(const struct arm *a, int64_t now_ms, char *out);

#endif
