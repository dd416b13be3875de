/* The engine's socket, both ends in this process: nobody waits, so each end is turned by hand. */
#include "net/ask.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

struct world {
	char folder[64], path[96];
	struct ask_server *s;
	struct ask_line *l;
	struct ask_question q;
};

static int world_open(void **state)
{
	struct world *w = calloc(1, sizeof *w);
	struct err err = { 0 };

	strcpy(w->folder, "/tmp/tallyman-ask-XXXXXX");
	assert_non_null(mkdtemp(w->folder));
	snprintf(w->path, sizeof w->path, "%s/engine.sock", w->folder);
	w->s = ask_listen(w->path, 0600, &err);
	if (!w->s)
		fail_msg("%s", err.text);
	w->l = ask_dial(w->path, &err);
	if (!w->l)
		fail_msg("%s", err.text);
	*state = w;
	return 0;
}

static int world_close(void **state)
{
	struct world *w = *state;

	ask_hang_up(w->l);
	ask_close(w->s);
	unlink(w->path);
	rmdir(w->folder);
	free(w);
	return 0;
}

static bool is_readable(int fd)
{
	struct pollfd p = { fd, POLLIN, 0 };

	return poll(&p, 1, 0) == 1;
}

static void say(struct ask_line *l, const char *text)
{
	assert_int_equal(ask_say(l, text, strlen(text), NULL), OK);
}

static void hears(struct ask_line *l, enum ask_heard want, const char *text)
{
	const char *bytes = NULL;
	size_t n = 0;

	assert_int_equal(ask_hear(l, &bytes, &n), want);
	if (text) {
		assert_int_equal(n, strlen(text));
		assert_string_equal(bytes, text);
	}
}

static void test_one_message_one_answer(void **state)
{
	struct world *w = *state;

	say(w->l, "kind=retry\n");
	assert_true(ask_next(w->s, &w->q));
	assert_string_equal(w->q.bytes, "kind=retry\n");
	assert_int_equal(w->q.n, 11);
	assert_int_equal(w->q.uid, getuid());
	assert_int_equal(w->q.pid, getpid());
	hears(w->l, ASK_NOTHING, NULL);
	ask_answer(w->s, w->q.from, "id=7", 4);
	hears(w->l, ASK_ANSWER, "id=7");
	hears(w->l, ASK_NOTHING, NULL);
	assert_false(ask_next(w->s, &w->q));
}

static void test_bytes_are_opaque(void **state)
{
	struct world *w = *state;
	const char *bytes;
	size_t n;

	assert_int_equal(ask_say(w->l, "a\0b\n\xff", 5, NULL), OK);
	assert_true(ask_next(w->s, &w->q));
	assert_int_equal(w->q.n, 5);
	assert_memory_equal(w->q.bytes, "a\0b\n\xff", 5);
	ask_answer(w->s, w->q.from, "", 0); /* an empty answer is one */
	assert_int_equal(ask_hear(w->l, &bytes, &n), ASK_ANSWER);
	assert_int_equal(n, 0);
}

static void test_sixty_four_kilobytes(void **state)
{
	struct world *w = *state;
	char *big = malloc(ASK_MAX + 1);
	const char *bytes;
	size_t n;

	memset(big, 'x', ASK_MAX + 1);
	assert_int_equal(ask_say(w->l, big, ASK_MAX + 1, NULL), FAULT_REFUSED);
	assert_int_equal(ask_say(w->l, big, 0, NULL), FAULT_REFUSED);
	assert_int_equal(ask_say(w->l, big, ASK_MAX, NULL), OK);
	assert_true(ask_next(w->s, &w->q));
	assert_int_equal(w->q.n, ASK_MAX);
	ask_answer(w->s, w->q.from, big, ASK_MAX);
	assert_int_equal(ask_hear(w->l, &bytes, &n), ASK_ANSWER);
	assert_int_equal(n, ASK_MAX);
	assert_memory_equal(bytes, big, ASK_MAX);
	free(big);
}

