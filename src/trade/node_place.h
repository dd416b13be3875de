#ifndef TALLYMAN_NODE_PLACE_H
#define TALLYMAN_NODE_PLACE_H
/*
 * node_place.h: SQL for what people call the place that a marketplace's node stands for (node=, source=ACCOUNT:NODE, or a place called alike); NULL where none does.
 * node and account are SQL.
 */
#define NODE_PLACE(node, account)                                                                                                                   \
	"(SELECT p.name FROM place p WHERE p.node = " node " OR p.name = " node " OR EXISTS (SELECT 1 FROM place_source k WHERE k.place_id = p.id " \
	"AND k.account_id = " account " AND k.code = " node ") ORDER BY p.id LIMIT 1)"

#endif
