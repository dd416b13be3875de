/*
 * Whom the real transport believes: a TLS server with a certificate that nobody has signed, on loopback.
 * The server is the openssl command; without it this says that it skipped.
 */
#include "net/http.h"

#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

struct world {
	char folder[64], cert[96], key[96], secrets[96];
	pid_t server;
	int port;
	struct clock clock;
	struct transport *t;
	struct arena *a;
};

/* Run the openssl command; its standard output can be read from the descriptor returned. */
static int openssl(pid_t *child, char *const argv[])
{
	int out[2], nothing = open("/dev/null", O_RDWR | O_CLOEXEC);

	assert_int_equal(pipe2(out, O_CLOEXEC), 0);
	*child = fork();
	if (!*child) {
		dup2(nothing, 0);
		dup2(out[1], 1);
		dup2(nothing, 2);
		unsetenv("SSLKEYLOGFILE");
		execvp("openssl", argv);
		_exit(127);
	}
	close(out[1]);
	close(nothing);
	return out[0];
}

/* The server says "ACCEPT 127.0.0.1:PORT" once it listens. */
static int port_of(int fd)
{
	char text[1024], *at;
	size_t n = 0;
	ssize_t got;

	while (n < sizeof text - 1 && (got = read(fd, text + n, sizeof text - 1 - n)) > 0) {
		n += (size_t)got;
		text[n] = '\0';
		at = strstr(text, "ACCEPT 127.0.0.1:");
		if (at && strchr(at, '\n'))
			return atoi(at + strlen("ACCEPT 127.0.0.1:"));
	}
	return 0;
}

static bool make_certificate(struct world *w)
{
	char *argv[] = { "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "1", "-subj",
		         "/CN=nobody", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", w->key, "-out", w->cert, NULL };
	pid_t child;
	int status, fd = openssl(&child, argv);

	waitpid(child, &status, 0);
	close(fd);
	return status == 0;
}

static int world_open(void **state)
{
	struct world *w = calloc(1, sizeof *w);
	char *argv[] = { "openssl", "s_server", "-accept", "127.0.0.1:0", "-cert", w->cert, "-key", w->key, "-www", NULL };

	*state = w;
	strcpy(w->folder, "/tmp/tallyman-tls-XXXXXX");
	assert_non_null(mkdtemp(w->folder));
	snprintf(w->cert, sizeof w->cert, "%s/cert.pem", w->folder);
	snprintf(w->key, sizeof w->key, "%s/key.pem", w->folder);
	snprintf(w->secrets, sizeof w->secrets, "%s/secrets", w->folder);
	if (make_certificate(w))
		w->port = port_of(openssl(&w->server, argv));
	setenv("SSLKEYLOGFILE", w->secrets, 1);        /* where libcurl would write the session's keys */
	setenv("https_proxy", "http://127.0.0.1:1", 1); /* where it would send what we say */
	w->clock = clock_real();
	w->t = http_open(&w->clock, false);
	w->a = arena_new();
	return 0;
}

static int world_close(void **state)
{
	struct world *w = *state;

	if (w->server > 0) {
		kill(w->server, SIGKILL);
		waitpid(w->server, NULL, 0);
	}
	w->t->close(w->t);
	arena_free(w->a);
	unlink(w->cert);
	unlink(w->key);
	unlink(w->secrets);
	rmdir(w->folder);
	free(w);
	return 0;
}

static struct reply fetch(struct world *w, const char *host, const char *ca_file)
{
	struct request r = { .arena = w->a, .op = "test.thing.get", .method = "GET", .ca_file = ca_file,
		             .url = arena_printf(w->a, "https://%s:%d/", host, w->port) };
	struct finished f;

	assert_int_equal(w->t->start(w->t, 1, &r, NULL), OK);
	while (!w->t->next(w->t, &f))
		w->t->wait(w->t, NULL, 0, clock_now(&w->clock) + 100);
	f.reply.body = arena_strdup(w->a, f.reply.body);
	arena_free(f.arena);
	f.reply.headers = 0;
	return f.reply;
}

static void test_a_stranger_is_not_believed(void **state)
{
	struct world *w = *state;
	struct reply r = fetch(w, "127.0.0.1", NULL);

	assert_int_equal(r.fault, FAULT_NET);
	assert_int_equal(r.status, 0);
	assert_non_null(strstr(r.text, "certificate"));
}

static void test_an_authority_of_our_own_is(void **state)
{
	struct world *w = *state;
	struct reply r = fetch(w, "127.0.0.1", w->cert);

	if (r.fault)
		fail_msg("%s", r.text); /* a proxy from the environment would be the reason, for one */
	assert_int_equal(r.status, 200);
}

static void test_but_only_under_its_own_name(void **state)
{
	struct world *w = *state;
	struct reply r = fetch(w, "localhost", w->cert);

	assert_int_equal(r.fault, FAULT_NET);
	assert_non_null(strstr(r.text, "localhost was not reached"));
}

static void test_no_keys_are_written_down(void **state)
{
	struct world *w = *state;

	assert_int_equal(fetch(w, "127.0.0.1", w->cert).status, 200);
	assert_int_equal(access(w->secrets, F_OK), -1);
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, world_open, world_close)
	const struct CMUnitTest tests[] = {
		T(test_a_stranger_is_not_believed), T(test_an_authority_of_our_own_is), T(test_but_only_under_its_own_name),
		T(test_no_keys_are_written_down),
	};

	if (system("openssl version >/dev/null 2>&1")) {
		puts("skip test_http_tls: there is no openssl command to be the other side");
		return 0;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