static void test_one_question_at_a_time(void **state)
{
	struct world *w = *state;

	say(w->l, "first");
	assert_int_equal(ask_say(w->l, "second", 6, NULL), FAULT_BUSY);
	assert_true(ask_next(w->s, &w->q));
	assert_int_equal(ask_say(w->l, "second", 6, NULL), FAULT_BUSY);
	ask_answer(w->s, w->q.from, "1", 1);
	assert_int_equal(ask_say(w->l, "second", 6, NULL), FAULT_BUSY); /* it has come, but was not heard yet */
	hears(w->l, ASK_ANSWER, "1");
	say(w->l, "second");
	assert_true(ask_next(w->s, &w->q));
	assert_string_equal(w->q.bytes, "second");
}

static void test_many_askers_each_their_own_answer(void **state)
{
	struct world *w = *state;
	struct ask_line *l[100];
	char text[16];

	for (int i = 0; i < 100; i++) {
		l[i] = ask_dial(w->path, NULL);
		assert_non_null(l[i]);
		assert_false(ask_next(w->s, &w->q));
	}
	for (int i = 0; i < 100; i++) {
		snprintf(text, sizeof text, "%d", i);
		say(l[i], text);
	}
	for (int i = 0; i < 100; i++) {
		assert_true(ask_next(w->s, &w->q));
		snprintf(text, sizeof text, "re: %s", w->q.bytes);
		ask_answer(w->s, w->q.from, text, strlen(text));
	}
	assert_int_equal(ask_lines(w->s), 101);
	for (int i = 0; i < 100; i++) {
		snprintf(text, sizeof text, "re: %d", i);
		hears(l[i], ASK_ANSWER, text);
		ask_hang_up(l[i]);
	}
	assert_false(ask_next(w->s, &w->q));
	assert_int_equal(ask_lines(w->s), 1);
}

static void test_a_full_house_turns_away_and_recovers(void **state)
{
	struct world *w = *state;
	struct ask_line *l[ASK_CLIENTS], *late;

	for (int i = 0; i < ASK_CLIENTS - 1; i++) {
		l[i] = ask_dial(w->path, NULL);
		assert_non_null(l[i]);
		ask_next(w->s, &w->q);
	}
	assert_int_equal(ask_lines(w->s), ASK_CLIENTS);
	late = ask_dial(w->path, NULL);
	ask_next(w->s, &w->q);
	hears(late, ASK_GONE, NULL);
	ask_hang_up(late);
	assert_false(is_readable(ask_fd(w->s)));
	ask_hang_up(l[0]);
	ask_next(w->s, &w->q);
	late = l[0] = ask_dial(w->path, NULL);
	say(late, "now?");
	assert_true(ask_next(w->s, &w->q));
	for (int i = 0; i < ASK_CLIENTS - 1; i++)
		ask_hang_up(l[i]);
}

/* A crowd that leaves at once does not keep who looks for a question. */
static void test_a_crowd_that_leaves_is_seen_off_bit_by_bit(void **state)
{
	struct world *w = *state;
	struct ask_line *l[200];

	for (int i = 0; i < 200; i++) {
		l[i] = ask_dial(w->path, NULL);
		assert_non_null(l[i]);
		assert_false(ask_next(w->s, &w->q));
	}
	for (int i = 0; i < 200; i++)
		ask_hang_up(l[i]);
	assert_false(ask_next(w->s, &w->q));
	assert_true(ask_lines(w->s) > 1);
	assert_true(is_readable(ask_fd(w->s)));
	assert_false(ask_next(w->s, &w->q));
	assert_int_equal(ask_lines(w->s), 1);
}

static void test_a_crowd_at_the_door_is_told_to_wait(void **state)
{
	struct world *w = *state;
	struct ask_line *l[ASK_CLIENTS];
	struct err err = { 0 };
	int n = 0;

	while (n < ASK_CLIENTS && (l[n] = ask_dial(w->path, &err))) /* the engine is busy and lets nobody in */
		n++;
	assert_true(n < ASK_CLIENTS);
	assert_int_equal(err.fault, FAULT_BUSY);
	assert_false(ask_next(w->s, &w->q));
	assert_int_equal(ask_lines(w->s), n + 1);
	while (n)
		ask_hang_up(l[--n]);
}

/* ---- nudges ---- */

