#ifndef TALLYMAN_TESTS_BRANCH_H
#define TALLYMAN_TESTS_BRANCH_H
/* branch.h: lives that go on from a moment of another one: a process each, so many at a time. */
#include <stdbool.h>

struct branches;

struct branches *branches_open(int at_once); /* 0: the one they come from waits for each */

/* Goes off when there is room. true: in the new one, which ends with branch_end. group: which count its end belongs to, 0..BRANCH_GROUPS - 1. */
enum { BRANCH_GROUPS = 16 };
bool branch_off(struct branches *b, int group);
void branch_end(bool well) __attribute__((noreturn));

/* Waits for all that are under way; how many of a group did not end well. */
void branches_wait(struct branches *b);
int branches_bad(const struct branches *b, int group);
void branches_close(struct branches *b);

#endif
