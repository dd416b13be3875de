#ifndef TALLYMAN_ROLES_H
#define TALLYMAN_ROLES_H
/*
 * roles.h: who may ask the engine for what, by the uid that the kernel tells of the other end of the socket.
 *
 *	[roles]
 *	jo     = operator
 *	ann    = approver
 *	feeder = program
 *	others = viewer
 *
 * Without the section everybody who can reach the socket is an approver, as the folder's mode has it. With it, who is not named is what `others` says, a
 * viewer if it says nothing; the store's owner is an approver unless he is named himself.
 */
#include "base/arena.h"
#include "base/config.h"
#include "base/err.h"
#include "trade/intents.h"

#include <stdint.h>
#include <sys/types.h>

enum duty {
	DUTY_VIEWER,   /* looks, at what is masked */
	DUTY_PROGRAM,  /* what stays here; nothing that reaches a marketplace, and no person's data: that is for people */
	DUTY_OPERATOR, /* the day's work */
	DUTY_APPROVER, /* and what changes the rules of it: live, policies, a second person's word, the vault, the engine's end */
	DUTIES
};

struct role_row {
	uid_t uid;
	enum duty duty;
};

struct roles {
	struct role_row *row;
	int n, cap;
	bool on;
	enum duty others;
};

/* FAULT_REFUSED with file:line: no such user, or no such role. */
enum fault roles_read(struct arena *a, const struct config *c, struct roles *out, struct err *err);
enum duty duty_of(const struct roles *r, uid_t uid);
const char *duty_name(enum duty r);

/* Is it a program's proposal? Of what an operator may do alone a program may say what should be done, and a person does it or not. */
bool duty_proposes(const struct roles *r, uid_t uid, const struct intent *in);

/* Whose decision was it, a program's? actor is what an intent was filed under. */
bool duty_is_program(const struct roles *r, const char *actor);

/* FAULT_REFUSED names what he is and what it takes. */
enum fault duty_allows(const struct roles *r, uid_t uid, const struct intent *in, struct err *err);

#endif
