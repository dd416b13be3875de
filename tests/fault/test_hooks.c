/*
 * test_hooks.c: the engine tells people, and what nobody took waits in the store: through a runner that dies, one that is killed for good, and a new start. The
 * test is the runner.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/fields.h"
#include "engine/hook.h"
#include "engine/vault_file.h"
#include "sandbox/sandbox.h"
#include "tests/fault/child.h"
#include "tests/fault/day.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static int ours, spare = -1; /* our ends */

static void begin(struct day *d)
{
	int ends[2];
	struct err err;

	assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends), 0);
	ours = ends[0];
	d->plan.hook_fd = ends[1];
	if (day_start(d, &err))
		fail_msg("%s", err.text);
}

static void forget_us(struct day *d)
{
	d->sandbox->service[WALMART].client_secret = "another";
	access_revoke(&d->sandbox->service[WALMART]);
}

/* The same with a spare crew, which is the test as well. */
static void begin_two(struct day *d)
{
	int ends[2];

	assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends), 0);
	spare = ends[0];
	d->plan.spare_fd = ends[1];
	begin(d);
}

/* Walmart does not know us any more: CRIT, which people are told of. */
static struct day *troubled_with(const char *hooks, void (*how)(struct day *d))
{
	struct day_plan plan = { .seed = 90, .skus = 4, .prompt = true, .idle = true };
	struct day *d = day_prepare(&plan);

	day_configure(d, hooks);
	how(d);
	day_run(d, d->now_ms + 5 * MINUTE);
	forget_us(d);
	return d;
}

static struct day *troubled(const char *hooks)
{
	return troubled_with(hooks, begin);
}

/* What the engine handed over; NULL: nothing. */
static const char *handed(struct day *d)
{
	char bytes[8192];
	ssize_t n = recv(ours, bytes, sizeof bytes - 1, MSG_DONTWAIT);

	if (n < 0)
		return NULL;
	bytes[n] = '\0';
	return arena_strdup(d->arena, bytes);
}

/* Live on, at most that long, until something is handed over. */
static const char *next(struct day *d, int64_t within_ms)
{
	int64_t until = d->now_ms + within_ms;
	const char *got;

	while (!(got = handed(d)) && d->now_ms < until)
		assert_true(day_run(d, d->now_ms + SECOND));
	return got;
}

static void answer(struct day *d, const char *message, bool good, const char *text)
{
	struct fields m, out = fields_new(d->arena);
	struct err err;
	char *packed;

	assert_int_equal(fields_unpack(d->arena, message, &m, &err), OK);
	fields_put(&out, "notice", fields_get(&m, "notice", "0"));
	fields_put(&out, "hook", fields_get(&m, "hook", ""));
	fields_put_int(&out, "good", good);
	fields_put(&out, "text", text);
	packed = fields_pack(&out, d->arena);
	assert_int_equal(send(ours, packed, strlen(packed), 0), strlen(packed));
	day_run(d, d->now_ms + SECOND);
}

static void end(struct day *d)
{
	close(ours);
	day_close(d);
}

/* The keeper's word that a runner died, while it had a message in hand: it comes again after 5, 15, 60 s. Once taken it is not told again. */
static void what_a_dying_runner_had_in_hand_is_told_again(void **state)
{
	static const int64_t ladder_s[] = { 5, 15, 60 };
	struct day *d = troubled("[hooks]\nprogram = /bin/true\n");
	const char *first = next(d, 5 * MINUTE), *again = first;

	(void)state;
	assert_non_null(first);
	assert_non_null(strstr(first, "event=opened"));
	for (int i = 0; i < 3; i++) {
		int64_t died = d->now_ms;

		answer(d, "notice=0", false, "the runner was ended by signal 9; another is begun");
		again = next(d, 5 * MINUTE);
		assert_non_null(again);
		assert_string_equal(again, first);
		assert_in_range(d->now_ms - died, ladder_s[i] * SECOND, (ladder_s[i] + 3) * SECOND);
	}
	assert_int_equal(day_int(d, "SELECT count(*) FROM alert WHERE key = 'hook program' AND closed_ms = 0"), 1);
	answer(d, again, true, "taken");
	assert_int_equal(day_int(d, "SELECT count(*) FROM notice WHERE state = 'waiting' AND tries > 0"), 0);
	assert_int_equal(day_int(d, "SELECT count(*) FROM alert WHERE key = 'hook program' AND closed_ms = 0"), 0);
	end(d);
}

