/* What systemd hears of an engine, from READY to STOPPING, and how often. */
#include "engine/watch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include <cmocka.h>

static int manager(char *name, size_t cap)
{
	struct sockaddr_un at = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	int n = snprintf(name, cap, "@tallyman-test-%ld", (long)getpid());

	memcpy(at.sun_path + 1, name + 1, (size_t)n - 1);
	assert_int_equal(bind(fd, (struct sockaddr *)&at, (socklen_t)(offsetof(struct sockaddr_un, sun_path) + (size_t)n)), 0);
	return fd;
}

static const char *heard(int fd)
{
	static char word[64];
	ssize_t n = recv(fd, word, sizeof word - 1, MSG_DONTWAIT);

	word[n > 0 ? n : 0] = '\0';
	return word;
}

static void a_watched_engine(void **state)
{
	static const struct { const char *why; int64_t now_ms; const char *want; int64_t again_ms; } turns[] = {
		{ "just told: nothing to say", 1000, "", 31000 },
		{ "less than half the time", 30999, "", 31000 },
		{ "half the time has passed", 31000, "WATCHDOG=1", 61000 },
		{ "late, and then on from there", 70000, "WATCHDOG=1", 100000 },
		{ "the clock was set back by hours", 5000, "WATCHDOG=1", 35000 },
		{ "and goes on from there", 34000, "", 35000 },
	};
	char name[64];
	int fd = manager(name, sizeof name);
	struct watch w;

	(void)state;
	setenv("NOTIFY_SOCKET", name, 1);
	setenv("WATCHDOG_USEC", "60000000", 1);
	w = watch_open();
	assert_null(getenv("NOTIFY_SOCKET"));
	watch_ready(&w, 1000);
	assert_string_equal(heard(fd), "READY=1");
	for (size_t i = 0; i < sizeof turns / sizeof *turns; i++) {
		int64_t again = watch_alive(&w, turns[i].now_ms);
		const char *said = heard(fd);

		if (strcmp(said, turns[i].want) || again != turns[i].again_ms)
			fail_msg("%s: said '%s', again at %lld", turns[i].why, said, (long long)again);
	}
	watch_close(&w);
	assert_string_equal(heard(fd), "STOPPING=1");
	close(fd);
}

static void nobody_watches(void **state)
{
	static const char *const names[] = { NULL, "", "no/absolute/path", "@nobody-listens-here", "/nonexistent/socket" };

	(void)state;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		struct watch w;

		if (names[i])
			setenv("NOTIFY_SOCKET", names[i], 1);
		setenv("WATCHDOG_USEC", "60000000", 1);
		w = watch_open();
		watch_ready(&w, 0);
		assert_true(watch_alive(&w, 100000) == INT64_MAX);
		watch_close(&w);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_watched_engine),
		cmocka_unit_test(nobody_watches),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
