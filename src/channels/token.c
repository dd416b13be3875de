#include "channels/token.h"

#include "base/text.h"
#include "net/when.h"

#include <string.h>

/* A life of zero or of years is a mistake of theirs that would become one of ours. */
enum { LIFE_MIN_S = 30, LIFE_MAX_S = 30 * 24 * 3600, TOKEN_MAX = 8000 };

enum fault token_take(const struct manners *m, const struct asked *q, const struct reply *r, struct news *n, struct err *err)
{
	struct reading w = { .arena = n->arena };
	const struct json *body;
	enum fault f = answer_open(m, q, r, n->arena, &body, err);
	struct spot top = spot_top(&w, body);

	if (f) {
		bool no = r->status == 400 || r->status == 401 || r->status == 403;

		if (no && f == FAULT_REFUSED) {
			const char *said = answer_word(n->arena, err->text, 200);

			return err_set(err, FAULT_AUTH, "no token is given: %s", said);
		}
		return f;
	}
	n->token = need_id(top, "access_token", "-._~+/=|^#", TOKEN_MAX);
	n->token_life_s = need_int(top, "expires_in", LIFE_MIN_S, LIFE_MAX_S);
	if (w.path)
		n->token = NULL;
	token_clock(r, n);
	return answer_wrong(&w, err);
}

void token_clock(const struct reply *r, struct news *n)
{
	const char *date = reply_header(r, "Date");
	int64_t theirs;

	if (date && r->received_ms && when_http_date(date, &theirs))
		n->offset_ms = theirs - r->received_ms;
}
