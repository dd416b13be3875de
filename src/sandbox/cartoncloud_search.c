/*
 * cartoncloud_search.c: the little language in which CartonCloud is asked for lists.
 *
 * {"type":"AndCondition","conditions":[...]} and comparisons of what stands under a JSON pointer with a value. A
 * pointer that leads nowhere today (an order not yet packed has no time of packing) makes a comparison false.
 */
#include "sandbox/cartoncloud.h"

#include "base/text.h"

#include <string.h>

enum method { EQUAL_TO, NOT_EQUAL_TO, CONTAINS, DOES_NOT_CONTAIN, STARTS_WITH, GREATER_THAN, GREATER_THAN_OR_EQUAL_TO, LESS_THAN, LESS_THAN_OR_EQUAL_TO, METHODS };

static const char *const methods[METHODS] = {
	[EQUAL_TO] = "EQUAL_TO",
	[NOT_EQUAL_TO] = "NOT_EQUAL_TO",
	[CONTAINS] = "CONTAINS",
	[DOES_NOT_CONTAIN] = "DOES_NOT_CONTAIN",
	[STARTS_WITH] = "STARTS_WITH",
	[GREATER_THAN] = "GREATER_THAN",
	[GREATER_THAN_OR_EQUAL_TO] = "GREATER_THAN_OR_EQUAL_TO",
	[LESS_THAN] = "LESS_THAN",
	[LESS_THAN_OR_EQUAL_TO] = "LESS_THAN_OR_EQUAL_TO",
};

static enum method method_named(const char *s)
{
	enum method m = 0;

	while (m < METHODS && strcmp(s, methods[m]) != 0)
		m++;
	return m;
}

static bool order_fits(enum method m, int compared)
{
	switch (m) {
	case EQUAL_TO:
		return compared == 0;
	case NOT_EQUAL_TO:
		return compared != 0;
	case GREATER_THAN:
		return compared > 0;
	case GREATER_THAN_OR_EQUAL_TO:
		return compared >= 0;
	case LESS_THAN:
		return compared < 0;
	case LESS_THAN_OR_EQUAL_TO:
		return compared <= 0;
	default:
		return false;
	}
}

static bool text_fits(enum method m, const char *has, const char *value)
{
	switch (m) {
	case CONTAINS:
		return strstr(has, value) != NULL;
	case DOES_NOT_CONTAIN:
		return strstr(has, value) == NULL;
	case STARTS_WITH:
		return strncmp(has, value, strlen(value)) == 0;
	default:
		return order_fits(m, strcmp(has, value));
	}
}

/* Both as whole numbers or times. -1: value is none. */
static int number_fits(enum method m, bool (*read)(const char *s, int64_t *out), const char *has, const char *value)
{
	int64_t a, b;

	if (m == CONTAINS || m == DOES_NOT_CONTAIN || m == STARTS_WITH || !read(value, &b))
		return -1;
	return read(has, &a) && order_fits(m, (a > b) - (a < b));
}

static bool time_read(const char *s, int64_t *out)
{
	return time_parse(s, out) == 0;
}

static bool int_read(const char *s, int64_t *out)
{
	return text_int(s, INT64_MIN, INT64_MAX, out);
}

static int compare(const struct searched *it, const struct json *condition, const char *type, const char **wrong)
{
	const char *pointer = json_text_or(condition, "field.pointer", ""), *value = json_scalar(json_get(condition, "value.value"));
	enum method m = method_named(json_text_or(condition, "method", "EQUAL_TO"));
	bool known = true;
	const char *has = it->look(it, pointer, &known);
	int fits = -1;

	*wrong = "field, value or method of a condition is not valid";
	if (!known || m == METHODS || !value || strcmp(json_text_or(condition, "field.type", ""), "JsonField") != 0 ||
	    strcmp(json_text_or(condition, "value.type", ""), "ValueField") != 0)
		return -1;
	if (strcmp(type, "TextComparisonCondition") == 0)
		return has && text_fits(m, has, value);
	if (strcmp(type, "NumericComparisonCondition") == 0)
		fits = number_fits(m, int_read, has ? has : "", value);
	else if (strcmp(type, "DateTimeComparisonCondition") == 0 || strcmp(type, "DateComparisonCondition") == 0)
		fits = number_fits(m, time_read, has ? has : "", value);
	else
		*wrong = "The type of a condition is not valid";
	return fits;
}

/* -1: the condition is not understood; *wrong says what. */
static int condition_holds(const struct searched *it, const struct json *condition, const char **wrong)
{
	const char *type = json_text_or(condition, "type", "");
	bool all = strcmp(type, "AndCondition") == 0, any = strcmp(type, "OrCondition") == 0;
	int held = all;

	if (!all && !any)
		return compare(it, condition, type, wrong);
	if (!json_is_array(json_get(condition, "conditions"))) {
		*wrong = "conditions is required";
		return -1;
	}
	for (const struct json *e = json_first(json_get(condition, "conditions")); e; e = json_next(e)) {
		int one = condition_holds(it, e, wrong);

		if (one < 0)
			return -1;
		held = all ? held && one : held || one;
	}
	return held;
}

void cartoncloud_search(const struct world *w, struct call *c, const struct search *what, int n)
{
	const struct json *condition = json_get(call_json(c), "condition");
	struct buf b = buf_new(c->arena);
	struct json_out o = json_out(&b);
	const char *wrong = "condition is required";
	int64_t page, size;
	int total = 0;

	if (!condition) {
		cartoncloud_refuse(c, 400, "/condition", wrong);
		return;
	}
	if (!cartoncloud_page(c, what->page_max, &page, &size))
		return;
	json_put_array(&o, NULL);
	for (int i = 0; i < n; i++) {
		struct searched it = { w, c->arena, i, what->look };
		int holds = what->is_one(w, i) ? condition_holds(&it, condition, &wrong) : 0;

		if (holds < 0) {
			cartoncloud_refuse(c, 400, "/condition", wrong);
			return;
		}
		if (holds && total >= (page - 1) * size && total < page * size)
			what->put(w, c, &o, i);
		total += holds;
	}
	json_end_array(&o);
	cartoncloud_page_headers(c, page, size, total);
	call_answer_json(c, 200, &b);
}
