#ifndef TALLYMAN_CMD_MAP_H
#define TALLYMAN_CMD_MAP_H
/*
 * map.h: the parts of tallyman map that stand in files of their own.
 */
#include "cmd/session.h"

/* tallyman map import FILE: a table of mappings (account, sku, item, pack) or of kits (kit, part, qty). Ends the session. */
int map_import(struct session *s);

/* tallyman map kits. */
enum fault kits_print(struct session *s);

/* tallyman map kit set KIT PART=QTY... | kit drop KIT. Ends the session. */
int map_kit(struct session *s);

#endif
