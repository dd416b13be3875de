#ifndef TALLYMAN_WISHES_H
#define TALLYMAN_WISHES_H
/*
 * wishes.h: the wishes that many panes have, one line each.
 *
 * An intent made here has no asker, actor or time yet: whoever hands it to the engine fills them in.
 */
#include "trade/inbox.h"
#include "trade/intents.h"
#include "trade/jobs.h"
#include "ui/pane.h"

void wish_say(struct wish *wish, enum level level, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
void wish_open(struct wish *wish, const struct pane_type *type, const char *subject);

/* "order:17" */
void wish_open_id(struct wish *wish, const struct pane_type *type, const char *kind, int64_t id);
void wish_ask(struct wish *wish, enum ask ask, const char *label, const char *initial);

/* A new intent in the wish's arena; fields_put into its payload. */
struct intent *intent_new(struct wish *wish, enum intent_kind kind);
void wish_file(struct wish *wish, const struct intent *in);

/* The plan is made from the rows as they are now, not as they were painted. Where the pane can plan again, one of several steps can be
 * unticked. after: what follows from it, for the preview. */
void wish_plan(struct pane *p, struct intent *in, const char *title, const char *after, struct wish *wish);

void wish_ack_alert(struct wish *wish, int64_t alert);
void wish_reveal_order(struct wish *wish, int64_t order);
void wish_reveal_attempt(struct wish *wish, const struct attempt *t, bool whole); /* whole: with names, for 60 s, written down */
void wish_reveal_failure(struct wish *wish, const struct failure *f, const struct pane_type *attempt); /* the piece itself, or its request opens */

/* A page of one text. */
void wish_read_text(struct wish *wish, const char *title, const char *text);
void wish_note(struct wish *wish, const char *subject, const char *text);

/* The letters of a copy sheet: what can be copied here. link may be NULL. */
void wish_copy_sheet(struct wish *wish, bool cell, bool link);
void wish_copy(struct wish *wish, const char *what, const char *text);

/* A page of what an intent would do now; nothing can be sent from it. */
void wish_dry(struct pane *p, struct intent *in, const char *title, struct wish *wish);

#endif
