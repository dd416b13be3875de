#ifndef TALLYMAN_GOLDEN_DEMO_H
#define TALLYMAN_GOLDEN_DEMO_H
/*
 * demo.h: the smallest program that is a console: the real loop, desk and terminal around one list of
 * numbered rows, at a fixed time. The harness's own tests run it.
 */

/* Run it on the terminal at hand. Words: "crash" SEGV and "abort" on the key u; "ascii"; "state=FILE". Returns its exit status. */
int demo_main(int argc, char **argv);

/* A shell with job control around it: starts it in the foreground, says STOPPED when it is, and continues it at Enter. */
int demo_shell(const char *self);

#endif
