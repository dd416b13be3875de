/*
 * main.c: which command is it?
 */
#include "base/asset.h"
#include "base/near.h"
#include "base/text.h"
#include "cmd/cmd.h"

#include <locale.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

int command_misused(const char *name, const char *fmt, ...)
{
	const struct command *c = command_find(name);
	va_list ap;

	fprintf(stderr, "tallyman %s: ", name);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fprintf(stderr, "\nusage: tallyman %s %s\nNothing was done.\n", name, c ? c->usage : "");
	return STATUS_WORDS;
}

const struct command *command_find(const char *name)
{
	for (const struct command *c = commands; c->name; c++)
		if (!strcmp(c->name, name))
			return c;
	return NULL;
}

static int unknown(const char *word)
{
	struct near near = near_to(word);
	char clean[160];

	for (const struct command *c = commands; c->name; c++)
		near_offer(&near, c->name);
	text_clean(clean, sizeof clean, word);
	fprintf(stderr, "tallyman: there is no command %s", clean);
	if (near.best)
		fprintf(stderr, "; did you mean %s?", near.best);
	fputs("\nNothing was done. `tallyman help` lists the commands.\n", stderr);
	return STATUS_WORDS;
}

/* These read their options themselves: their usage is all their help. */
static bool is_brief(const struct command *c)
{
	return c->run == cmd_console || c->run == cmd_engine || c->run == cmd_demo;
}

/* What --help of a command prints. */
static int help_of(const struct command *c)
{
	char name[32], option[] = "--help";

	if (is_brief(c)) {
		printf("usage: tallyman %s %s\n\n%s\n", c->name, c->usage, c->what);
		return STATUS_DONE;
	}
	snprintf(name, sizeof name, "%s", c->name);
	return c->run(2, (char *[]){ name, option, NULL });
}

static int help(int argc, char **argv)
{
	if (argc > 2)
		return command_misused("help", "one command at a time");
	if (argc > 1)
		return command_find(argv[1]) ? help_of(command_find(argv[1])) : unknown(argv[1]);
	puts("tallyman: an operations console for sellers on several marketplaces.\n");
	for (const struct command *c = commands; c->name; c++)
		printf("  %-10s %s\n", c->name, c->what);
	puts("\ntallyman COMMAND --help says what a command takes; tallyman(1) says everything.");
	return STATUS_DONE;
}

