#ifndef TALLYMAN_JSON_SHAPE_H
#define TALLYMAN_JSON_SHAPE_H
/*
 * json_shape.h: what a JSON document is made of apart from its values, and what is different in another one.
 *
 * A shape is learnt from documents that were understood: which keys an object has, which of them always, and of which type
 * each is. No value is kept or told: a difference may stand in the open where the documents themselves are sealed.
 */
#include "base/arena.h"
#include "base/json.h"

struct json_shape;

/* One that has seen nothing; it lives in a. */
struct json_shape *json_shape_new(struct arena *a);

/*
 * Learn from one more document. Of a list its first 300 elements, of an object its first 300 members, of all documents 20,000 keys:
 * what they send decides no time of ours.
 */
void json_shape_learn(struct json_shape *s, const struct json *v);

enum difference { KEY_MISSING, KEY_NEW, TYPE_OTHER };

struct json_difference {
	enum difference kind;
	const char *path; /* "orderLines.orderLine[].item.sku"; a key that is no plain identifier is "<key of 12 bytes>" */
	const char *is;   /* its type now, "" where it is missing: "text" "number" "yes or no" "null" "object" "list" */
	const char *was;  /* what it is in all that were learnt, "" where it is new: "number or null" */
};

/*
 * What is different in v: keys that every one learnt has there and v has not, keys that none has, other types. Below a key that is new, missing or of
 * another type nothing more is told. Each place once; at most 40, and of an object's members those that json_shape_learn would look at.
 */
int json_shape_compare(const struct json_shape *s, const struct json *v, struct arena *a, struct json_difference **out);

#endif
