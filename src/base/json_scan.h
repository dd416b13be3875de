#ifndef TALLYMAN_JSON_SCAN_H
#define TALLYMAN_JSON_SCAN_H
/*
 * json_scan.h: is it JSON, and how was each number written? For json.c, which lets nothing else come near the parser.
 *
 * What cJSON takes for JSON is wider than JSON: a key twice, 1e999, a NUL in a string, text that is no UTF-8, something after the end. None of it passes here.
 */
#include "base/arena.h"
#include "base/err.h"

/* The numbers' own texts, in document order; cJSON keeps none. */
struct json_numbers {
	char **text;
	int n, cap;
};

/* FAULT_FORMAT says where and why, and never what stands there. */
enum fault json_scan(struct arena *a, const char *text, size_t n, struct json_numbers *out, struct err *err);

#endif
