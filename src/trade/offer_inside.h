#ifndef TALLYMAN_OFFER_INSIDE_H
#define TALLYMAN_OFFER_INSIDE_H
/* offer_inside.h: an offer as it is judged, for offers.c and offer_verdict.c only. All of it stands in a transaction of the caller's. */
#include "store/store.h"
#include "trade/offers.h"
#include "trade/verdict.h"

enum { SLACK_MS = 30 * 1000 }; /* nobody keeps a promise to the second */

struct known {
	int64_t id, account, item, available, pack;
	int64_t pushed, pushed_ms, settle_ms, seen, seen_ms, drift, drift_ms, risk, heard_ms, ver, reserved;
	enum push_state state;
	bool own; /* its stock is ours */
	char route[8], cause[24], sku[120], account_name[64];
};

/* The columns of a struct known; what follows says which offer. */
#define KNOWN                                                                                                              \
	"SELECT f.id, f.account_id, coalesce(f.item_id, 0), coalesce(i.available, 0), coalesce(f.pushed, -1), f.pushed_ms, " \
	"f.settle_ms, coalesce(f.seen, -1), f.seen_ms, f.drift, f.drift_ms, f.risk, c.heard_ms, f.ver, f.push_state, f.pool = 'own', " \
	"f.cause, f.sku, c.name, f.pack, f.push_route, f.reserved FROM offer f JOIN account c ON c.id = f.account_id LEFT JOIN item i ON i.id = f.item_id "

/* The one row; id 0: there is none. */
enum fault known_read(struct rows *r, struct known *k, struct err *err);

/* What a quantity that they show means. begun_ms: when it was asked for. FAULT_STORE is the only failure. */
enum fault known_judge(struct store *s, const struct known *k, int64_t seen, int64_t begun_ms, int64_t now_ms, struct verdict *v, struct err *err);

/* The verdict becomes the offer's state, with its history, latency and alert. valid_ms: since when it is so. */
enum fault known_write(struct store *s, const struct known *k, int64_t seen, const struct verdict *v, int64_t valid_ms, const struct cause *why, struct err *err);

/* A row of what was seen, with the verdict that it brought; "": none new. */
enum fault known_observe(struct store *s, const struct known *k, int64_t seen, const char *verdict, int64_t valid_ms, const struct cause *why, struct err *err);

/* Over rec.alert: one alert for an account, closed when nothing of it drifts any more. */
enum fault known_tell_drift(struct store *s, const struct known *k, int64_t seen, int64_t drift, const struct cause *why, struct err *err);

#endif
