#include "tests/fault/day.h"
const char *day_verdict(struct day *d) { return *d->trouble ? d->trouble : NULL; }
