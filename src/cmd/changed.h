#ifndef TALLYMAN_CHANGED_H
#define TALLYMAN_CHANGED_H
/*
 * changed.h: the configuration in force, and what it would be: another file (--config), or some of its keys said otherwise (KEY=VALUE).
 */
#include "cmd/session.h"
#include "trade/policy.h"

/* What quantities are reckoned by, unless something else is said: --config, or the configuration of this store; a bundle brings its own, the reader's is another's. */
enum fault rules_read(struct session *s, struct config *out);

struct changed {
	struct config *was, *is;
	struct policy_book before, after;
};

/*
 * word: n times KEY=VALUE, beside --set; KEY is alloc.strategy, buffer.preset, ACCOUNT.buffer, profile NAME.start ... -1: go on, and end with changed_close;
 * else the command's status.
 */
int changed_open(struct session *s, char *const *word, int n, struct changed *out);
void changed_close(struct changed *c);

#endif
