/* The store: who may open it, what it refuses, and that a copy is a copy. */
#include "store/lease.h"
#include "store/store.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

struct place {
	char dir[64], path[160];
};

static int set_up(void **state)
{
	struct place *p = calloc(1, sizeof *p);
	struct err err;

	strcpy(p->dir, "/tmp/tallyman-store-XXXXXX");
	assert_non_null(mkdtemp(p->dir));
	assert_int_equal(store_create(p->dir, NULL, &err), OK);
	*state = p;
	return 0;
}

static int tear_down(void **state)
{
	static const char *const names[] = { "tallyman.db", "tallyman.db-wal", "tallyman.db-shm", "engine.lock", "copy.db" };
	struct place *p = *state;

	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		snprintf(p->path, sizeof p->path, "%s/%s", p->dir, names[i]);
		unlink(p->path);
	}
	rmdir(p->dir);
	free(p);
	return 0;
}

static struct store *must_open(struct place *p, enum store_mode mode)
{
	struct store *s = NULL;
	struct err err = { 0 };

	if (store_open(p->dir, mode, &s, &err))
		fail_msg("%s", err.text);
	return s;
}

static void files_are_private(void **state)
{
	struct place *p = *state;
	struct stat st;

	assert_int_equal(stat(p->dir, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0700);
	snprintf(p->path, sizeof p->path, "%s/tallyman.db", p->dir);
	assert_int_equal(stat(p->path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
}

static void is_made_once(void **state)
{
	struct place *p = *state;
	struct err err;

	assert_int_equal(store_create(p->dir, NULL, &err), FAULT_REFUSED);
	assert_int_equal(store_create(p->dir, "no-such-group-here", &err), FAULT_REFUSED);
	assert_non_null(strstr(err.text, "no group"));
}

static void a_missing_store_says_what_to_do(void **state)
{
	struct store *s;
	struct err err;

	(void)state;
	assert_int_equal(store_open("/tmp/tallyman-not-here", STORE_READ, &s, &err), FAULT_STORE);
	assert_non_null(strstr(err.text, "tallyman init"));
}

static void a_newer_schema_is_refused(void **state)
{
	struct place *p = *state;
	struct store *s = must_open(p, STORE_WRITE);
	struct err err;

	assert_int_equal(store_exec(s, &err, "PRAGMA user_version=99"), OK);
	store_close(s);
	assert_int_equal(store_open(p->dir, STORE_WRITE, &s, &err), FAULT_REFUSED);
	assert_non_null(strstr(err.text, "newer"));
	assert_int_equal(store_open(p->dir, STORE_READ, &s, &err), FAULT_REFUSED);
}

/* In 300 simulated power cuts WAL with NORMAL lost acknowledged rows in 211, FULL in none. */
static void what_is_committed_is_on_disk(void **state)
{
	static const char mode[] = "PRAGMA synchronous", keys[] = "PRAGMA foreign_keys", schema[] = "PRAGMA trusted_schema";
	struct store *s = must_open(*state, STORE_WRITE);
	int64_t n;

	store_get_int(s, NULL, -1, &n, mode, NULL, 0);
	assert_int_equal(n, 2);
	store_get_int(s, NULL, -1, &n, keys, NULL, 0);
	assert_int_equal(n, 1);
	store_get_int(s, NULL, -1, &n, schema, NULL, 0);
	assert_int_equal(n, 0);
	store_close(s);
}

static void a_reader_cannot_write(void **state)
{
	static const char sql[] = "INSERT INTO meta (key, value) VALUES (?1, ?2)";
	struct store *w = must_open(*state, STORE_WRITE), *r = must_open(*state, STORE_READ);
	struct err err;

	assert_int_equal(RUN(w, &err, sql, V("a"), V("1")), OK);
	assert_int_equal(RUN(r, &err, sql, V("b"), V("2")), FAULT_STORE);
	store_close(w);
	store_close(r);
}

static void a_reader_sees_that_something_was_committed(void **state)
{
	static const char sql[] = "INSERT INTO meta (key, value) VALUES (?1, ?2)";
	struct store *w = must_open(*state, STORE_WRITE), *r = must_open(*state, STORE_READ);
	int64_t before = store_data_version(r);

	assert_true(store_data_version(r) == before);
	assert_int_equal(RUN(w, NULL, sql, V("a"), V("1")), OK);
	assert_true(store_data_version(r) != before);
	store_close(w);
	before = store_data_version(r);
	assert_true(store_data_version(r) == before); /* the WAL stays when the writer has gone */
	store_close(r);
}

static void a_second_engine_is_told_who_is_there(void **state)
{
	struct place *p = *state;
	struct lease one, two;
	struct err err;
	char who[160];

	assert_false(lease_holder(p->dir, who, sizeof who));
	assert_int_equal(lease_take(p->dir, 1795000000000, &one, &err), OK);
	assert_int_equal(lease_take(p->dir, 1795000000000, &two, &err), FAULT_REFUSED);
	snprintf(p->path, sizeof p->path, "pid %ld on ", (long)getpid());
	assert_non_null(strstr(err.text, p->path));
	assert_non_null(strstr(err.text, "since 2026-11-18T"));
	assert_true(lease_holder(p->dir, who, sizeof who));
	lease_drop(&one);
	assert_int_equal(lease_take(p->dir, 1795000000000, &two, &err), OK);
	lease_drop(&two);
}

/* As somebody else: is there an engine? */
static bool seen_by_another(const char *dir)
{
	char who[160];
	int status = -1;
	pid_t child = fork();

	if (!child)
		_exit(setgid(65534) || setuid(65534) ? 2 : lease_holder(dir, who, sizeof who));
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) < 2);
	return WEXITSTATUS(status);
}

/* In a store that a group shares the lock is the owner's and the socket is everybody's. */
static void who_may_not_try_the_lock_sees_the_engine_by_its_socket(void **state)
{
	struct place *p = *state;
	struct sockaddr_un at = { .sun_family = AF_UNIX };
	struct lease l;
	struct err err;
	int line = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);

	if (geteuid())
		skip(); /* nobody else can be played */
	snprintf(at.sun_path, sizeof at.sun_path, "%.80s/engine.sock", p->dir);
	assert_int_equal(bind(line, (const struct sockaddr *)&at, sizeof at), 0);
	assert_int_equal(chmod(at.sun_path, 0666) || chmod(p->dir, 0755), 0);
	assert_int_equal(lease_take(p->dir, 1795000000000, &l, &err), OK);
	assert_false(seen_by_another(p->dir));
	assert_int_equal(listen(line, 4), 0);
	assert_true(seen_by_another(p->dir));
	close(line);
	assert_false(seen_by_another(p->dir)); /* what a dead one leaves behind answers nobody */
	lease_drop(&l);
	unlink(at.sun_path);
}

