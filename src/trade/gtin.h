#ifndef TALLYMAN_GTIN_H
#define TALLYMAN_GTIN_H
/*
 * gtin.h: UPC, EAN and GTIN: one number of a product, written in four lengths, and what spreadsheets do to it.
 *
 * The check digit counts from the right: times 3, times 1 and so on over all others, and what is missing to the next ten (GS1 General
 * Specifications 7.9.1). Kept as fourteen digits with zeros before them. Pure.
 */
#include <stdbool.h>

enum gtin_state {
	GTIN_GOOD,
	GTIN_CHECK,      /* its check digit is not the one of its other digits */
	GTIN_LENGTH,     /* neither 8, 12, 13 nor 14 digits */
	GTIN_SCIENTIFIC, /* 1.23457E+12: a spreadsheet took it for a number, and its last digits are lost */
	GTIN_ZEROS,      /* it is right with a zero or more before it, which a spreadsheet took away */
	GTIN_LOCAL,      /* a number that a shop or a country gives out for itself: not the same product elsewhere */
	GTIN_CHARS,      /* other characters than digits, spaces and dashes */
	GTIN_STATES
};

/*
 * Read one. out: its fourteen digits, "" unless it is GTIN_GOOD, GTIN_ZEROS (mended) or GTIN_LOCAL.
 */
enum gtin_state gtin_read(const char *text, char out[15]);

/* What is wrong, in words; "" for a good one. */
const char *gtin_words(enum gtin_state s);

/* The check digit of so many digits that stand before it: '0'..'9'. */
char gtin_digit(const char *digits, int n);

#endif
