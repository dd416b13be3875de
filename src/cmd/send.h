#ifndef TALLYMAN_SEND_H
#define TALLYMAN_SEND_H
/*
 * send.h: a command's side of a decision: the plan is made here and shown; the engine makes it again and does it.
 */
#include "cmd/session.h"
#include "trade/intents.h"

#include <stdio.h>

/* The engine's answer. */
struct answered {
	bool done;          /* false: refused */
	int64_t id;         /* of the intent; 0: none was filed */
	const char *state, *text;
	struct fields all;  /* and what was asked for */
};

/*
 * Tell the engine. The asker's id is made here, so that asking once more after a lost answer is harmless. FAULT_NET: no engine runs,
 * and err says how to start one.
 */
enum fault intent_send(struct session *s, struct intent *in, struct answered *out);

/*
 * The whole way of a command: plan, and unless the kind stays on this machine the line that was typed; then send, and print what came
 * of it. Without --confirm what reaches a marketplace is printed as a plan with the line to type, and nothing is
 * changed. Ends the session; returns the command's status.
 */
int intent_run(struct session *s, struct intent *in);

/* The same as far as the engine's answer, which is printed: -1, and the session goes on; else it has ended, and that is the command's status. */
int intent_try(struct session *s, struct intent *in, struct answered *a);

/* A plan that nobody has sent, as those commands print it. shape: "--csv", "--json", NULL: text. false: not all of it was written. */
bool plan_print(const struct plan *p, const char *shape, FILE *out);

/*
 * The bytes of a body with people's data blotted out, piece by piece from the engine, or from a bundle. *json: that could be done; else out says how many bytes
 * there are, and nothing of them. FAULT_NET: no engine runs.
 */
enum fault body_fetch(struct session *s, int64_t body, struct buf *out, bool *json);

#endif
