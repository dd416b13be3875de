#ifndef TALLYMAN_LOG_H
#define TALLYMAN_LOG_H
/*
 * log.h: one line per event on stderr, for the journal.
 *
 * Every line passes the sanitizer of text.h; nothing that came from the wire is
 * ever logged, only what we concluded from it.
 */
#include <stdint.h>

enum log_level { LOG_INFO, LOG_WARN, LOG_ERROR };

/* Cleaned and cut to a line; never fails. */
void log_line(enum log_level level, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

#define log_info(...) log_line(LOG_INFO, __VA_ARGS__)
#define log_warn(...) log_line(LOG_WARN, __VA_ARGS__)
#define log_error(...) log_line(LOG_ERROR, __VA_ARGS__)

#endif