const struct command commands[] = {
	{ "console", "[--theme NAME] [--ascii] [--plain] [--readonly] [--no-engine] [--at TIME [--hindsight]] [--frame PANE --size 80x24]", "the full-screen console; what `tallyman` alone does", cmd_console },
	{ "orders", "[FILTER...] [--all] [--sort NAME] [--reverse] [--limit N]", "the queue of orders", cmd_orders },
	{ "order", "ID", "one order: lines, packages, what happened", cmd_order },
	{ "stock", "[SKU] [--limit N]", "what there is; of one SKU also where and how offered", cmd_stock },
	{ "places", "[NAME] | [set NAME KEY=VALUE...] | [hold|move NAME SKU QUANTITY]", "where stock lies, who tells of it, what of it is for sale", cmd_places },
	{ "conflicts", "[SKU] [--limit N]", "where two sources of truth differ, and the likeliest cause", cmd_conflicts },
	{ "drift", "[SKU | FILTER...] [--sort NAME] [--reverse] [--limit N]", "offers that show something else than was confirmed; of one SKU why, and what it may cost", cmd_drift },
	{ "suppressed", "[--limit N]", "what is in stock and not on sale, and the rule that keeps it back", cmd_suppressed },
	{ "failures", "[job:N|inbox:N] [--find WORDS] [--fold] [--limit N]", "what was not understood or refused", cmd_failures },
	{ "jobs", "[STATE...|job:N] [--all] [--limit N]", "what is queued, said, or in doubt", cmd_jobs },
	{ "alerts", "[--limit N]", "what a person should know now", cmd_alerts },
	{ "incident", "[--find WORDS] | [I-N [ack|close|mute|unmute|own|step N]] [--all] [--reason TEXT] [--minutes N] [--owner NAME] [--limit N]", "what somebody works on; what was done about it", cmd_incident },
	{ "quiet", "", "why is it quiet? when each stream was last heard, and how long is normal", cmd_quiet },
	{ "hooks", "[test] [--limit N]", "what people were told by program, mail and webhook", cmd_hooks },
	{ "bundle", "make FILE [I-N|SKU|ORDER...] [--since TIME] [--until TIME] [--account NAME] [--buyers --reason TEXT [--confirm LINE]] | open FILE", "an incident in one file, that any tallyman opens", cmd_bundle },
	{ "ticket", "[I-N|job:N|inbox:N|ID]", "the text that a channel's support asks for", cmd_ticket },
	{ "messages", "[--limit N]", "the message log", cmd_messages },
	{ "channels", "[ACCOUNT]", "accounts, limits, breakers, and the engine", cmd_channels },
	{ "quota", "[ACCOUNT]", "what each platform still lets us say, who spends it, until when it lasts", cmd_quota },
	{ "latency", "[ACCOUNT] [--days N]", "how long quantities take from taken to seen, and how many never are", cmd_latency },
	{ "feeds", "[ACCOUNT|FEED] [--all] [--limit N]", "quantities that went by feed, and what became of them", cmd_feeds },
	{ "scores", "[ACCOUNT]", "what platforms hold a seller to, and how each account does by our own books", cmd_scores },
	{ "tally", "[ACCOUNT] [--days N]", "what calls were made for, which were spared, which were asked twice, and how long writes waited", cmd_tally },
	{ "find", "ID", "what any id means: an order's, a tracking number, a SKU, a correlation id", cmd_find },
	{ "explain", "SKU|ORDER", "why a number is what it is", cmd_explain },
	{ "timeline", "SKU|ORDER [--since TIME] [--until TIME] [--limit N]", "all that happened to it: of a SKU with what was available and shown when", cmd_timeline },
	{ "attempts", "[ACCOUNT|ATTEMPT] [--limit N]", "the last calls", cmd_attempts },
	{ "calls", "[ACCOUNT|ATTEMPT] [--limit N]", "the same as attempts", cmd_attempts },
	{ "raw", "[ATTEMPT] [--limit N]", "what was said and answered, as it crossed the wire", cmd_raw },
	{ "policy", "[SKU] | set sku:NAME|tag:NAME KEY VALUE | clear sku:NAME|tag:NAME [KEY] | tag|untag SKU TAG...", "which rule gives a quantity, and what is set for one SKU or tag", cmd_policy },
	{ "settings", "[SECTION]", "what the configuration says, what holds without a line, and where each is from", cmd_settings },
	{ "plan", "[--config NEW.ini] [--set KEY=VALUE] [KEY=VALUE...] [--limit N]", "which quantities a change of the configuration would change", cmd_plan },
	{ "replay", "[SKU] [--days N] [--since TIME] [--until TIME] [--config NEW.ini] [--set KEY=VALUE] [KEY=VALUE...] [--limit N]", "which decisions of yesterday today's rules, or others, would take differently", cmd_replay },
	{ "whatif", "[--days N] [--latency MIN] [--config NEW.ini] [--set KEY=VALUE] [KEY=VALUE...] [latency.ACCOUNT=MIN...]", "what other buffers, latencies or another strategy would have done", cmd_whatif },
	{ "advise", "[SKU] [--latency MIN] [--all] [--limit N]", "the recommended buffer beside the configured one", cmd_advise },
	{ "reconcile", "[ACCOUNT] [--full] | list [ACCOUNT] | [show] RUN | patterns", "compare what an account shows with what it was told; runs, and what drifts again", cmd_reconcile },
	{ "session", "[list] | begin [FILTER...] [--account NAME] | [show] N | decide N ROW VERDICT [SKU] [--reason TEXT] | settle N [--confirm LINE] | leave N | export N", "go through differences one after another, and carry out what was decided", cmd_session },
	{ "review", "[--account NAME]", "go on with what reconciliation left to a person, or begin it", cmd_review },
	{ "tasks", "[--all] [--limit N] | done TASK [NOTE...] | skip TASK --reason TEXT | reopen TASK", "the routines of the day and the week, and who did them", cmd_tasks },
	{ "handover", "[list] | [show] H-N | sign NAME | take H-N | note TEXT...", "what a shift leaves to the next, signed by both", cmd_handover },
	{ "since", "[NAME|TIME]", "what changed since you were last here: opened, worse, untouched, closed, and who did what", cmd_since },
	{ "rehearse", "[ACCOUNT] [--limit N]", "what an account in shadow mode would have been told, and what of it looks wrong", cmd_rehearse },
	{ "preflight", "[ACCOUNT]", "the launch gate: what is checked, and what a person has to confirm", cmd_preflight },
	{ "audit", "[list] [--all] [--find WORDS] [--limit N] | verify [--rows N --head HASH]", "who did what, and does the chain of it hold?", cmd_audit },
	{ "health", "[--page]", "one line and exit status 0 to 3, for monitoring", cmd_health },

	{ "ack", "ORDER... [--confirm LINE] | I-N...", "acknowledge orders, or alerts", cmd_ack },
	{ "ship", "ORDER... --carrier CODE --tracking NUMBER [--url URL] [--service NAME] [--shipped TIME] [--confirm LINE]", "confirm a package", cmd_ship },
	{ "cancel", "ORDER [--reason TEXT] [--confirm LINE]", "cancel what is open of an order", cmd_cancel },
	{ "zero", "[--all] [--find WORDS] | [show] Z-N|P-N | hand [--all] | planned | stop Z-N | go Z-N | SKU|@FILE|offer:N|account:NAME|tag:NAME|node:NAME|all... --reason TEXT [--account NAME] [--remind TIME] [--until TIME|counted] [--dry-run] [--confirm LINE] [--wait [--minutes N]]", "what is held at zero or waits for a word; hold offers at zero", cmd_zero },
	{ "lift", "[Z-N...] [--dry-run] [--confirm LINE]", "let go of them again", cmd_lift },
	{ "event", "[NAME [on|off|auto]] [--until TIME] [--reason TEXT]", "peaks: which last, and declaring one", cmd_event },
	{ "lapse", "[ACCOUNT] [--all]", "accounts that cannot be kept in step, and how far each has got", cmd_lapse },
	{ "hold", "[ACCOUNT|PLACE [end] [--minutes N] --reason TEXT]", "hold off the zero of an account that is out of step", cmd_hold },
	{ "outage", "[--all] | ACCOUNT [end] [--until TIME] --reason TEXT", "platforms that are out; say that one is: nothing but probes is sent there", cmd_outage },
	{ "approve", "[P-N [--confirm LINE]]", "what waits for a second person; agree to what somebody else proposed", cmd_approve },
	{ "map", "[--all] | [show] SKU | faults [KIND] | set ACCOUNT SKU ITEM [--pack N] | drop ACCOUNT SKU | kits | kit set KIT PART=QTY... | kit drop KIT | import FILE", "which item a SKU stands for, and what kits are made of", cmd_map },
	{ "push", "SKU|offer:N... [--account NAME] [--confirm LINE]", "say quantities again now", cmd_push },
	{ "live", "[ACCOUNT [--confirm LINE]]", "let an account write", cmd_live },
	{ "shadow", "[ACCOUNT]", "let it only watch", cmd_shadow },
	{ "retry", "[job:N|inbox:N...]", "try failures again", cmd_retry },
	{ "assign", "[job:N|inbox:N... --owner NAME]", "give failures to somebody", cmd_assign },
	{ "archive", "[job:N|inbox:N...]", "put failures away", cmd_archive },
	{ "note", "ORDER|SKU|I-N|job:N TEXT...", "write a note", cmd_note },
	{ "count", "SKU QUANTITY [--place NAME] [--confirm QUANTITY]", "tell what was counted", cmd_count },
	{ "counts", "FILE", "take a file of counts", cmd_counts },
	{ "refresh", "[ORDER...]", "read again now", cmd_refresh },
	{ "release", "--reason TEXT [--confirm LINE]", "let a store that was put back from a copy write again", cmd_release },
	{ "redact", "ORDER...|--buyer TEXT [--reason TEXT] [--confirm LINE]", "forget the people of these orders, or of a buyer's, now, for good", cmd_redact },
	{ "buyers", "[FILTER...] [--all] --reason TEXT [--confirm LINE]", "who orders go to, in the open, for parcels by hand; each look is on record", cmd_buyers },

	{ "init", "[--store DIR] [--group NAME] [--profile production|sandbox]", "make an empty store and a configuration to fill in", cmd_init },
	{ "account", "[NAME | add NAME CHANNEL]", "accounts, and what to write for a new one", cmd_account },
	{ "vault", "[list] | init | names | add NAME | rotate NAME [--days N] | retire NAME | remove NAME | slot add passphrase|break-glass|key-file [FILE] | slot remove N | unlock | reload", "the file that holds secrets: what is in it, when it ends, who may open it", cmd_vault },
	{ "doctor", "[--all]", "what is wrong and what to do about it", cmd_doctor },
	{ "backup", "FILE", "copy the store", cmd_backup },
	{ "engine", "[--store DIR] [--config FILE] [--for 90s] [--until-idle]", "the sync engine in the foreground", cmd_engine },
	{ "demo", "[--store DIR] [--speed N] [--port N] [--headless] [--stop]", "a simulated seller on this machine, with everything running", cmd_demo },
	{ "sandbox", "[--demo] [--port BASE] [--seed N] [--state FILE] [--fault TEXT]...", "simulated marketplaces on loopback", cmd_sandbox },
	{ "help", "[COMMAND]", "this list", help },
	{ 0 },
};

/* A correction that cannot be read holds nobody's word: nothing is done by what it was to correct. */
static int run(const struct command *c, int argc, char **argv)
{
	struct err err;

	if (assets_check(&err)) {
		fprintf(stderr, "tallyman: TALLYMAN_ASSETS: %s\n", err.text);
		return STATUS_FAILED;
	}
	return c->run(argc, argv);
}

int main(int argc, char **argv)
{
	const struct command *console = command_find("console"), *c;

	setlocale(LC_CTYPE, "");
	if (argc > 1 && !strcmp(argv[1], "--version")) {
		puts("tallyman " TALLYMAN_VERSION);
		return STATUS_DONE;
	}
	if ((argc > 1 && !strcmp(argv[1], "--help")) || (argc < 2 && !console))
		return help(1, argv);
	if ((argc < 2 || argv[1][0] == '-') && console) { /* no word at all: the console, with its options */
		char name[] = "console";

		argv[0] = name;
		return run(console, argc, argv);
	}
	c = command_find(argv[1]);
	if (c && is_brief(c) && argc > 2 && !strcmp(argv[2], "--help"))
		return help_of(c);
	return c ? run(c, argc - 1, argv + 1) : unknown(argv[1]);
}
