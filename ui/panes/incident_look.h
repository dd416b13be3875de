#ifndef TALLYMAN_PANES_INCIDENT_LOOK_H
#define TALLYMAN_PANES_INCIDENT_LOOK_H
/*
 * incident_look.h: what the list and the page of incidents read and say alike.
 */
#include "trade/exposure_meter.h"
#include "trade/incidents.h"
#include "ui/panes/words.h"

struct incident_look {
	struct incident in;
	struct incident_step *step;
	int steps;
	struct event *event;
	int events;
	struct exposed_rate risk;
	const char *like;
};

enum fault incident_look(struct store *s, int64_t id, int64_t now_ms, struct arena *a, struct incident_look *out, struct err *err);

/* "0.4 units a minute on 7 offers; by now 4 units, 30.00 USD, 1.20 USD more a minute", of less a day's and an hour's; "" when nothing is known to be. */
const char *say_exposure(const struct exposed_rate *r, struct arena *a);

/* "unacked", "ack ops-a", "over", "closed". */
struct word say_incident(const struct incident *in, struct arena *a);

/* "[x]" "[!]" "[ ]": taken and well, taken and not, not taken. */
const char *say_step(const struct incident_step *s);

#endif