/* A runner that died before it read the message left it for the next one, whose word comes late: it was taken once, and counts. */
static void a_late_word_that_it_was_taken_counts(void **state)
{
	struct day *d = troubled("[hooks]\nprogram = /bin/true\n");
	const char *first = next(d, 5 * MINUTE);

	(void)state;
	assert_non_null(first);
	answer(d, "notice=0", false, "the runner was ended by signal 9; another is begun");
	answer(d, first, true, "taken");
	assert_int_equal(day_int(d, "SELECT count(*) FROM notice WHERE state = 'sent'"), 1);
	assert_int_equal(day_int(d, "SELECT count(*) FROM notice WHERE tries > 1"), 1);
	end(d);
}

static void when_nobody_is_left_to_tell_it_waits_for_the_next_start(void **state)
{
	struct day *d = troubled("[hooks]\nprogram = /bin/true\n");
	const char *first = next(d, 5 * MINUTE), *again;

	(void)state;
	assert_non_null(first);
	close(ours); /* keeper and runner were killed */
	assert_true(day_run(d, d->now_ms + MINUTE));
	assert_int_equal(day_int(d, "SELECT count(*) FROM alert WHERE key = 'hook runner' AND closed_ms = 0"), 1);
	assert_true(day_int(d, "SELECT count(*) FROM notice WHERE state = 'waiting'") >= 1);
	day_stop(d);
	begin(d);
	again = next(d, 5 * MINUTE);
	assert_non_null(again);
	assert_string_equal(again, first);
	assert_int_equal(day_int(d, "SELECT count(*) FROM alert WHERE key = 'hook runner' AND closed_ms = 0"), 0);
	end(d);
}

/* ---- two crews ---- */

/* Is a crew asked for on this end? Its socket; -1: no. */
static int asked(int end)
{
	union {
		struct cmsghdr head;
		char room[CMSG_SPACE(sizeof(int))];
	} control;
	char byte = 0;
	struct iovec part = { &byte, 1 };
	struct msghdr m = { .msg_iov = &part, .msg_iovlen = 1, .msg_control = control.room, .msg_controllen = sizeof control.room };
	int fd = -1;

	if (recvmsg(end, &m, MSG_DONTWAIT | MSG_CMSG_CLOEXEC) == 1 && byte == HOOK_CREW)
		memcpy(&fd, CMSG_DATA(CMSG_FIRSTHDR(&m)), sizeof fd);
	return fd;
}

static int wait_asked(struct day *d, int end, int64_t within_ms)
{
	int64_t until = d->now_ms + within_ms;
	int fd;

	while ((fd = asked(end)) < 0 && d->now_ms < until)
		assert_true(day_run(d, d->now_ms + SECOND));
	return fd;
}

static int64_t nobody_tells(struct day *d)
{
	return day_int(d, "SELECT count(*) FROM alert WHERE key = 'hook runner' AND closed_ms = 0");
}

static void a_crew_that_is_killed_is_followed_by_the_spare_one(void **state)
{
	struct day *d = troubled_with("[hooks]\nprogram = /bin/true\n", begin_two);
	const char *first = next(d, 5 * MINUTE), *again;
	int third;

	(void)state;
	assert_non_null(first);
	close(ours); /* keeper and runner were killed, with that in hand */
	ours = spare;
	third = wait_asked(d, ours, 3 * SECOND);
	assert_true(third >= 0); /* there are two again */
	again = next(d, 10 * SECOND);
	assert_non_null(again);
	assert_string_equal(again, first);
	answer(d, again, true, "taken");
	assert_int_equal(nobody_tells(d), 0);
	close(ours); /* and again: the one begun since goes on */
	ours = third;
	day_run(d, d->now_ms + 5 * SECOND);
	assert_int_equal(nobody_tells(d), 0);
	end(d);
}

