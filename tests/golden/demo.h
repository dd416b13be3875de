#ifndef TALLYMAN_GOLDEN_DEMO_H
#define TALLYMAN_GOLDEN_DEMO_H
/*
 * demo.h: the smallest program that is a console: the real loop, desk and terminal around one list of
 * numbered rows, at a fixed time. The harness's own tests run it.
 */

/* Run it on the terminal at hand. Words: "crash" SEGV and "abort" on the key u; "ascii"; "state=FILE". Returns its exit status. */
int demo_main(int argc, char **argv);

#endif
