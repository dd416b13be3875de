#ifndef TALLYMAN_HOOK_H
#define TALLYMAN_HOOK_H
/*
 * hook.h: telling people who do not look: a program of the user's own with JSON on its stdin, a mail, a webhook of Slack's shape.
 *
 * The engine starts no program once it is fenced in, and waits for nobody. So a runner is made before the store and any key are opened: a child that
 * has neither, holds only what [hooks] names, and speaks through one socket. What is to be said are rows of `notice`; each is handed to the runner one
 * after another, and stays until it was taken: 5, 15, 60 s, then every 5 minutes. A runner that dies is replaced by its keeper, the child between it and the
 * engine, after 1, 2, 4 and up to 60 s; what it had in hand is said again. Keeper and runner are a crew, and there are two: when one is killed whole, the spare one
 * goes on and begins another for the engine, which may begin nothing (after 1, 2, 4 and up to 60 s, too). Only who kills both silences it.
 *
 * A hook's secret is file:PATH (read for each message, so that it may be changed), env:NAME (read at the start, wiped from the environment) or vault:NAME
 * (handed over by the engine with the message it is for, and wiped after it). A program has PATH, HOME, LANG and TZ of the engine's environment, and a crew no
 * variable that the configuration names as a secret.
 */
#include "base/config.h"
#include "base/err.h"
#include "base/fields.h"

#include <stdbool.h>
#include <stdint.h>

struct engine;

/*
 * Fork a crew and a spare one. *fd, *spare: their sockets, -1: [hooks] names nothing. spare NULL: only one. FAULT_REFUSED: a line of it cannot be read.
 */
enum fault hook_start(const struct config *c, bool loopback_plain, int *fd, int *spare, struct err *err);

/* "program mail webhook": which are configured. Lives in a. */
const char *hooks_on(const struct config *c, struct arena *a);

/* Its keys are known, whether anybody has read them here or not. */
void hooks_known(const struct config *c);

/* Where a hook's secret is, "" when it has none: [hooks] webhook, mail_password. */
const char *hook_reference(const struct config *c, const char *hook);

/* The engine's side. begin: which there are is put on record, inside the caller's transaction. Once a turn: hear what became of the last, hand over the next. */
enum fault hook_begin(struct engine *e, int64_t now_ms, struct err *err);
void hook_turn(struct engine *e, int64_t now_ms);

/*
 * Tell it now, from this process, by each hook there is: for a command that looks after an engine which cannot tell anybody itself. vault: what vault:NAME
 * stands for, NULL: not known. Returns how many took it; err says what the last that did not answered.
 */
int hooks_tell(const struct config *c, bool loopback_plain, const char *(*vault)(void *ctx, const char *ref), void *ctx, const struct fields *text, const char *event,
               struct err *err);

/* What is said, for who reads it: {"id":"I-7","event":"opened","severity":"CRIT",...}; Slack's; a mail with its headers. */
const char *hook_json(struct arena *a, const struct fields *text, const char *event);
const char *hook_slack(struct arena *a, const struct fields *text, const char *event);
const char *hook_mail(struct arena *a, const struct fields *text, const char *event, const char *from, const char *to);

/* A message that begins with this byte is the secret of the next one; with that, it brings the socket of a crew that is to be begun. */
enum { HOOK_MESSAGE_MAX = 60 * 1024, HOOK_SECRET = 1, HOOK_CREW = 2 };

#endif
