#include "engine/roles.h"

#include "base/text.h"

#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const char *const names[DUTIES] = { "viewer", "program", "operator", "approver" };

const char *duty_name(enum duty r)
{
	return names[r];
}

static enum duty duty_from_name(const char *name)
{
	enum duty r = DUTY_VIEWER;

	while (r < DUTIES && strcmp(names[r], name))
		r++;
	return r;
}

static bool find_user(const char *name, uid_t *uid)
{
	struct passwd *pw = getpwnam(name);
	int64_t number;

	if (pw)
		*uid = pw->pw_uid;
	else if (text_int(name, 0, UINT32_MAX - 1, &number))
		*uid = (uid_t)number;
	else
		return false;
	return true;
}

static enum fault read_line(struct arena *a, const struct config *c, const struct config_line *l, struct roles *out, struct err *err)
{
	struct role_row row = { .duty = duty_from_name(config_get(c, "roles", l->key, "")) };

	if (row.duty == DUTIES)
		return err_set(err, FAULT_REFUSED, "%s:%d: [roles] %.40s: viewer, program, operator or approver", c->file, l->line, l->key);
	if (!strcmp(l->key, "others")) {
		out->others = row.duty;
		return OK;
	}
	if (!find_user(l->key, &row.uid))
		return err_set(err, FAULT_REFUSED, "%s:%d: [roles] %.40s: this machine knows no such user", c->file, l->line, l->key);
	out->row = arena_grow(a, out->row, out->n, &out->cap, sizeof row);
	out->row[out->n++] = row;
	return OK;
}

enum fault roles_read(struct arena *a, const struct config *c, struct roles *out, struct err *err)
{
	enum fault f = OK;

	*out = (struct roles){ .others = DUTY_VIEWER };
	for (int i = 0; i < c->n && !f; i++)
		if (!strcmp(c->lines[i].section, "roles")) {
			out->on = true;
			f = read_line(a, c, &c->lines[i], out, err);
		}
	return f;
}

enum duty duty_of(const struct roles *r, uid_t uid)
{
	if (!r->on)
		return DUTY_APPROVER;
	for (int i = r->n - 1; i >= 0; i--) /* the last word counts, as with every key */
		if (r->row[i].uid == uid)
			return r->row[i].duty;
	return uid == geteuid() ? DUTY_APPROVER : r->others;
}

static enum duty needed(const struct intent *in)
{
	switch (in->kind) {
	case INTENT_LOGIN:
		return DUTY_VIEWER;
	case INTENT_REVEAL: /* what is blotted out anybody may see, and a buyer never is */
		return fields_has(&in->payload, "body") && !fields_has(&in->payload, "order") && !fields_has(&in->payload, "buyer") && fields_int(&in->payload, "full", 0) != 1 ?
		               DUTY_VIEWER :
		               DUTY_OPERATOR;
	case INTENT_ARM: /* to be READ-ONLY again takes nobody's leave */
		return fields_int(&in->payload, "minutes", 0) ? DUTY_OPERATOR : DUTY_VIEWER;
	case INTENT_LIVE:
	case INTENT_POLICY:
	case INTENT_APPROVE:
	case INTENT_STOP:
	case INTENT_RELEASE:
		return DUTY_APPROVER;
	case INTENT_VAULT: /* who unlocks it knows a passphrase of it, and changes nothing */
		return strcmp(fields_get(&in->payload, "action", ""), "unlock") ? DUTY_APPROVER : DUTY_OPERATOR;
	case INTENT_RETRY:    /* what is tried again reaches a marketplace */
	case INTENT_SHADOW:   /* what an account is not told any more, or is not set to zero, is a decision */
	case INTENT_HOLD:
	case INTENT_OUTAGE:
	case INTENT_EVENT:
	case INTENT_ARCHIVE:  /* somebody looked, and takes it upon himself */
	case INTENT_ALERT_ACK:
	case INTENT_INCIDENT:
	case INTENT_HALT:
	case INTENT_TASK:     /* somebody did it */
	case INTENT_HANDOVER: /* two people sign it */
	case INTENT_REDACT:   /* it cannot be undone */
		return DUTY_OPERATOR;
	default:
		return intent_writes(in->kind) ? DUTY_OPERATOR : DUTY_PROGRAM;
	}
}

bool duty_proposes(const struct roles *r, uid_t uid, const struct intent *in)
{
	switch (in->kind) {
	case INTENT_ACK: case INTENT_SHIP: case INTENT_CANCEL: case INTENT_PUSH: case INTENT_ZERO: case INTENT_LIFT: case INTENT_MAP: case INTENT_KIT:
		return duty_of(r, uid) == DUTY_PROGRAM;
	default:
		return false;
	}
}

bool duty_is_program(const struct roles *r, const char *actor)
{
	unsigned uid;

	return sscanf(actor, "uid:%u ", &uid) == 1 && duty_of(r, (uid_t)uid) == DUTY_PROGRAM;
}

enum fault duty_allows(const struct roles *r, uid_t uid, const struct intent *in, struct err *err)
{
	enum duty is = duty_of(r, uid), takes = needed(in);

	if (is >= takes)
		return OK;
	return err_set(err, FAULT_REFUSED, "here you are %s %s ([roles] of the configuration), and %s takes %s %s", is == DUTY_OPERATOR || is == DUTY_APPROVER ? "an" : "a",
	               duty_name(is), intent_kind_name(in->kind), takes == DUTY_PROGRAM ? "a" : "an", takes == DUTY_PROGRAM ? "program or an operator" : duty_name(takes));
}