static void an_older_epoch_knows_that_it_is_older(void **state)
{
	struct store *s = must_open(*state, STORE_WRITE);
	struct lease one = { -1, 0 }, two = { -1, 0 };
	struct err err;

	assert_int_equal(lease_epoch(&one, s, 1, &err), OK);
	assert_true(lease_holds(&one, s));
	assert_int_equal(lease_epoch(&two, s, 2, &err), OK);
	assert_true(two.epoch == one.epoch + 1);
	assert_false(lease_holds(&one, s));
	assert_true(lease_holds(&two, s));
	store_close(s);
}

static void a_copy_is_whole_and_opens_alone(void **state)
{
	static const char put[] = "INSERT INTO meta (key, value) VALUES (?1, ?2)", get[] = "SELECT count(*) FROM meta WHERE key = ?1";
	struct place *p = *state;
	struct store *s = must_open(p, STORE_WRITE), *copy;
	char other[128], file[160];
	struct err err;
	int64_t n;

	RUN(s, NULL, put, V("in the copy"), V("1"));
	snprintf(file, sizeof file, "%s/copy.db", p->dir);
	assert_int_equal(store_backup(s, file, &err), OK);
	assert_int_equal(store_backup(s, file, &err), FAULT_REFUSED); /* never over a file that is there */
	store_close(s);
	snprintf(other, sizeof other, "%s/restored", p->dir);
	assert_int_equal(mkdir(other, 0700), 0);
	snprintf(p->path, sizeof p->path, "%s/tallyman.db", other);
	assert_int_equal(rename(file, p->path), 0);
	chmod(other, 0500); /* a folder nobody can write to */
	if (store_open(other, STORE_READ, &copy, &err))
		fail_msg("%s", err.text);
	GET_INT(copy, NULL, 0, &n, get, V("in the copy"));
	assert_int_equal(n, 1);
	assert_int_equal(store_check(copy, &err), OK);
	store_close(copy);
	chmod(other, 0700);
	unlink(p->path);
	for (const char *const *w = (const char *const[]){ "-wal", "-shm", NULL }; *w; w++) {
		snprintf(p->path, sizeof p->path, "%s/tallyman.db%s", other, *w);
		unlink(p->path);
	}
	rmdir(other);
}

static void a_statement_may_be_asked_inside_its_own_rows(void **state)
{
	static const char put[] = "INSERT INTO meta (key, value) VALUES (?1, ?2)";
	static const char list[] = "SELECT key FROM meta WHERE key LIKE ?1 ORDER BY key";
	struct store *s = must_open(*state, STORE_WRITE);
	struct rows *outer, *inner;
	int pairs = 0;

	RUN(s, NULL, put, V("k1"), V(""));
	RUN(s, NULL, put, V("k2"), V(""));
	outer = ASK(s, list, V("k%"));
	while (rows_next(outer)) {
		inner = ASK(s, list, V("k%"));
		while (rows_next(inner))
			pairs++;
		assert_int_equal(rows_end(inner, NULL), OK);
	}
	assert_int_equal(rows_end(outer, NULL), OK);
	assert_int_equal(pairs, 4);
	store_close(s);
}

