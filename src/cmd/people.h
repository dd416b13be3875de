#ifndef TALLYMAN_CMD_PEOPLE_H
#define TALLYMAN_CMD_PEOPLE_H
/*
 * people.h: buyers in the open, for whoever typed the line that says how many. Everything else that is printed has the masked form.
 */
#include "base/fields.h"
#include "cmd/session.h"

/*
 * May n buyers be shown? OK: --reason says why, and --confirm is "show N buyers" (the verb's). FAULT_REFUSED: nothing is, err says what to add; or they are
 * more than one look may open (BUNDLE_BUYERS).
 */
enum fault people_agreed(struct session *s, const char *verb, int64_t n);

/* Who an order goes to: from a bundle that has it, else from the engine, which writes down who looked and why. FAULT_REFUSED: nothing is known of him, err says why. */
enum fault person_fetch(struct session *s, int64_t order, const char *why, struct fields *out);

#endif
