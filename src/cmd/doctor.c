/*
 * tallyman doctor: can this store be trusted and this engine start? Every check with its remedy. Reads only.
 */
#include "cmd/doctor.h"
#include "base/disk.h"
#include "net/http.h"
#include "net/registry.h"
#include "store/lease.h"
#include "trade/accounts.h"
#include "trade/audit.h"
#include "trade/gross.h"
#include "trade/jobs.h"
#include "trade/lists.h"
#include "trade/reconcile.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/timex.h>
#include <unistd.h>

enum { QUIET_MS = 5 * 60000, BACK_MS = 60000 };
#define MB INT64_C(1048576)

static const struct column columns[] = {
	{ "check", CELL_TEXT, false },
	{ "verdict", CELL_TEXT, false }, /* ok WARN FAIL */
	{ "seen", CELL_TEXT, false },
	{ "remedy", CELL_TEXT, false },
};

void doctor_tell(struct doctor *d, const char *check, enum verdict verdict, const char *remedy, const char *fmt, ...)
{
	static const char *const words[] = { "ok", "WARN", "FAIL" };
	char text[480];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	d->fails += verdict == VERDICT_FAIL;
	put_text(d->s->sheet, check);
	put_text(d->s->sheet, words[verdict]);
	put_text(d->s->sheet, text);
	put_text(d->s->sheet, remedy);
}

/* ---- files ---- */

static const char *path_of(struct doctor *d, const char *name)
{
	return arena_printf(d->s->a, "%s/%s", d->s->set.store, name);
}

/* A group may read what init --group gave it; nobody else may anything. */
static void check_mode(struct doctor *d, const char *name, const char *path, mode_t banned)
{
	struct stat st;

	if (lstat(path, &st))
		return; /* those that must be there have a check of their own */
	if (S_ISLNK(st.st_mode))
		doctor_tell(d, "modes", VERDICT_FAIL, arena_printf(d->s->a, "put the file itself there: %s", path), "%s is a symbolic link", name);
	else if (st.st_mode & banned)
		doctor_tell(d, "modes", VERDICT_FAIL, arena_printf(d->s->a, "chmod %o %s", (unsigned)(st.st_mode & 0777 & ~banned), path),
		            "%s has mode %04o: others may look or write", name, (unsigned)(st.st_mode & 07777));
}

static void check_modes(struct doctor *d)
{
	static const char *const files[] = { "tallyman.db", "tallyman.db-wal", "tallyman.db-shm" };
	int before = d->fails;
	struct stat st;

	check_mode(d, "the folder", d->s->set.store, 0027);
	for (size_t i = 0; i < sizeof files / sizeof *files; i++)
		check_mode(d, files[i], path_of(d, files[i]), 0137);
	check_mode(d, "seal.key", path_of(d, "seal.key"), 0177);
	check_mode(d, "day.keys", path_of(d, "day.keys"), 0177);
	check_mode(d, "vault.tly", path_of(d, "vault.tly"), 0177);
	check_mode(d, "vault.tly.bak", path_of(d, "vault.tly.bak"), 0177);
	check_mode(d, "engine.sock", path_of(d, "engine.sock"), 0007);
	if (!stat(d->s->set.store, &st) && st.st_uid != geteuid())
		doctor_tell(d, "modes", VERDICT_WARN, "run this as the store's owner to see everything", "the store belongs to uid %u, this is uid %u",
		            (unsigned)st.st_uid, (unsigned)geteuid());
	if (d->fails == before)
		doctor_tell(d, "modes", VERDICT_OK, NULL, "nobody else can read the store or its keys");
}

static void check_wal(struct doctor *d)
{
	struct stat st;

	if (stat(path_of(d, "tallyman.db-shm"), &st) && access(d->s->set.store, W_OK))
		doctor_tell(d, "wal", VERDICT_FAIL, "start the engine once as the store's owner: it makes the file, and keeps it",
		            "tallyman.db-shm is missing, and you may not make it: nothing can be read");
	else if (!stat(path_of(d, "tallyman.db-wal"), &st) && st.st_size > 256 * MB)
		doctor_tell(d, "wal", VERDICT_WARN, "the engine shortens it when it is idle; end what reads for hours, then restart the engine",
		            "the write-ahead log has %" PRId64 " MB", (int64_t)st.st_size / MB);
	else
		doctor_tell(d, "wal", VERDICT_OK, NULL, "the write-ahead log is in order");
}