static void test_a_nudge_is_no_answer(void **state)
{
	struct world *w = *state;

	ask_next(w->s, &w->q);
	ask_nudge(w->s);
	assert_true(is_readable(ask_line_fd(w->l)));
	hears(w->l, ASK_NUDGE, NULL);
	say(w->l, "question");
	assert_true(ask_next(w->s, &w->q));
	ask_nudge(w->s); /* somebody else's commit, before ours */
	ask_answer(w->s, w->q.from, "done", 4);
	hears(w->l, ASK_NUDGE, NULL);
	hears(w->l, ASK_ANSWER, "done");
	hears(w->l, ASK_NOTHING, NULL);
}

static void test_nudges_do_not_pile_up(void **state)
{
	struct world *w = *state;

	ask_next(w->s, &w->q);
	for (int i = 0; i < 100000; i++) /* a console that was stopped with Ctrl-Z, over a day of commits */
		ask_nudge(w->s);
	say(w->l, "back again");
	assert_true(ask_next(w->s, &w->q));
	ask_answer(w->s, w->q.from, "hello", 5); /* there is still room for an answer */
	hears(w->l, ASK_NUDGE, NULL);
	hears(w->l, ASK_ANSWER, "hello");
	hears(w->l, ASK_NOTHING, NULL);
	ask_nudge(w->s); /* and whoever has read is told again */
	hears(w->l, ASK_NUDGE, NULL);
}

/* ---- leaving ---- */

static void test_an_asker_who_leaves(void **state)
{
	struct world *w = *state;

	say(w->l, "zero 4 offers");
	ask_hang_up(w->l);
	w->l = NULL;
	assert_true(ask_next(w->s, &w->q)); /* what was said is heard */
	ask_answer(w->s, w->q.from, "done", 4);
	assert_false(ask_next(w->s, &w->q));
	assert_int_equal(ask_lines(w->s), 0);
	assert_false(is_readable(ask_fd(w->s)));
}

static void test_an_answer_owed_does_not_wake_anybody(void **state)
{
	struct world *w = *state;

	say(w->l, "question");
	assert_true(ask_next(w->s, &w->q));
	assert_false(is_readable(ask_fd(w->s)));
}

static void test_an_engine_that_leaves(void **state)
{
	struct world *w = *state;
	struct err err;

	say(w->l, "question");
	ask_close(w->s);
	w->s = NULL;
	hears(w->l, ASK_GONE, NULL);
	assert_int_equal(access(w->path, F_OK), -1); /* it takes its socket with it */
	assert_null(ask_dial(w->path, &err));
	assert_int_equal(err.fault, FAULT_NET);
	assert_non_null(strstr(err.text, "no engine runs"));
}

/* ---- rule breakers ---- */

static int raw_dial(const char *path)
{
	struct sockaddr_un at = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_SEQPACKET, 0);

	strcpy(at.sun_path, path);
	assert_int_equal(connect(fd, (struct sockaddr *)&at, sizeof at), 0);
	return fd;
}

static void test_rule_breakers_are_hung_up_on(void **state)
{
	static const struct {
		const char *why, *bytes;
		size_t n;
	} cases[] = {
		{ "another kind of message", "Xhello", 6 }, { "an answer from the wrong end", "Ahello", 6 }, { "a nudge from the wrong end", "N", 1 },
		{ "a question without a word", "Q", 1 },    { "an empty message", "", 0 },
	};
	struct world *w = *state;
	char *big = calloc(1, ASK_MAX + 2), end;

	big[0] = 'Q';
	for (size_t i = 0; i <= sizeof cases / sizeof *cases; i++) {
		bool last = i == sizeof cases / sizeof *cases;
		int fd = raw_dial(w->path);

		assert_true(send(fd, last ? big : cases[i].bytes, last ? ASK_MAX + 2 : cases[i].n, 0) >= 0);
		if (ask_next(w->s, &w->q) || recv(fd, &end, 1, MSG_DONTWAIT) != 0)
			fail_msg("still on the line: %s", last ? "more than a message may hold" : cases[i].why);
		close(fd);
	}
	assert_int_equal(ask_lines(w->s), 1);
	say(w->l, "and I?"); /* nobody else notices */
	assert_true(ask_next(w->s, &w->q));
	free(big);
}

