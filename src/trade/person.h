#ifndef TALLYMAN_PERSON_H
#define TALLYMAN_PERSON_H
/*
 * person.h: who an order goes to: sealed, with a masked form for the screen, destroyed on its own clock.
 */
#include "base/arena.h"
#include "trade/orders.h"

struct store;

/* Amazon's data protection policy: kept no longer than 30 days after delivery; taken for all channels. */
#define PERSON_KEEP_MS (INT64_C(30) * 86400000)

/* When it must be gone: 30 days after delivery or cancellation; while neither is known, after the last estimate of delivery. */
int64_t person_purge_ms(const struct order *o, enum order_state state);

/* Seal and write o->person, of an order that was not there before. */
enum fault person_new(struct store *s, int64_t order, const struct order *o, enum order_state state, const struct sealer *seal,
                      struct err *err);

/*
 * Seal and write what was told. Somebody purged is not written again, a date of purging that runs from delivery is not
 * put off, and who is told without an address takes nobody's away.
 */
enum fault person_tell(struct store *s, int64_t order, const struct order *o, enum order_state state, const struct sealer *seal,
                       struct err *err);

/* How many are known still, when the next of them goes, and how many are past their time by more than two hours: the hourly purge had two tries. */
struct people_kept {
	int64_t sealed, next_ms, late;
};

enum fault people_kept(struct store *s, int64_t now_ms, struct people_kept *out, struct err *err);

/*
 * The orders of a buyer: text is what he is called there, his e-mail address, his telephone number or the full name, and not a part of one; whatever its case and the
 * blanks around it, and of a number whatever stands between its digits. Who was forgotten or purged is not found any more.
 *
 * One by one they are unsealed for it, and the engine does nothing else meanwhile: so many at once, behind the order `after`; 20,000 took a tenth of a second on
 * 2026-11-22. upto: go on behind that one; 0: that were all. FAULT_REFUSED: text is empty. Engine only (it has the key), and who looked is audited there.
 */
enum { BUYER_SLICE = 20000, BUYER_ORDERS = 2000 };

struct buyer_orders {
	int64_t *order, upto;
	int n, looked;
};

enum fault buyer_orders(struct store *s, const char *text, int64_t after, const struct sealer *seal, struct arena *a, struct buyer_orders *out, struct err *err);

/* "J*** D***, IL" */
char *person_mask(struct arena *a, const struct person *p);

#endif
