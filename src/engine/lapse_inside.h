#ifndef TALLYMAN_LAPSE_INSIDE_H
#define TALLYMAN_LAPSE_INSIDE_H
/* lapse_inside.h: what lapse.c, lapse_signs.c and lapse_back.c share, all of it inside the turn's transaction. Nobody else includes it. */
#include "engine/parts.h"
#include "trade/lapse.h"

enum { LAPSE_CYCLES = 3 }; /* good ones in a row, before it is taken for well */
enum { LAPSE_THROTTLED_MS = 5 * 60000 }; /* a write that was not taken for so long is not said, throttled or not */

/* lapse_signs.c: what is the matter with it now? text and out are "" before it is asked. */
struct signs {
	bool auth, orders, write; /* what was answered last of this kind was no answer */
	bool locked;              /* they do not know us: it is we who are out */
	const char *out;          /* who else says that the platform is out; "": nobody */
	int64_t since_ms, fails;
	const char *text;
	int64_t changes;
};

enum fault lapse_signs(struct engine *e, const struct link *l, int64_t now_ms, struct signs *s, struct err *err);
bool lapse_is_bad(const struct signs *s);

/* What helps against one is no help against another: the source of what is known, the saying, or all of it. */
enum lapse_cause lapse_cause_of(const struct signs *s);

/* Its one alert: raised with these words, which replace those it had. */
const char *lapse_alert_key(struct engine *e, const struct link *l);
enum fault lapse_tell(struct engine *e, const struct link *l, const char *severity, const char *text, const char *next, int64_t now_ms, struct err *err);

/* Still the same zero-out? A person may have lifted it: then that was a word, and it is not taken back before it breaks anew. */
enum fault lapse_zero_is_open(struct engine *e, int64_t zero, bool *open, struct err *err);

/*
 * Nothing is said to this account (shadow, switched off): it is neither paused nor counted down. look: its row ends, unless offers of it are held at
 * zero; what holds them stands until it is live again, or a person lifts it.
 */
enum fault lapse_let_be(struct engine *e, struct link *l, bool look, int64_t now_ms, struct err *err);

/*
 * lapse_back.c, a step each: another good cycle, or the reads that will tell; everything read anew; its offers let go of (unless a person is to do
 * it); each seen right again; over, with these words.
 */
enum fault lapse_count_good(struct engine *e, const struct link *l, struct lapse *o, int64_t now_ms, struct err *err);
enum fault lapse_read_anew(struct engine *e, const struct link *l, struct lapse *o, int64_t now_ms, struct err *err);
enum fault lapse_restore(struct engine *e, struct link *l, struct lapse *o, const struct cause *why, struct err *err);
enum fault lapse_prove(struct engine *e, struct link *l, struct lapse *o, int64_t now_ms, struct err *err);
enum fault lapse_end(struct engine *e, const struct link *l, struct lapse *o, const char *text, int64_t now_ms, struct err *err);

#endif
