#ifndef TALLYMAN_TESTS_WAL_H
#define TALLYMAN_TESTS_WAL_H
/*
 * wal.h: where what is committed ends in a write-ahead log, read from its format and without SQLite.
 *
 * Source: "WAL-mode File Format", https://www.sqlite.org/walformat.html: frames count as long as their salts are the header's and the
 * running checksum is right; of these, all up to the last one that says how large the database is after its commit.
 */
#include <stdint.h>

struct wal;

struct wal *wal_new(void);
void wal_free(struct wal *w);

/* Differs where DIR's log differs in what is committed; 0: there is no log, or none that is whole to its first commit. What was read before is not read again. */
uint64_t wal_committed(struct wal *w, const char *dir);

#endif
