#ifndef TALLYMAN_TEXT_H
#define TALLYMAN_TEXT_H
/*
 * text.h: strings from outside are hostile until they have passed here.
 *
 * One sanitizer and one width for the whole program: screen, command line, log,
 * title. Widths are the C library's (as ncurses sees them); what it cannot draw
 * safely becomes a visible mark.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Copy UTF-8 with every control character (C0 but not in disguise, DEL, C1), bidi mark, zero-width
 * character, variation selector, tag and invalid byte turned into a visible mark: ^[ for ESC, <U+202E> for a
 * bidi override. Cut at a whole character; "~" at the end says that it was cut. Returns bytes written.
 */
size_t text_clean(char *out, size_t cap, const char *in);

/* Columns that clean UTF-8 takes on a terminal: CJK 2, combining 0. */
int text_width(const char *s);

/* Bytes of s that fit in columns, never in the middle of a character or its combining marks. *used: columns taken. */
size_t text_fit(const char *s, int columns, int *used);

/* Next character of valid UTF-8 at s: its bytes in *n (>= 1), the code point returned; an invalid byte gives 0xFFFD, 1. */
uint32_t text_next(const char *s, int *n);

/* Is it valid UTF-8 (no surrogates, no overlong forms, nothing past U+10FFFF)? */
bool text_utf8(const char *s, size_t n);

/* How many of the first most bytes of n to take, so that no character is cut in two. */
size_t text_take(const char *s, size_t n, size_t most);

/* A whole decimal integer in [min, max] and nothing else. false: it is none. */
bool text_int(const char *s, int64_t min, int64_t max, int64_t *out);

/* n whole numbers from 0, a colon behind each: "7:12:SKU-1" with n = 2 leaves *s at "SKU-1". false: they are none, *s is anywhere. */
bool text_numbers(const char **s, int n, int64_t *const out[]);

/*
 * "41.90" to 4190 with exponent 2 (digits after the point the currency has). Exact: more digits
 * than the currency has are refused unless zero; no floating point. false: it is no such amount.
 */
bool text_minor(const char *s, int exponent, int64_t *out);

/* The other way round, for a screen: 4190, "USD" to "41.90 USD"; out holds at least 40 bytes. */
void text_money(int64_t minor, const char *currency, char *out);

/* Digits after the decimal point of an ISO 4217 currency: 2 unless it is one of the few others. */
int currency_exponent(const char *currency);

/* "Jane Doe" to "J***", "a@b.c" to "a***": people's data as a screen may show it; out holds at least 16 bytes. */
void text_mask(const char *s, char *out);

/* RFC 3986 percent-encoding of everything but unreserved characters. Returns bytes written, or 0 when cap is too small. */
size_t text_percent(char *out, size_t cap, const char *in);

/* A CSV field, quoted when needed, for a reader of ; or TAB as well; = + - @ TAB or CR where it or a part of it begins gets an apostrophe so that no spreadsheet runs it. */
size_t text_csv(char *out, size_t cap, const char *in);

/* Does the whole of s consist of letters, digits and the characters in also, 1..max bytes? Identifiers are checked with it. */
bool text_id(const char *s, const char *also, size_t max);

/* Is it one of these? NULL ends them. */
bool text_one_of(const char *s, const char *const *words);

/* s itself, or "" for NULL. */
const char *text_or_empty(const char *s);

#endif