static void check_disk(struct doctor *d)
{
	static const enum verdict verdict[] = { [DISK_FINE] = VERDICT_OK, [DISK_LOW] = VERDICT_WARN, [DISK_FULL] = VERDICT_FAIL };
	const char *remedy = "make room: a full disk stops the engine; nothing is lost, but nothing is heard either";
	enum disk_room room;
	struct disk fs;

	if (!disk_look(d->s->set.store, &fs)) {
		doctor_tell(d, "disk", VERDICT_FAIL, "see that the folder is there", "%s: %s", d->s->set.store, strerror(errno));
		return;
	}
	room = disk_room(&fs);
	if (fs.read_only)
		doctor_tell(d, "disk", VERDICT_FAIL, "mount it so that it can be written", "the disk is mounted read-only");
	else
		doctor_tell(d, "disk", verdict[room], room ? remedy : NULL, "%" PRId64 " MB are free of %" PRId64, fs.left >> 20, fs.whole >> 20);
}

/* ---- the store ---- */

static bool check_store(struct doctor *d)
{
	struct session *s = d->s;

	if (store_open(s->set.store, STORE_READ, &s->store, &s->err)) {
		doctor_tell(d, "store", VERDICT_FAIL, access(path_of(d, "tallyman.db"), F_OK) ? arena_printf(s->a, "tallyman init --store %s", s->set.store) : "see what it says",
		            "%s", s->err.text);
		return false;
	}
	doctor_tell(d, "store", VERDICT_OK, NULL, "%s opens, its schema is %d, on a local disk", s->set.store, STORE_SCHEMA);
	return true;
}

static void check_content(struct doctor *d)
{
	struct session *s = d->s;
	char head[65];
	int64_t rows;

	if (store_check(s->store, &s->err))
		doctor_tell(d, "integrity", VERDICT_FAIL, "stop the engine, keep a copy of the folder, restore the last backup", "%s", s->err.text);
	else
		doctor_tell(d, "integrity", VERDICT_OK, NULL, "every page and reference is whole");
	if (audit_verify(s->store, -1, NULL, &rows, head, &s->err))
		doctor_tell(d, "audit", VERDICT_FAIL, "keep this store as evidence; compare with a backup", "%s", s->err.text);
	else
		doctor_tell(d, "audit", VERDICT_OK, NULL, "unbroken over %" PRId64 " rows", rows);
}

static void check_keys(struct doctor *d)
{
	bool sealed = false;

	if (bodies_any(d->s->store, &sealed, &d->s->err))
		return;
	if (!access(path_of(d, "vault.tly"), F_OK))
		doctor_tell(d, "seal", access(path_of(d, "seal.key"), F_OK) ? VERDICT_OK : VERDICT_WARN, access(path_of(d, "seal.key"), F_OK) ? NULL : "remove it: the key stands in the vault",
		            access(path_of(d, "seal.key"), F_OK) ? "the key of what is sealed is in the vault" : "seal.key still lies beside the vault");
	else if (sealed && access(path_of(d, "seal.key"), F_OK))
		doctor_tell(d, "seal", VERDICT_FAIL, "put DIR/seal.key back from where backups of keys are kept: without it what is sealed stays sealed",
		            "the store has sealed bodies, and their key is not there");
	else
		doctor_tell(d, "seal", VERDICT_OK, NULL, sealed ? "the key of what is sealed is there" : "nothing is sealed yet");
}

static void check_engine(struct doctor *d)
{
	int64_t pid, started, beat = 0;
	char holder[160], age[16];
	bool held = lease_holder(d->s->set.store, holder, sizeof holder);
	bool ever = engine_beat(d->s->store, &pid, &started, &beat);
	const char *start = arena_printf(d->s->a, "tallyman engine --store %s, or systemctl start tallyman@NAME", d->s->set.store);

	time_age(d->s->now_ms - beat, age);
	if (!held && ever)
		doctor_tell(d, "engine", VERDICT_WARN, start, "no engine runs; the last one worked %s ago", age);
	else if (!held)
		doctor_tell(d, "engine", VERDICT_WARN, start, "no engine has run yet");
	else if (d->s->now_ms - beat > QUIET_MS)
		doctor_tell(d, "engine", VERDICT_FAIL, "look at its log; restart it: nothing is lost by that", "%s, but it has not worked for %s", holder, age);
	else
		doctor_tell(d, "engine", VERDICT_OK, NULL, "%s", holder);
}

