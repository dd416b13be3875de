/*
 * Whom the real transport believes: TLS servers on loopback, six of them odd in a way of their own.
 * The server is the openssl command; without it this says that it skipped.
 */
#include "net/http.h"

#include <dirent.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
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

static void write_text(const char *path, const char *text)
{
	FILE *f = fopen(path, "w");

	assert_true(f && fputs(text, f) >= 0 && !fclose(f));
}

static bool run(char *const argv[])
{
	pid_t child;
	int status, fd = openssl(&child, argv);

	waitpid(child, &status, 0);
	close(fd);
	return status == 0;
}

/* What is odd about the other side; all zeros: nothing. */
struct oddity {
	const char *from, *until; /* of its certificate: YYYYMMDDHHMMSSZ */
	const char *use;          /* NULL: a server's */
	const char *name;         /* NULL: the address it is reached by */
	const char *speaks;       /* NULL: TLS of today */
	bool stranger;            /* it is signed by nobody we know */
};

/* A certificate that signs itself: `ca` takes any dates, `req` does not. */
static bool make_certificate(struct world *w, const struct oddity *o)
{
	char ini[128], request[128];
	char *ask[] = { "openssl", "req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=nobody",
		        "-keyout", w->key, "-out", request, NULL };
	char *sign[] = { "openssl", "ca", "-config", ini, "-selfsign", "-batch", "-notext", "-keyfile", w->key, "-in", request, "-out", w->cert,
		         "-startdate", (char *)(uintptr_t)(o->from ? o->from : "20200101000000Z"), "-enddate",
		         (char *)(uintptr_t)(o->until ? o->until : "20991231235959Z"), NULL };

	snprintf(ini, sizeof ini, "%s/ca.ini", w->folder);
	snprintf(request, sizeof request, "%s/request", w->folder);
	write_text(arena_printf(w->a, "%s/index", w->folder), "");
	write_text(ini, arena_printf(w->a,
		"[ca]\ndefault_ca = here\n[here]\ndatabase = %s/index\nnew_certs_dir = %s\nrand_serial = yes\ndefault_md = sha256\npolicy = any\n"
		"x509_extensions = it\n[any]\ncommonName = optional\n[it]\nbasicConstraints = critical, CA:TRUE\nsubjectAltName = %s\nextendedKeyUsage = %s\n",
		w->folder, w->folder, o->name ? o->name : "IP:127.0.0.1", o->use ? o->use : "serverAuth"));
	return run(ask) && run(sign);
}

/* Begin to be the other side. false: this openssl cannot. */
static bool stand(struct world *w, const struct oddity *o)
{
	char *argv[] = { "openssl", "s_server", "-accept", "127.0.0.1:0", "-cert", w->cert, "-key", w->key, "-www", "-cipher", "ALL:@SECLEVEL=0",
		         (char *)(uintptr_t)o->speaks, NULL };

	w->port = make_certificate(w, o) ? port_of(openssl(&w->server, argv)) : 0;
	return w->port > 0;
}

static int world_open(void **state)
{
	struct world *w = calloc(1, sizeof *w);

	*state = w;
	strcpy(w->folder, "/tmp/tallyman-tls-XXXXXX");
	assert_non_null(mkdtemp(w->folder));
	snprintf(w->cert, sizeof w->cert, "%s/cert.pem", w->folder);
	snprintf(w->key, sizeof w->key, "%s/key.pem", w->folder);
	snprintf(w->secrets, sizeof w->secrets, "%s/secrets", w->folder);
	setenv("SSLKEYLOGFILE", w->secrets, 1);        /* where libcurl would write the session's keys */
	setenv("https_proxy", "http://127.0.0.1:1", 1); /* where it would send what we say */
	w->clock = clock_real();
	w->t = http_open(&w->clock, false);
	w->a = arena_new();
	return 0;
}

static void remove_files(const char *folder)
{
	DIR *list = opendir(folder);
	struct dirent *e;
	char path[400];

	while (list && (e = readdir(list))) {
		snprintf(path, sizeof path, "%s/%s", folder, e->d_name);
		unlink(path);
	}
	if (list)
		closedir(list);
	rmdir(folder);
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
	remove_files(w->folder);
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

/* Six ways in which the other side is not who it should be: nothing is said to it, and a person reads why. */
static const struct bad_side {
	const char *why;
	struct oddity odd;
	const char *words; /* in what a person reads */
} bad_sides[] = {
	{ "signed by nobody we know", { .stranger = true }, "certificate" },
	{ "expired", { .from = "20200101000000Z", .until = "20200201000000Z" }, "expired" },
	{ "not valid yet", { .from = "20980101000000Z" }, "not yet valid" },
	{ "under another name", { .name = "DNS:example.org" }, "127.0.0.1 was not reached" },
	{ "made to be a client", { .use = "clientAuth" }, "purpose" },
	{ "speaks nothing newer than TLS 1.1", { .speaks = "-tls1_1" }, "127.0.0.1 was not reached" },
};

static void test_who_is_not_believed(void **state)
{
	struct world *w = *state;

	for (size_t i = 0; i < sizeof bad_sides / sizeof *bad_sides; i++) {
		const struct bad_side *c = &bad_sides[i];
		struct reply r;

		assert_true(stand(w, &c->odd));
		r = fetch(w, "127.0.0.1", c->odd.stranger ? NULL : w->cert);
		if (r.fault != FAULT_NET || r.status || !strstr(r.text, c->words))
			fail_msg("%s: %d, %s", c->why, r.status, r.text);
		kill(w->server, SIGKILL);
		waitpid(w->server, NULL, 0);
		w->server = 0;
		remove_files(w->folder);
		assert_int_equal(mkdir(w->folder, 0700), 0);
	}
}

static void test_an_authority_of_our_own_is(void **state)
{
	struct world *w = *state;
	struct reply r;

	assert_true(stand(w, &(struct oddity){ .from = NULL }));
	r = fetch(w, "127.0.0.1", w->cert);
	if (r.fault)
		fail_msg("%s", r.text); /* a proxy from the environment would be the reason, for one */
	assert_int_equal(r.status, 200);
	assert_int_equal(access(w->secrets, F_OK), -1); /* no session's keys are written down */
	r = fetch(w, "localhost", w->cert);             /* and only under its own name */
	assert_int_equal(r.fault, FAULT_NET);
	assert_non_null(strstr(r.text, "localhost was not reached"));
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, world_open, world_close)
	const struct CMUnitTest tests[] = {
		T(test_who_is_not_believed), T(test_an_authority_of_our_own_is),
	};

	if (system("openssl version >/dev/null 2>&1")) {
		puts("skip test_http_tls: there is no openssl command to be the other side");
		return 0;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
