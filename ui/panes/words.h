#ifndef TALLYMAN_WORDS_H
#define TALLYMAN_WORDS_H
/*
 * words.h: how a pane says a time, an age, a deadline, a state.
 *
 * One way for each, so that the same thing reads the same on every screen. Ages and deadlines step with the
 * minute, because a screen at rest is painted once a minute: a second on it would be a lie for the rest of it.
 */
#include "trade/accounts.h"
#include "trade/orders.h"
#include "ui/pane.h"

/* A word and how loud it is. */
struct word {
	enum role role;
	const char *text;
};

/* "07:58Z", "Thu 16:20Z", "14 Nov 16:20Z" by how far it is from now; "-" for 0. With seconds: "07:58:04Z". */
const char *say_time(const struct pane *p, struct arena *a, int64_t ms);
const char *say_clock(const struct pane *p, struct arena *a, int64_t ms);

/* In six columns: "07:58Z" within a day, else "Thu", else "14 Nov". */
const char *say_short(const struct pane *p, struct arena *a, int64_t ms);

/* How long ago: "<1m", "6m", "2h46m", "3d04h"; "never" for 0. */
const char *say_age(const struct pane *p, struct arena *a, int64_t ms);

/* How long: "412 ms", "1.9 s", "6m12s". */
const char *say_span(struct arena *a, int64_t ms);

/* Until a deadline: "+01h12m", "-26h03m", "+3d04h"; "-" for none. */
const char *say_due(const struct pane *p, struct arena *a, int64_t ms);

/* "1,204". */
const char *say_count(struct arena *a, int64_t n);

/* "walmart-us: they do not know us": whose it is, said once: many texts begin with their account's name; account may be "". */
const char *say_whose(struct arena *a, const char *account, const char *text);

/* A quantity of an offer: "-" for none yet. */
const char *say_units(struct arena *a, int64_t n);

/* Where an offer stands, in w columns: "amazon-na MX"; where that is too long the account's name is cut, not what tells two of them apart. */
const char *say_where(struct arena *a, const char *account, const char *site, int w);

const char *say_money(struct arena *a, int64_t minor, const char *currency);

/* The STATE word of an order: LATE and due come from the deadline, hold and cancel from its flags. */
struct word say_order(const struct pane *p, const struct order_row *o);

/* How an account is: "ok", "DOWN", "AUTH" ... Shadow and switched-off ones say so. */
struct word say_account(const struct account_row *a);

/* The likely cause of a drift, in words. */
struct word say_cause(const char *cause);

/* How loud a severity, a fault class or a job's state is. */
enum role role_of_severity(const char *severity);
enum role role_of_fault(const char *class);
enum role role_of_job(const char *state);
enum role role_of_push(const char *push_state);

/* An order counts as due from this long before its deadline. */
enum { DUE_SOON_MS = 4 * 3600 * 1000 };

#endif
