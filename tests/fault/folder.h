#ifndef TALLYMAN_TESTS_FOLDER_H
#define TALLYMAN_TESTS_FOLDER_H
/* folder.h: a store's folder, copied as a kill leaves it, and looked into. */
#include "base/err.h"

#include <stdint.h>

/* Aborts where a file fails. */
void folder_copy_file(const char *from, const char *to, const char *name);

/* The store's two files alone, for a look; TO may have had others'. */
void folder_copy_store(const char *from, const char *to);

/* What is on the disk: all files but the shared index of the write-ahead log, which was memory, and the log that is read by people. TO is made. */
void folder_copy(const char *from, const char *to);

void folder_remove(const char *dir); /* there are files only */

/* SQLite recovers it, and brings all that was committed into the one file; of that file's bytes. */
enum fault folder_recover(const char *dir, uint64_t *digest, struct err *err);

/* The same of a folder that nobody is in for good: its log is empty then. */
enum fault folder_settle(const char *dir, struct err *err);

#endif
