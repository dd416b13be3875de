#ifndef TALLYMAN_TESTS_REASONS_H
#define TALLYMAN_TESTS_REASONS_H
/* reasons.h: what an operator who asks "why?" is told in a simulated day. (sandbox/ and trade/ call different things by the same names: this is trade's side.) */
struct day;

/* The last term of the offer's explanation, "NAME VALUE ORIGIN"; in the day's arena. */
const char *reason_last(struct day *d, const char *channel, const char *sku);

#endif
