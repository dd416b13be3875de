#ifndef TALLYMAN_FURNISH_H
#define TALLYMAN_FURNISH_H
/*
 * furnish.h: what the demo's seller said about his goods on his first day: the case of six stands for single ones, the gift set is made of its parts.
 */

/* The same commands that a person would type, each again until its items are known; two minutes at most. Returns an exit status. */
int furnish(const char *dir, const char *config);

#endif