static void test_a_second_question_waits_for_the_first_answer(void **state)
{
	struct world *w = *state;
	int fd = raw_dial(w->path);

	assert_int_equal(send(fd, "Qone", 4, 0) + send(fd, "Qtwo", 4, 0), 8);
	assert_true(ask_next(w->s, &w->q));
	assert_string_equal(w->q.bytes, "one");
	assert_false(is_readable(ask_fd(w->s)));
	assert_false(ask_next(w->s, &w->q));
	ask_answer(w->s, w->q.from, "1", 1);
	assert_true(ask_next(w->s, &w->q));
	assert_string_equal(w->q.bytes, "two");
	close(fd);
}

static void test_one_who_never_reads_is_let_go(void **state)
{
	struct world *w = *state;
	int fd = raw_dial(w->path);
	char *big = calloc(1, ASK_MAX);
	int answers = 0;

	while (ask_lines(w->s) != 1 || !answers) {
		if (send(fd, "Qmore", 5, MSG_NOSIGNAL | MSG_DONTWAIT) != 5 || !ask_next(w->s, &w->q))
			break;
		ask_answer(w->s, w->q.from, big, ASK_MAX);
		assert_true(++answers < 1000);
	}
	assert_int_equal(ask_lines(w->s), 1); /* the well-behaved one */
	assert_true(answers > 1);
	close(fd);
	free(big);
}

/* ---- the file ---- */

static mode_t mode_of(const char *path)
{
	struct stat st;

	assert_int_equal(lstat(path, &st), 0);
	return st.st_mode & 07777;
}

static void test_modes(void **state)
{
	struct world *w = *state;
	char path[112];
	struct ask_server *s;
	mode_t before;

	assert_int_equal(mode_of(w->path), 0600);
	snprintf(path, sizeof path, "%s/group.sock", w->folder);
	before = umask(0); /* whatever the shell allows */
	s = ask_listen(path, 0660, NULL);
	assert_non_null(s);
	assert_int_equal(mode_of(path), 0660);
	ask_close(s);
	s = ask_listen(path, 0600, NULL);
	assert_int_equal(mode_of(path), 0600);
	assert_int_equal(umask(before), 0); /* and it is put back */
	ask_close(s);
}

/* A socket file as an engine that was killed leaves it. */
static void leave_a_socket(const char *path)
{
	struct sockaddr_un at = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_SEQPACKET, 0);

	strcpy(at.sun_path, path);
	assert_int_equal(bind(fd, (struct sockaddr *)&at, sizeof at), 0);
	close(fd);
}

static void test_a_dead_engines_socket_is_replaced(void **state)
{
	struct world *w = *state;
	struct ask_server *s;
	struct ask_line *l;
	char path[112];

	snprintf(path, sizeof path, "%s/dead.sock", w->folder);
	leave_a_socket(path);
	assert_null(ask_dial(path, NULL));
	s = ask_listen(path, 0600, NULL);
	assert_non_null(s);
	l = ask_dial(path, NULL);
	assert_non_null(l);
	ask_hang_up(l);
	ask_close(s);
}

static void test_a_file_is_never_removed(void **state)
{
	struct world *w = *state;
	char path[112];
	struct err err;

	snprintf(path, sizeof path, "%s/ledger", w->folder);
	close(open(path, O_CREAT | O_WRONLY, 0600));
	assert_null(ask_listen(path, 0600, &err));
	assert_non_null(strstr(err.text, "is no socket"));
	assert_int_equal(access(path, F_OK), 0);
	unlink(path);
}

static void test_a_successors_socket_is_not_removed(void **state)
{
	struct world *w = *state;

	unlink(w->path); /* somebody put another one in its place */
	leave_a_socket(w->path);
	ask_close(w->s);
	w->s = NULL;
	assert_int_equal(access(w->path, F_OK), 0);
}

