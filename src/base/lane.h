#ifndef TALLYMAN_LANE_H
#define TALLYMAN_LANE_H
/*
 * lane.h: who goes first when not everybody can. What takes stock off sale never waits for what puts it on.
 */

enum lane {
	LANE_ZERO,     /* an offer to zero */
	LANE_DECREASE, /* fewer than they show */
	LANE_CONFIRM,  /* acknowledgements, shipment confirmations, and the reads that prove them; tokens */
	LANE_ORDERS,   /* reading orders */
	LANE_INCREASE, /* more than they show */
	LANE_REST,     /* the rest */
	LANES
};

#endif
