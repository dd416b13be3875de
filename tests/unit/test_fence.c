/*
 * test_fence.c: what a process with keys can no longer do, tried in a process of its own.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine/run.h"
#include "store/store.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { NO_FENCE = 77 };

static char dir[] = "/tmp/tallyman-fence-XXXXXX";

static bool writes(const char *path)
{
	int fd = open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0600);

	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

/* Users and names, as far as this machine knows them (a bare one has no /etc/hosts). */
static bool resolves(void)
{
	struct addrinfo *list = NULL;
	bool ok = getpwuid(geteuid()) && !access("/etc/hosts", R_OK) && !getaddrinfo("localhost", "443", NULL, &list);

	if (ok)
		freeaddrinfo(list);
	return ok;
}

static bool store_works(void)
{
	struct store *s;
	struct err err;
	bool ok = !store_open(dir, STORE_WRITE, &s, &err) && !store_begin(s, &err) &&
	          !store_exec(s, &err, "INSERT INTO meta (key, value) VALUES ('fenced', 'yes')") && !store_commit(s, &err) && !store_checkpoint(s);

	store_close(s);
	return ok;
}

static bool opens(int family)
{
	int fd = socket(family, SOCK_STREAM, 0);

	if (family == AF_NETLINK && fd < 0)
		fd = socket(family, SOCK_RAW, 0);
	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

/* A door on loopback, that anybody may knock at. */
static int listen_somewhere(int *port)
{
	struct sockaddr_in here = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t n = sizeof here;
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	if (fd < 0 || bind(fd, (struct sockaddr *)&here, sizeof here) || listen(fd, 4) || getsockname(fd, (struct sockaddr *)&here, &n))
		return -1;
	*port = ntohs(here.sin_port);
	return fd;
}

static bool connects(int port)
{
	struct sockaddr_in there = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK), .sin_port = htons((uint16_t)port) };
	int fd = socket(AF_INET, SOCK_STREAM, 0), failed = fd < 0 || connect(fd, (struct sockaddr *)&there, sizeof there), why = errno;

	close(fd);
	errno = why;
	return !failed;
}

/* The first sentence that is not so. */
static int try_all(void)
{
	const struct rlimit whole = { RLIM_INFINITY, RLIM_INFINITY };
	char inside[80], outside[80];
	int open_port = 0, other_port = 0, none = 0;
	bool resolved = resolves();
	unsigned fences;

	if (listen_somewhere(&open_port) < 0 || listen_somewhere(&other_port) < 0)
		return 14;
	snprintf(inside, sizeof inside, "%s/file", dir);
	snprintf(outside, sizeof outside, "%s.outside", dir);
	setrlimit(RLIMIT_CORE, &whole);
	signal(SIGSEGV, SIG_DFL);
	engine_fence();
	fences = engine_fence_in(dir, &open_port, 1);
	if (!fences)
		return NO_FENCE;
	if (!writes(inside) || unlink(inside))
		return 1;
	if (fences & FENCE_FILES && (writes(outside) || errno != EACCES))
		return 2;
	if (fences & FENCE_CALLS && (!execl("/bin/true", "true", (char *)NULL) || errno != EPERM))
		return 3;
	if (fences & FENCE_CALLS && (ptrace(PTRACE_TRACEME, 0, NULL, NULL) != -1 || errno != EPERM))
		return 4;
	if (!store_works())
		return 5;
	if (resolved && !resolves())
		return 6;
	if (prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) || prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) != 1)
		return 7;
	unlink(outside);
	if (fences & FENCE_CALLS && (socket(AF_PACKET, SOCK_RAW, 0) != -1 || errno != EPERM))
		return 8;
	if (!opens(AF_INET) || !opens(AF_UNIX))
		return 9;
	if (!connects(open_port))
		return 15;
	if (fences & FENCE_PORTS && (connects(other_port) || errno != EACCES))
		return 16;
	if (fences & FENCE_PORTS && (listen_somewhere(&none) >= 0 || errno != EACCES))
		return 17;
	raise(SIGSEGV); /* dies without a core: see below */
	return 10;
}

/* One that only looks. */
static int look_about(void)
{
	bool fenced = looker_fence();

	if (!opens(AF_UNIX))
		return 11;
	if (fenced && (opens(AF_INET) || opens(AF_INET6) || opens(AF_NETLINK)))
		return 12;
	if (fenced && (ptrace(PTRACE_TRACEME, 0, NULL, NULL) != -1 || errno != EPERM))
		return 4;
	execl("/bin/true", "true", (char *)NULL); /* which it may: tmux has the clipboard */
	return 13;
}

static const char *const sentences[] = {
	"",
	"its own folder can still be written",
	"no file can be written outside it",
	"no program can be started",
	"nobody can be traced",
	"the store works within the fences",
	"names and users are still looked up",
	"it leaves no core and gains no privilege",
	"it opens no raw socket",
	"it reaches the network and its own socket",
	"a wild pointer ends it",
	"who looks reaches the engine's socket",
	"who looks does not reach the network",
	"who looks may start a program",
	"loopback is there",
	"it reaches the port of an account",
	"it reaches no other port",
	"nobody can call it",
};

static void a_fenced_process(void **state)
{
	struct err err;
	int status = 0;
	pid_t pid;

	(void)state;
	assert_non_null(mkdtemp(dir));
	rmdir(dir);
	assert_int_equal(store_create(dir, NULL, &err), OK);
	pid = fork();
	if (!pid)
		_exit(try_all());
	assert_int_equal(waitpid(pid, &status, 0), pid);
	if (WIFEXITED(status) && WEXITSTATUS(status) == NO_FENCE) {
		print_message("skipped: this kernel has none of the fences\n");
		skip();
	}
	if (WIFEXITED(status))
		fail_msg("not so: %s", sentences[WEXITSTATUS(status)]);
	assert_int_equal(WTERMSIG(status), SIGSEGV);
	assert_false(WCOREDUMP(status));
}

static void a_process_that_only_looks(void **state)
{
	int status = 0;
	pid_t pid = fork();

	(void)state;
	if (!pid)
		_exit(look_about());
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	if (WEXITSTATUS(status))
		fail_msg("not so: %s", sentences[WEXITSTATUS(status)]);
}

static int tidy(void **state)
{
	char path[80];
	static const char *const files[] = { "tallyman.db", "tallyman.db-wal", "tallyman.db-shm" };

	(void)state;
	for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
		snprintf(path, sizeof path, "%s/%s", dir, files[i]);
		unlink(path);
	}
	return rmdir(dir);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(a_fenced_process), cmocka_unit_test(a_process_that_only_looks) };

	return cmocka_run_group_tests(tests, NULL, tidy);
}