static void test_long_folder_names(void **state)
{
	struct world *w = *state;
	char folder[400], path[420];
	struct ask_server *s;
	struct ask_line *l;
	struct err err = { 0 };

	snprintf(folder, sizeof folder, "%s/%0200d", w->folder, 1); /* an address holds 107 bytes */
	snprintf(path, sizeof path, "%s/engine.sock", folder);
	assert_int_equal(mkdir(folder, 0700), 0);
	s = ask_listen(path, 0600, &err);
	if (!s)
		fail_msg("%s", err.text);
	l = ask_dial(path, &err);
	if (!l)
		fail_msg("%s", err.text);
	say(l, "hello");
	assert_true(ask_next(s, &w->q));
	assert_int_equal(mode_of(path), 0600);
	ask_hang_up(l);
	ask_close(s);
	assert_int_equal(rmdir(folder), 0); /* it is empty again */
}

static void test_no_folder(void **state)
{
	struct err err;

	(void)state;
	assert_null(ask_listen("/tmp/tallyman-no-such-folder/engine.sock", 0600, &err));
	assert_int_equal(err.fault, FAULT_NET);
	assert_null(ask_dial("/tmp/tallyman-no-such-folder/engine.sock", &err));
	assert_int_equal(err.fault, FAULT_NET);
}

/* ---- the way of a command ---- */

static void test_waiting_in_vain(void **state)
{
	struct world *w = *state;
	const char *answer;
	size_t n;
	struct err err;

	ask_next(w->s, &w->q);
	ask_nudge(w->s); /* not what is waited for */
	assert_int_equal(ask_wait(w->l, "hello", 5, 5, &answer, &n, &err), FAULT_UNSURE);
	assert_non_null(strstr(err.text, "within 5 ms"));
	assert_true(ask_next(w->s, &w->q)); /* it was said, though */
}

/* An engine in a process of its own that answers one question, after a nudge. */
static _Noreturn void answer_one(struct ask_server *s, bool answers)
{
	struct pollfd p = { ask_fd(s), POLLIN, 0 };
	struct ask_question q;

	do
		poll(&p, 1, 10000);
	while (!ask_next(s, &q));
	ask_nudge(s);
	if (answers)
		ask_answer(s, q.from, "id=1", 4);
	_exit(0);
}

static enum fault ask_another_process(struct world *w, bool answers, struct err *err)
{
	const char *answer;
	size_t n;
	pid_t child = fork();
	enum fault f;

	if (!child)
		answer_one(w->s, answers);
	ask_close(w->s); /* the child has it now */
	w->s = NULL;
	f = ask_wait(w->l, "hello", 5, 10000, &answer, &n, err);
	if (!f)
		assert_string_equal(answer, "id=1");
	assert_int_equal(waitpid(child, NULL, 0), child);
	return f;
}

static void test_waiting_for_another_process(void **state)
{
	assert_int_equal(ask_another_process(*state, true, NULL), OK);
}

static void test_an_engine_that_dies_while_we_wait(void **state)
{
	struct err err;

	assert_int_equal(ask_another_process(*state, false, &err), FAULT_UNSURE);
	assert_non_null(strstr(err.text, "hung up"));
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, world_open, world_close)
	const struct CMUnitTest tests[] = {
		T(test_one_message_one_answer), T(test_bytes_are_opaque), T(test_sixty_four_kilobytes), T(test_one_question_at_a_time),
		T(test_many_askers_each_their_own_answer), T(test_a_full_house_turns_away_and_recovers),
		T(test_a_crowd_that_leaves_is_seen_off_bit_by_bit), T(test_a_crowd_at_the_door_is_told_to_wait), T(test_a_nudge_is_no_answer),
		T(test_nudges_do_not_pile_up), T(test_an_asker_who_leaves), T(test_an_answer_owed_does_not_wake_anybody),
		T(test_an_engine_that_leaves), T(test_rule_breakers_are_hung_up_on), T(test_a_second_question_waits_for_the_first_answer), T(test_one_who_never_reads_is_let_go), T(test_modes),
		T(test_a_dead_engines_socket_is_replaced), T(test_a_file_is_never_removed), T(test_a_successors_socket_is_not_removed),
		T(test_long_folder_names), T(test_no_folder), T(test_waiting_in_vain), T(test_waiting_for_another_process),
		T(test_an_engine_that_dies_while_we_wait),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