static void check_clock(struct doctor *d)
{
	struct timex tx = { 0 };
	int64_t newest = 0;
	char age[16];

	if (newest_known(d->s->store, &newest, &d->s->err))
		return;
	time_age(newest - d->s->now_ms, age);
	if (newest > d->s->now_ms + BACK_MS)
		doctor_tell(d, "clock", VERDICT_FAIL, "set the clock right (timedatectl) before the engine starts: deadlines are reckoned with it",
		            "the clock stands %s before the newest row of the store", age);
	else if (strcmp(d->s->set.profile, "demo") && adjtimex(&tx) == TIME_ERROR)
		doctor_tell(d, "clock", VERDICT_WARN, "timedatectl set-ntp true", "nobody keeps this machine's clock right: the kernel calls it unsynchronised");
	else
		doctor_tell(d, "clock", VERDICT_OK, NULL, "the clock is not behind the store");
}

/* ---- the program itself ---- */

/* Whether an account takes its open units off what we say is shown by its own readings, never assumed. */
static void check_gross(struct doctor *d)
{
	struct gross_row *g;
	struct err err;
	int n = 0;

	if (gross_list(d->s->store, d->s->a, &g, &n, &err))
		return;
	for (int i = 0; i < n; i++)
		doctor_tell(d, "reserved units", g[i].gross && g[i].net ? VERDICT_WARN : VERDICT_OK,
		            g[i].gross && g[i].net ? "it counts one way here and the other there: what is said stays what is available; ask the platform" : "",
		            "%.60s: %" PRId64 " SKUs show that it takes them off our number, %" PRId64 " that it does not: %s", g[i].name, g[i].gross, g[i].net,
		            !strcmp(g[i].verdict, "gross") ? "they are said on top" : !strcmp(g[i].verdict, "net") ? "nothing is added" : "not decided");
}

/* A schedule that does not fit into a day's calls is none: those accounts are not reconciled at all. */
static void check_reconcile(struct doctor *d)
{
	struct rec_refused *r;
	struct err err;
	int n = 0;

	if (rec_refusals(d->s->store, d->s->a, &r, &n, &err))
		return;
	for (int i = 0; i < n; i++)
		doctor_tell(d, "reconcile", VERDICT_WARN, "it is tried again at the next time of the schedule; drift is still seen by the usual readings", "%s", r[i].text);
	if (!n)
		doctor_tell(d, "reconcile", VERDICT_OK, NULL, "every account's schedule fits into its calls");
}

static void check_tables(struct doctor *d)
{
	struct limit_registry limits;
	struct session *s = d->s;

	if (limit_registry_load(s->a, &limits, &s->err))
		doctor_tell(d, "limits", VERDICT_FAIL, "mend the line, or unset TALLYMAN_ASSETS to use the built-in table", "%s", s->err.text);
	else
		doctor_tell(d, "limits", VERDICT_OK, NULL, "%d operations may be spoken", limits.n);
}

static void check_libraries(struct doctor *d)
{
	const char *http = http_library();
	size_t two = strcspn(http, " "); /* libcurl and its TLS library; the rest is theirs */

	two += http[two] ? 1 + strcspn(http + two + 1, " ") : 0;
	doctor_tell(d, "libraries", VERDICT_OK, NULL, "tallyman " TALLYMAN_VERSION ", SQLite %s, %.*s", store_library(), (int)two, http);
}

int cmd_doctor(int argc, char **argv)
{
	struct session s;
	struct doctor d = { .s = &s };
	int status = session_begin(argc, argv, TAKES_NOW | TAKES_ALL, 0, 0, &s);

	if (status >= 0)
		return status;
	sheet_table(session_sheet(&s, false), "checks", COLUMNS(columns));
	check_libraries(&d);
	doctor_config(&d);
	check_tables(&d);
	check_disk(&d);
	check_wal(&d);
	check_modes(&d);
	if (check_store(&d)) {
		check_keys(&d);
		check_engine(&d);
		check_clock(&d);
		if (s.o.all)
			check_content(&d);
		check_gross(&d);
		check_reconcile(&d);
	}
	status = session_end(&s, OK);
	return d.fails ? STATUS_FAILED : status;
}
