#ifndef TALLYMAN_GOLDEN_H
#define TALLYMAN_GOLDEN_H
/*
 * golden.h: what a screen should look like stands in a text file, tests/golden/NAME.screen.
 *
 * With TALLYMAN_ACCEPT=1 (make golden-accept) the file is written instead of compared.
 */

/* Fail the running test, with the first line that differs, unless text is what the file holds. */
void golden_check(const char *name, const char *text);

#endif