static void what_waits_in_the_wal_is_counted(void **state)
{
	struct store *s = must_open(*state, STORE_WRITE);
	struct err err;

	for (int i = 0; i < 3; i++)
		assert_int_equal(store_exec(s, &err, "BEGIN; INSERT INTO message (at_ms, level, text) VALUES (1, 'info', 'x'); COMMIT"), OK);
	assert_true(store_wal_pages(s) >= 3);
	assert_int_equal(store_checkpoint(s), 0);
	assert_int_equal(store_wal_pages(s), 0);
	assert_int_equal(store_exec(s, &err, "INSERT INTO message (at_ms, level, text) VALUES (2, 'info', 'y')"), OK);
	assert_in_range(store_wal_pages(s), 1, 8);
	store_close(s);
}

/* ---- looks ---- */

static const char put_message[] = "INSERT INTO message (at_ms, level, text) VALUES (1, 'info', 'x')";

static int64_t messages(struct store *s)
{
	static const char sql[] = "SELECT count(*) FROM message";
	struct err err = { 0 };
	int64_t n;

	assert_int_equal(GET_INT(s, &err, -1, &n, sql), OK);
	return n;
}

static void a_look_is_of_one_moment(void **state)
{
	struct store *writer = must_open(*state, STORE_WRITE), *s = must_open(*state, STORE_READ);

	store_look(s);
	assert_int_equal(messages(s), 0);
	assert_int_equal(store_exec(writer, NULL, put_message), OK);
	assert_int_equal(messages(s), 0);
	store_look_over(s);
	assert_int_equal(messages(s), 1);
	store_close(s);
	store_close(writer);
}

static void what_is_written_in_a_look_is_seen_by_all(void **state)
{
	struct store *s = must_open(*state, STORE_WRITE), *other = must_open(*state, STORE_READ);
	struct err err;

	store_look(s);
	store_look(s);
	assert_int_equal(messages(s), 0);
	assert_int_equal(RUN(s, &err, put_message), OK); /* by itself: it is not left open until the look is over */
	assert_int_equal(messages(other), 1);
	assert_int_equal(messages(s), 1);
	assert_false(store_in_transaction(s));
	assert_int_equal(store_begin(s, &err), OK);
	assert_true(store_in_transaction(s));
	assert_int_equal(RUN(s, &err, put_message), OK);
	assert_int_equal(messages(s), 2);
	assert_int_equal(messages(other), 1);
	store_rollback(s);
	assert_int_equal(messages(s), 1);
	assert_int_equal(store_begin(s, &err), OK);
	assert_int_equal(RUN(s, &err, put_message), OK);
	assert_int_equal(store_commit(s, &err), OK);
	assert_int_equal(messages(s), 2);
	assert_int_equal(messages(other), 2);
	store_look_over(s);
	assert_int_equal(store_checkpoint(s), 0); /* one look is still open, and stands in nobody's way */
	store_look_over(s);
	store_close(other);
	store_close(s);
}

static void rows_go_on_while_a_look_ends(void **state)
{
	static const char list[] = "SELECT key FROM meta WHERE key LIKE ?1 ORDER BY key";
	static const char put[] = "INSERT INTO meta (key, value) VALUES (?1, ?2)";
	struct store *s = must_open(*state, STORE_WRITE);
	struct rows *r;
	int n = 0;

	RUN(s, NULL, put, V("k1"), V(""));
	RUN(s, NULL, put, V("k2"), V(""));
	store_look(s);
	r = ASK(s, list, V("k%"));
	while (rows_next(r)) {
		assert_int_equal(RUN(s, NULL, put_message), OK);
		n++;
	}
	assert_int_equal(rows_end(r, NULL), OK);
	store_look_over(s);
	assert_int_equal(n, 2);
	assert_int_equal(messages(s), 2);
	store_close(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(files_are_private, set_up, tear_down),
		cmocka_unit_test_setup_teardown(is_made_once, set_up, tear_down),
		cmocka_unit_test(a_missing_store_says_what_to_do),
		cmocka_unit_test_setup_teardown(a_newer_schema_is_refused, set_up, tear_down),
		cmocka_unit_test_setup_teardown(what_is_committed_is_on_disk, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_reader_cannot_write, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_reader_sees_that_something_was_committed, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_second_engine_is_told_who_is_there, set_up, tear_down),
		cmocka_unit_test_setup_teardown(who_may_not_try_the_lock_sees_the_engine_by_its_socket, set_up, tear_down),
		cmocka_unit_test_setup_teardown(an_older_epoch_knows_that_it_is_older, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_copy_is_whole_and_opens_alone, set_up, tear_down),
		cmocka_unit_test_setup_teardown(what_waits_in_the_wal_is_counted, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_statement_may_be_asked_inside_its_own_rows, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_look_is_of_one_moment, set_up, tear_down),
		cmocka_unit_test_setup_teardown(what_is_written_in_a_look_is_seen_by_all, set_up, tear_down),
		cmocka_unit_test_setup_teardown(rows_go_on_while_a_look_ends, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
