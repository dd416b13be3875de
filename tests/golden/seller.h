#ifndef TALLYMAN_GOLDEN_SELLER_H
#define TALLYMAN_GOLDEN_SELLER_H
/*
 * seller.h: a business at work, for tests that sit down at its console: the simulated marketplaces and an engine with live
 * accounts, each a process of its own on ports that happened to be free.
 *
 * What really reached a marketplace is asked of the sandbox's own ledger, what somebody decided of the store.
 */
#include <stdbool.h>
#include <stdint.h>

struct seller;

/* In a new folder under /tmp. Ends the test with a sentence when it does not stand within half a minute. */
struct seller *seller_start(void);
void seller_end(struct seller *s); /* ends both, removes the folder; NULL is harmless */

const char *seller_dir(const struct seller *s); /* the store; tallyman.ini stands in it */

/*
 * A configuration whose clock stands still at the simulated world's time of this moment: a console with it shows other things only
 * when the store has changed. Good until the next call.
 */
const char *seller_still(struct seller *s);

/* The engine holds its breath, or goes on: nothing is heard, nothing said, nothing written meanwhile. */
void seller_hold(const struct seller *s, bool held);

/* A counter of the sandbox's report: "writes_ack". Ends the test when there is none of that name. */
int64_t seller_count(const struct seller *s, const char *name);

/* One number out of the store. */
int64_t seller_ask(const struct seller *s, const char *sql);

#endif