/* 1, 2, 4 ... 60 s: no storm against a machine that kills them as they come. */
static void a_spare_crew_that_keeps_dying_is_begun_ever_more_seldom(void **state)
{
	struct day *d = troubled_with("[hooks]\nprogram = /bin/true\n", begin_two);
	const char *first = next(d, 5 * MINUTE);
	int64_t until;
	int n = 0, fd;

	(void)state;
	answer(d, first, true, "taken");
	until = d->now_ms + 10 * MINUTE;
	close(spare);
	while (d->now_ms < until) {
		while ((fd = asked(ours)) >= 0) {
			close(fd);
			n++;
		}
		day_run(d, d->now_ms + SECOND);
	}
	assert_in_range(n, 8, 16);
	assert_int_equal(nobody_tells(d), 0);
	end(d);
}

static void when_both_crews_are_killed_that_is_told(void **state)
{
	struct day *d = troubled_with("[hooks]\nprogram = /bin/true\n", begin_two);

	(void)state;
	assert_non_null(next(d, 5 * MINUTE));
	close(ours);
	close(spare);
	ours = -1;
	assert_true(day_run(d, d->now_ms + MINUTE));
	assert_int_equal(nobody_tells(d), 1);
	day_close(d);
}

/* ---- a secret of the vault's ---- */

static void put_vault(struct day *d)
{
	struct vault_sealed v = { .slots = 1, .slot = { { .kind = SLOT_KEY_FILE } } };
	struct vault_book *book = vault_memory(sizeof *book);
	const char *key = arena_printf(d->arena, "%s/vault.key", d->dir);
	struct err err;

	assert_int_equal(vault_key_file_make(key, &err), OK);
	vault_random(book->seal_key, VAULT_KEY);
	vault_random(v.slot[0].salt, VAULT_SALT);
	assert_int_equal(vault_key_from_file(&v.slot[0], key, book->slot_key[0], &err), OK);
	assert_int_equal(vault_entry_set(book, "slack", "https://hooks.example/T0/of-the-vault", false, 0, d->now_ms, 0, &err), OK);
	assert_int_equal(vault_file_save(arena_printf(d->arena, "%s/vault.tly", d->dir), &v, book, &err), OK);
	vault_memory_free(book, sizeof *book);
	day_configure(d, arena_printf(d->arena, "[vault]\nkey_file = %s\n", key));
}

static void a_secret_of_the_vault_goes_before_its_message(void **state)
{
	struct day_plan plan = { .seed = 90, .skus = 4, .prompt = true, .idle = true };
	struct day *d = day_prepare(&plan);
	const char *secret, *message;

	(void)state;
	put_vault(d);
	day_configure(d, "[hooks]\nwebhook = vault:slack\n");
	begin(d);
	day_run(d, d->now_ms + 5 * MINUTE);
	forget_us(d);
	secret = next(d, 5 * MINUTE);
	assert_non_null(secret);
	assert_int_equal(*secret, HOOK_SECRET);
	assert_string_equal(secret + 1, "https://hooks.example/T0/of-the-vault");
	message = handed(d);
	assert_non_null(message);
	assert_null(strstr(message, "of-the-vault"));
	answer(d, message, true, "taken");
	assert_int_equal(day_int(d, "SELECT count(*) FROM notice WHERE text LIKE '%of-the-vault%' OR result LIKE '%of-the-vault%'"), 0);
	end(d);
}

static void one_that_the_vault_does_not_have_is_named_and_waits(void **state)
{
	struct day *d = troubled("[hooks]\nwebhook = vault:slack\n");

	(void)state;
	assert_null(next(d, 5 * MINUTE));
	assert_non_null(strstr(day_text(d, "SELECT result FROM notice WHERE state = 'waiting' AND tries > 0"), "vault:slack: the vault has none of that name"));
	assert_int_equal(day_int(d, "SELECT count(*) FROM alert WHERE key = 'hook webhook' AND closed_ms = 0"), 1);
	end(d);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_a_dying_runner_had_in_hand_is_told_again),
		cmocka_unit_test(a_late_word_that_it_was_taken_counts),
		cmocka_unit_test(when_nobody_is_left_to_tell_it_waits_for_the_next_start),
		cmocka_unit_test(a_crew_that_is_killed_is_followed_by_the_spare_one),
		cmocka_unit_test(a_spare_crew_that_keeps_dying_is_begun_ever_more_seldom),
		cmocka_unit_test(when_both_crews_are_killed_that_is_told),
		cmocka_unit_test(a_secret_of_the_vault_goes_before_its_message),
		cmocka_unit_test(one_that_the_vault_does_not_have_is_named_and_waits),
	};

	child_main(argc, argv);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
