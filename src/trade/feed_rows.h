#ifndef TALLYMAN_FEED_ROWS_H
#define TALLYMAN_FEED_ROWS_H
/* feed_rows.h: rows of a feed and its items, and their steps: between feeds.c, feed_again.c and doubts.c alone. */
#include "trade/feeds.h"

#define FEED_COLUMNS                                                                                                                        \
	"b.id, b.account_id, b.items, b.good, b.bad, b.again, b.made_ms, b.sent_ms, b.ended_ms, b.second_ms, c.name, b.marketplace, b.state, " \
	"b.ref, b.text, b.why, b.trace FROM feed b JOIN account c ON c.id = b.account_id "

struct rows;

/* At most cap of them. */
enum fault feed_read(struct rows *r, struct arena *a, int cap, struct bulk **out, int *n, struct err *err);

/* Its next state, and why. */
enum fault feed_step(struct store *s, int64_t feed, const char *state, const char *text, const struct cause *why, struct err *err);

/* An item that they took: its job is sent, and what it said of the offer settles. */
struct marking {
	int64_t feed, job, offer, qty, ver, made_ms;
};

enum fault feed_item_mark(struct store *s, const struct marking *m, int64_t settle_ms, const struct cause *why, struct err *err);

/* What became of an item: "taken", "refused", "again". */
enum fault feed_item_end(struct store *s, int64_t feed, int64_t msg, const char *result, const char *text, struct err *err);

/* The job of an item waits again, by itself. */
enum fault feed_item_release(struct store *s, int64_t job, const char *text, const struct cause *why, struct err *err);

#endif
