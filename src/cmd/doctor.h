#ifndef TALLYMAN_DOCTOR_H
#define TALLYMAN_DOCTOR_H
/*
 * doctor.h: the checks of `tallyman doctor`: each says what it saw and, when that is wrong, what to do.
 */
#include "cmd/session.h"

enum verdict { VERDICT_OK, VERDICT_WARN, VERDICT_FAIL };

struct doctor {
	struct session *s;
	int fails;
};

/* One row. remedy: NULL when nothing is to be done. */
void doctor_tell(struct doctor *d, const char *check, enum verdict verdict, const char *remedy, const char *fmt, ...)
	__attribute__((format(printf, 5, 6)));

/* What stands in the configuration, without opening a single secret. */
void doctor_config(struct doctor *d);

#endif
