#ifndef TALLYMAN_MIGRATE_H
#define TALLYMAN_MIGRATE_H
/*
 * migrate.h: the store's shape goes forward, one numbered file at a time.
 *
 * data/migrations/0001-name.sql is run in one transaction that also sets
 * user_version; a crash in between leaves the shape before or after, never between.
 */
#include "store/store.h"

/* Bring the store to STORE_SCHEMA. FAULT_STORE names the file that failed. */
enum fault migrate(struct store *s, struct err *err);

#endif
