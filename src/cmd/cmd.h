#ifndef TALLYMAN_CMD_H
#define TALLYMAN_CMD_H
/*
 * cmd.h: the words of the command line. One command, one row of the table in main.c.
 *
 * argv[0] is the command's own word. What a command does not know it does not do: a word too many or misspelt
 * ends with status 2 before anything is opened, because the worst a script can do with a typing error is to
 * have it ignored.
 */

enum status {
	STATUS_DONE = 0,
	STATUS_FAILED = 1, /* stderr says what, where and what to do */
	STATUS_WORDS = 2,  /* the words are wrong, nothing was done */
};

struct command {
	const char *name;
	const char *usage; /* what follows the name: "[FILTER...] [--all]" */
	const char *what;  /* one line for the list */
	int (*run)(int argc, char **argv);
};

/* All of them, in the order of the list; a row without a name ends it. */
extern const struct command commands[];
const struct command *command_find(const char *name);

/* Say on stderr that the words are wrong, with the command's usage. Always STATUS_WORDS. */
int command_misused(const char *name, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* What stands in files of its own. */
int cmd_orders(int argc, char **argv);
int cmd_order(int argc, char **argv);
int cmd_stock(int argc, char **argv);
int cmd_zero(int argc, char **argv);
int cmd_lift(int argc, char **argv);
int cmd_approve(int argc, char **argv);
int cmd_event(int argc, char **argv);
int cmd_lapse(int argc, char **argv);
int cmd_hold(int argc, char **argv);
int cmd_outage(int argc, char **argv);
int cmd_map(int argc, char **argv);
int cmd_places(int argc, char **argv);
int cmd_conflicts(int argc, char **argv);
int cmd_drift(int argc, char **argv);
int cmd_suppressed(int argc, char **argv);
int cmd_failures(int argc, char **argv);
int cmd_jobs(int argc, char **argv);
int cmd_alerts(int argc, char **argv);
int cmd_incident(int argc, char **argv);
int cmd_since(int argc, char **argv);
int cmd_quiet(int argc, char **argv);
int cmd_hooks(int argc, char **argv);
int cmd_bundle(int argc, char **argv);
int cmd_ticket(int argc, char **argv);
int cmd_messages(int argc, char **argv);
int cmd_channels(int argc, char **argv);
int cmd_quota(int argc, char **argv);
int cmd_tasks(int argc, char **argv);
int cmd_handover(int argc, char **argv);
int cmd_rehearse(int argc, char **argv);
int cmd_preflight(int argc, char **argv);
int cmd_find(int argc, char **argv);
int cmd_attempts(int argc, char **argv);
int cmd_raw(int argc, char **argv);
int cmd_explain(int argc, char **argv);
int cmd_timeline(int argc, char **argv);
int cmd_audit(int argc, char **argv);
int cmd_release(int argc, char **argv);
int cmd_init(int argc, char **argv);
int cmd_account(int argc, char **argv);
int cmd_vault(int argc, char **argv);
int cmd_doctor(int argc, char **argv);
int cmd_health(int argc, char **argv);
int cmd_backup(int argc, char **argv);
int cmd_count(int argc, char **argv);
int cmd_counts(int argc, char **argv);
int cmd_ack(int argc, char **argv);
int cmd_ship(int argc, char **argv);
int cmd_cancel(int argc, char **argv);
int cmd_push(int argc, char **argv);
int cmd_retry(int argc, char **argv);
int cmd_assign(int argc, char **argv);
int cmd_note(int argc, char **argv);
int cmd_archive(int argc, char **argv);
int cmd_live(int argc, char **argv);
int cmd_shadow(int argc, char **argv);
int cmd_refresh(int argc, char **argv);
int cmd_redact(int argc, char **argv);
int cmd_buyers(int argc, char **argv);
int cmd_policy(int argc, char **argv);
int cmd_settings(int argc, char **argv);
int cmd_scores(int argc, char **argv);
int cmd_reconcile(int argc, char **argv);
int cmd_session(int argc, char **argv);
int cmd_review(int argc, char **argv);
int cmd_plan(int argc, char **argv);
int cmd_replay(int argc, char **argv);
int cmd_whatif(int argc, char **argv);
int cmd_advise(int argc, char **argv);
int cmd_latency(int argc, char **argv);
int cmd_feeds(int argc, char **argv);
int cmd_tally(int argc, char **argv);
int cmd_engine(int argc, char **argv);
int cmd_demo(int argc, char **argv);
int cmd_console(int argc, char **argv);
int cmd_sandbox(int argc, char **argv);

#endif
