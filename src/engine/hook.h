#ifndef TALLYMAN_HOOK_H
#define TALLYMAN_HOOK_H
/*
 * hook.h: telling people who do not look: a program of the user's own with JSON on its stdin, a mail, a webhook of Slack's shape.
 *
 * The engine starts no program once it is fenced in, and waits for nobody. So a runner is made before the store and any key are opened: a child that
 * has neither, holds only what [hooks] names, and speaks through one socket. What is to be said are rows of `notice`; each is handed to the runner one
 * after another, and stays until it was taken: 5, 15, 60 s, then every 5 minutes.
 */
#include "base/config.h"
#include "base/err.h"
#include "base/fields.h"

#include <stdbool.h>
#include <stdint.h>

struct engine;

/* Fork the runner. *fd: its socket, -1: [hooks] names nothing. FAULT_REFUSED: a line of it cannot be read. */
enum fault hook_start(const struct config *c, bool loopback_plain, int *fd, struct err *err);

/* "program mail webhook": which are configured. Lives in a. */
const char *hooks_on(const struct config *c, struct arena *a);

/* Its keys are known, whether anybody has read them here or not. */
void hooks_known(const struct config *c);

/* The engine's side, once a turn: hear what became of the last, hand over the next. */
void hook_turn(struct engine *e, int64_t now_ms);

/* What is said, for who reads it: {"id":"I-7","event":"opened","severity":"CRIT",...}; Slack's; a mail with its headers. */
const char *hook_json(struct arena *a, const struct fields *text, const char *event);
const char *hook_slack(struct arena *a, const struct fields *text, const char *event);
const char *hook_mail(struct arena *a, const struct fields *text, const char *event, const char *from, const char *to);

#endif
