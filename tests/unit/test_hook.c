/* People are told by a program, a webhook and a mail; what none of them takes is said again, and a name in a listing adds no header. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine/hook.h"

#include "base/arena.h"
#include "net/once.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static char folder[64];

static const char *path(struct arena *a, const char *name)
{
	return arena_printf(a, "%s/%s", folder, name);
}

static void write_file(const char *name, const char *text, mode_t mode)
{
	FILE *f = fopen(name, "we");

	assert_non_null(f);
	fputs(text, f);
	fclose(f);
	chmod(name, mode);
}

static const char *read_file(struct arena *a, const char *name)
{
	char *out = arena_alloc(a, 8192);
	FILE *f = fopen(name, "re");

	out[0] = '\0';
	if (f) {
		out[fread(out, 1, 8191, f)] = '\0';
		fclose(f);
	}
	return out;
}

static struct fields incident(struct arena *a)
{
	struct fields f = fields_new(a);

	fields_put(&f, "id", "I-7");
	fields_put(&f, "severity", "CRIT");
	fields_put(&f, "account", "walmart-us");
	fields_put(&f, "text", "they do not know us\r\nBcc: everybody@example.com");
	fields_put(&f, "next", "rotate the secret");
	return f;
}

/* ---- words ---- */

static void what_is_said(void **state)
{
	struct arena *a = arena_new();
	struct fields f = incident(a), g = fields_new(a), h = fields_new(a);
	const char *mail = hook_mail(a, &f, "opened", "t@example.com", "ops@example.com");

	(void)state;
	assert_non_null(strstr(hook_json(a, &f, "opened"), "\"event\":\"opened\",\"id\":\"I-7\",\"severity\":\"CRIT\""));
	assert_string_equal(hook_slack(a, &f, "opened"), "{\"text\":\"CRIT I-7 opened: walmart-us: they do not know us^M^JBcc: everybody@example.com\\nrotate the secret\"}");
	assert_null(strstr(mail, "\nBcc:"));
	assert_non_null(strstr(mail, "Subject: tallyman CRIT I-7 opened: walmart-us: they do not know us^M^JBcc"));
	fields_put(&h, "id", "I-9");
	fields_put(&h, "text", "<!channel> <https://evil.example|tallyman> & Sons");
	fields_put(&h, "next", "look at <b>");
	assert_string_equal(hook_slack(a, &h, "opened"), "{\"text\":\" I-9 opened: &lt;!channel&gt; &lt;https://evil.example|tallyman&gt; &amp; Sons\\nlook at &lt;b&gt;\"}");
	mail = hook_mail(a, &h, "opened", "t@example.com", "ops@example.com");
	assert_non_null(strstr(mail, "\r\nContent-Type: text/plain; charset=utf-8\r\n")); /* nobody takes it for markup */
	assert_non_null(strstr(mail, "look at <b>"));
	fields_put(&g, "id", "I-8");
	fields_put(&g, "severity", "WARN");
	fields_put(&g, "account", "walmart-us");
	fields_put(&g, "text", "walmart-us: \xc3\x84rger, and then so much more of it that no telephone shows the whole, and no line of a mail's head is as long as that");
	mail = hook_mail(a, &g, "opened", "t@example.com", "ops@example.com");
	assert_non_null(strstr(mail, "\r\nSubject: tallyman WARN I-8 opened: walmart-us: ??rger, and then so much"));
	assert_true(strcspn(strstr(mail, "Subject:"), "\r") < 140);
	assert_non_null(strstr(mail, "\r\n\r\nWARN I-8 opened: walmart-us: \xc3\x84rger"));
	assert_non_null(strstr(mail, "as long as that\r\n"));
	arena_free(a);
}

/* ---- the runner ---- */

static struct config *configured(const char *text)
{
	struct config *c = config_new();
	struct err err;

	if (config_text(c, "test.ini", text, &err))
		fail_msg("%s", err.text);
	return c;
}

static void hand_over(struct arena *a, int fd, const char *hook)
{
	struct fields m = incident(a);
	const char *text;

	fields_put(&m, "notice", "12");
	fields_put(&m, "hook", hook);
	fields_put(&m, "event", "opened");
	text = fields_pack(&m, a);
	assert_int_equal(send(fd, text, strlen(text), 0), strlen(text));
}

static struct fields hear(struct arena *a, int fd)
{
	struct fields answer;
	char bytes[4096];
	struct err err;
	ssize_t n;

	while ((n = recv(fd, bytes, sizeof bytes - 1, 0)) < 0)
		usleep(1000);
	assert_true(n > 0);
	bytes[n] = '\0';
	assert_int_equal(fields_unpack(a, bytes, &answer, &err), OK);
	return answer;
}

static struct fields tell(struct arena *a, int fd, const char *hook)
{
	struct fields answer;

	hand_over(a, fd, hook);
	answer = hear(a, fd);
	assert_string_equal(fields_get(&answer, "notice", ""), "12");
	return answer;
}

/* The first child of a process; 0: it has none yet. */
static pid_t child_of(pid_t parent)
{
	char name[100];
	long pid = 0;
	FILE *f;

	snprintf(name, sizeof name, "/proc/%d/task/%d/children", (int)parent, (int)parent);
	f = fopen(name, "re");
	if (f && fscanf(f, "%ld", &pid) != 1)
		pid = 0;
	if (f)
		fclose(f);
	return (pid_t)pid;
}

static pid_t wait_for_child(pid_t parent)
{
	pid_t pid;

	while (!(pid = child_of(parent)))
		usleep(1000);
	return pid;
}

/* The keeper of a socket ends when it closes, and is gathered so that the next test's is the only child. */
static void end_hooks(int fd)
{
	pid_t keeper = wait_for_child(getpid());

	close(fd);
	waitpid(keeper, NULL, 0);
}

static void a_program_gets_json_and_its_status_counts(void **state)
{
	struct arena *a = arena_new();
	struct fields answer;
	struct config *c;
	struct err err;
	int fd;

	(void)state;
	write_file(path(a, "page"), arena_printf(a, "#!/bin/sh\ncat > %s/got\n[ ! -e %s/no ] || exit 3\n", folder, folder), 0700);
	c = configured(arena_printf(a, "[hooks]\nprogram = %s/page\n", folder));
	assert_string_equal(hooks_on(c, a), "program ");
	assert_int_equal(hook_start(c, true, &fd, NULL, &err), OK);
	answer = tell(a, fd, "program");
	assert_string_equal(fields_get(&answer, "good", ""), "1");
	assert_non_null(strstr(read_file(a, path(a, "got")), "\"id\":\"I-7\""));
	write_file(path(a, "page"), "#!/bin/sh\nexec <&-\nexit 3\n", 0700); /* it does not even read */
	answer = tell(a, fd, "program");
	assert_string_equal(fields_get(&answer, "text", ""), "it ended with status 3");
	write_file(path(a, "page"), arena_printf(a, "#!/bin/sh\ncat > %s/got\n[ ! -e %s/no ] || exit 3\n", folder, folder), 0700);
	write_file(path(a, "no"), "", 0600);
	answer = tell(a, fd, "program");
	assert_string_equal(fields_get(&answer, "good", ""), "0");
	assert_string_equal(fields_get(&answer, "text", ""), "it ended with status 3");
	end_hooks(fd);
	config_free(c);
	arena_free(a);
}

static const struct { const char *why, *ini, *says; } wrong[] = {
	{ "a program that is no path", "[hooks]\nprogram = page\n", "the whole path" },
	{ "a webhook that stands there in the open", "[hooks]\nwebhook = https://hooks.example/T0\n", "vault:NAME, file:PATH or env:NAME" },
	{ "a variable that is not there", "[hooks]\nwebhook = env:TALLYMAN_NO_SUCH\n", "is not in the environment" },
	{ "a file that is not there", "[hooks]\nwebhook = file:/nowhere/at/all\n", "No such file" },
	{ "a mail from nobody", "[hooks]\nmail_server = smtps://x:465\n", "mail_from and mail_to" },
};

static void what_cannot_be_meant_is_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		struct config *c = configured(wrong[i].ini);
		struct err err = { 0 };
		int fd;

		if (hook_start(c, false, &fd, NULL, &err) != FAULT_REFUSED || !strstr(err.text, wrong[i].says) || fd != -1 || strstr(err.text, "hooks.example"))
			fail_msg("%s: %s", wrong[i].why, err.text);
		config_free(c);
	}
	{
		struct config *none = configured("[store]\nprofile = demo\n");
		struct err err;
		int fd;

		assert_int_equal(hook_start(none, false, &fd, NULL, &err), OK);
		assert_int_equal(fd, -1);
		config_free(none);
	}
}

/* ---- the other end of a line, on loopback: it keeps what it hears in a file ---- */

static int listen_here(int *port)
{
	struct sockaddr_in at = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t n = sizeof at;
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	assert_int_equal(bind(fd, (struct sockaddr *)&at, sizeof at), 0);
	assert_int_equal(listen(fd, 4), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&at, &n), 0);
	*port = ntohs(at.sin_port);
	return fd;
}

static void say(int fd, const char *text)
{
	if (write(fd, text, strlen(text)) < 0)
		_exit(1);
}

static _Noreturn void answer_http(int fd, FILE *keep)
{
	char bytes[8192];
	ssize_t n = read(fd, bytes, sizeof bytes);

	fwrite(bytes, 1, n > 0 ? (size_t)n : 0, keep);
	fclose(keep);
	say(fd, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok");
	_exit(0);
}

static _Noreturn void answer_smtp(int fd, FILE *keep)
{
	FILE *in = fdopen(dup(fd), "r");
	char line[2048];
	bool data = false;

	say(fd, "220 here\r\n");
	while (fgets(line, sizeof line, in)) {
		if (!data && (!strncmp(line, "EHLO", 4) || !strncmp(line, "AUTH", 4))) {
			say(fd, *line == 'E' ? "250-here\r\n250 AUTH PLAIN\r\n" : "334 \r\n");
			continue;
		}
		fputs(line, keep);
		fflush(keep);
		if (data && strcmp(line, ".\r\n"))
			continue;
		data = !data && !strncmp(line, "DATA", 4);
		say(fd, data ? "354 go on\r\n" : strncmp(line, "AHQA", 4) ? "250 good\r\n" : "235 come in\r\n");
		if (!strncmp(line, "QUIT", 4))
			break;
	}
	_exit(0);
}

static pid_t serve(int listener, bool smtp, const char *file)
{
	pid_t pid = fork();

	if (pid == 0) {
		int fd = accept(listener, NULL, NULL);
		FILE *keep = fopen(file, "we");

		(smtp ? answer_smtp : answer_http)(fd, keep);
	}
	return pid;
}

/* Neither to our terminal nor into our log; its first line helps who looks why it failed. */
static void what_a_program_prints_is_kept_apart(void **state)
{
	struct arena *a = arena_new();
	struct fields answer;
	struct config *c;
	struct err err;
	int fd;

	(void)state;
	write_file(path(a, "page"), "#!/bin/sh\nprintf '\\033[2Jno such number\\nmore\\n' >&2\nhead -c 200000 /dev/zero\nexit 4\n", 0700);
	c = configured(arena_printf(a, "[hooks]\nprogram = %s/page\n", folder));
	assert_int_equal(hook_start(c, true, &fd, NULL, &err), OK);
	answer = tell(a, fd, "program");
	assert_string_equal(fields_get(&answer, "text", ""), "it ended with status 4: ^[[2Jno such number");
	end_hooks(fd);
	config_free(c);
	arena_free(a);
}

static void a_webhook_gets_slacks_shape_and_a_mail_its_headers(void **state)
{
	struct arena *a = arena_new();
	int http, smtp, http_port, smtp_port, fd;
	struct fields answer;
	struct config *c;
	struct err err;
	pid_t one, two;

	(void)state;
	http = listen_here(&http_port);
	smtp = listen_here(&smtp_port);
	one = serve(http, false, path(a, "post"));
	two = serve(smtp, true, path(a, "mail"));
	write_file(path(a, "webhook"), arena_printf(a, "http://127.0.0.1:%d/services/T0/B0/secret\n", http_port), 0600);
	c = configured(arena_printf(a, "[hooks]\nwebhook = file:%s/webhook\nmail_server = smtp://127.0.0.1:%d\nmail_from = t@example.com\nmail_to = ops@example.com jo@example.com\n",
	                            folder, smtp_port));
	assert_int_equal(hook_start(c, true, &fd, NULL, &err), OK);
	answer = tell(a, fd, "webhook");
	assert_string_equal(fields_get(&answer, "text", ""), "taken");
	answer = tell(a, fd, "mail");
	assert_string_equal(fields_get(&answer, "text", ""), "taken");
	waitpid(one, NULL, 0);
	waitpid(two, NULL, 0);
	end_hooks(fd);
	assert_non_null(strstr(read_file(a, path(a, "post")), "POST /services/T0/B0/secret"));
	assert_non_null(strstr(read_file(a, path(a, "post")), "{\"text\":\"CRIT I-7 opened"));
	assert_non_null(strstr(read_file(a, path(a, "mail")), "RCPT TO:<jo@example.com>"));
	assert_non_null(strstr(read_file(a, path(a, "mail")), "Subject: tallyman CRIT I-7 opened"));
	close(http);
	close(smtp);
	config_free(c);
	arena_free(a);
}

/* From a process without an engine, as the timer's `tallyman health --page` is: each of the three has its secret, and the program neither. */
static void all_three_are_told_from_one_process(void **state)
{
	struct arena *a = arena_new();
	int http, smtp, http_port, smtp_port;
	struct fields m = incident(a);
	struct err err = { .text = "" };
	struct config *c;
	pid_t one, two;

	(void)state;
	http = listen_here(&http_port);
	smtp = listen_here(&smtp_port);
	one = serve(http, false, path(a, "post"));
	two = serve(smtp, true, path(a, "mail"));
	setenv("TALLYMAN_PAGE_WEBHOOK", arena_printf(a, "http://127.0.0.1:%d/services/T0/B0/secret", http_port), 1);
	setenv("TALLYMAN_PAGE_PASSWORD", "hunter2", 1);
	write_file(path(a, "page"), arena_printf(a, "#!/bin/sh\nenv > %s/env\ncat > %s/got\n", folder, folder), 0700);
	c = configured(arena_printf(a, "[hooks]\nprogram = %s/page\nwebhook = env:TALLYMAN_PAGE_WEBHOOK\nmail_server = smtp://127.0.0.1:%d\nmail_from = t@example.com\n"
	                               "mail_to = ops@example.com\nmail_user = t\nmail_password = env:TALLYMAN_PAGE_PASSWORD\n",
	                            folder, smtp_port));
	if (hooks_tell(c, true, NULL, NULL, &m, "opened", &err) != 3)
		fail_msg("%s", err.text);
	waitpid(one, NULL, 0);
	waitpid(two, NULL, 0);
	assert_non_null(strstr(read_file(a, path(a, "post")), "POST /services/T0/B0/secret"));
	assert_non_null(strstr(read_file(a, path(a, "mail")), "AHQAaHVudGVyMg==")); /* RFC 4616: NUL t NUL hunter2 */
	assert_null(strstr(read_file(a, path(a, "env")), "TALLYMAN_PAGE_"));
	assert_null(getenv("TALLYMAN_PAGE_PASSWORD"));
	close(http);
	close(smtp);
	config_free(c);
	arena_free(a);
}

/* ---- a runner that dies ---- */

static void a_runner_that_dies_is_replaced_and_what_it_had_in_hand_is_told_again(void **state)
{
	struct arena *a = arena_new();
	struct fields answer;
	struct config *c;
	struct err err;
	pid_t keeper, runner;
	int fd;

	(void)state;
	write_file(path(a, "slow"), arena_printf(a, "#!/bin/sh\ncat > %s/got\ntouch %s/begun\n[ -e %s/quick ] || exec sleep 9\n", folder, folder, folder), 0700);
	c = configured(arena_printf(a, "[hooks]\nprogram = %s/slow\n", folder));
	assert_int_equal(hook_start(c, true, &fd, NULL, &err), OK);
	keeper = wait_for_child(getpid());
	runner = wait_for_child(keeper);
	hand_over(a, fd, "program");
	while (access(path(a, "begun"), F_OK))
		usleep(1000);
	kill(runner, SIGKILL);
	answer = hear(a, fd);
	assert_string_equal(fields_get(&answer, "good", ""), "0");
	assert_string_equal(fields_get(&answer, "text", ""), "the runner was ended by signal 9; another is begun");
	write_file(path(a, "quick"), "", 0600);
	answer = tell(a, fd, "program");
	assert_string_equal(fields_get(&answer, "text", ""), "taken");
	assert_int_not_equal(wait_for_child(keeper), runner);
	end_hooks(fd);
	config_free(c);
	arena_free(a);
}

/* ---- secrets ---- */

/* Anything of a process that another one of the same user may read by name. */
static bool shows(struct arena *a, pid_t pid, const char *secret)
{
	static const char *const names[] = { "environ", "cmdline" };
	bool found = false;

	for (size_t i = 0; i < 2; i++) {
		char *bytes = arena_alloc(a, 1 << 18);
		FILE *f = fopen(arena_printf(a, "/proc/%d/%s", (int)pid, names[i]), "re");
		size_t n = f ? fread(bytes, 1, (1 << 18) - 1, f) : 0;

		found |= memmem(bytes, n, secret, strlen(secret)) != NULL;
		if (f)
			fclose(f);
	}
	return found;
}

/* The vault's comes with each message and is wiped after it; a runner that was begun anew knows it as well. */
static void a_secret_of_the_vault_comes_with_its_message_and_goes_with_it(void **state)
{
	struct arena *a = arena_new();
	struct fields answer;
	struct config *c;
	struct err err;
	char given[200];
	int http, port, fd;
	pid_t one, keeper;

	(void)state;
	http = listen_here(&port);
	one = serve(http, false, path(a, "vaulted"));
	c = configured("[hooks]\nwebhook = vault:slack\n");
	assert_int_equal(hook_start(c, true, &fd, NULL, &err), OK);
	answer = tell(a, fd, "webhook");
	assert_non_null(strstr(fields_get(&answer, "text", ""), "not known here"));
	snprintf(given, sizeof given, "%chttp://127.0.0.1:%d/services/T0/B0/of-the-vault", HOOK_SECRET, port);
	assert_int_equal(send(fd, given, strlen(given), 0), strlen(given));
	answer = tell(a, fd, "webhook");
	assert_string_equal(fields_get(&answer, "text", ""), "taken");
	waitpid(one, NULL, 0);
	assert_non_null(strstr(read_file(a, path(a, "vaulted")), "POST /services/T0/B0/of-the-vault"));
	answer = tell(a, fd, "webhook");
	assert_non_null(strstr(fields_get(&answer, "text", ""), "not known here"));
	snprintf(given, sizeof given, "%chttp://127.0.0.1:1/services/T0/B0/of-the-vault", HOOK_SECRET);
	assert_int_equal(send(fd, given, strlen(given), 0), strlen(given));
	answer = tell(a, fd, "webhook"); /* nobody listens there */
	assert_string_equal(fields_get(&answer, "good", ""), "0");
	assert_null(strstr(fields_get(&answer, "text", ""), "of-the-vault"));
	keeper = wait_for_child(getpid());
	assert_false(shows(a, keeper, "of-the-vault") || shows(a, wait_for_child(keeper), "of-the-vault"));
	end_hooks(fd);
	close(http);
	config_free(c);
	arena_free(a);
}

static void a_secret_of_the_environment_is_wiped_from_it(void **state)
{
	struct arena *a = arena_new();
	struct config *c;
	struct err err;
	pid_t keeper;
	int fd;

	(void)state;
	write_file(path(a, "shows"), arena_printf(a, "#!/bin/sh\ncat > /dev/null\nenv > %s/environment\n", folder), 0700);
	c = configured(arena_printf(a, "[hooks]\nprogram = %s/shows\nwebhook = env:TALLYMAN_TEST_HOOK\n[account walmart-us]\nclient_secret = env:TALLYMAN_TEST_ACCOUNT\n", folder));
	assert_non_null(getenv("TALLYMAN_TEST_HOOK")); /* main put it there, as whoever starts an engine does */
	assert_int_equal(hook_start(c, true, &fd, NULL, &err), OK);
	assert_null(getenv("TALLYMAN_TEST_HOOK"));
	tell(a, fd, "program");
	keeper = wait_for_child(getpid());
	assert_false(shows(a, getpid(), "never-seen") || shows(a, keeper, "never-seen") || shows(a, wait_for_child(keeper), "never-seen"));
	assert_false(shows(a, keeper, "account-only") || shows(a, wait_for_child(keeper), "account-only"));
	assert_string_equal(getenv("TALLYMAN_TEST_ACCOUNT"), "account-only"); /* the engine has still to read it */
	assert_null(strstr(read_file(a, path(a, "environment")), "TALLYMAN_TEST_"));
	assert_non_null(strstr(read_file(a, path(a, "environment")), "PATH="));
	end_hooks(fd);
	config_free(c);
	arena_free(a);
}

static void a_secret_in_a_file_may_be_changed_without_a_new_start(void **state)
{
	struct arena *a = arena_new();
	struct fields answer;
	struct config *c;
	struct err err;
	int http, port, fd;
	pid_t one;

	(void)state;
	http = listen_here(&port);
	one = serve(http, false, path(a, "changed"));
	write_file(path(a, "address"), "http://127.0.0.1:1/old\n", 0600);
	c = configured(arena_printf(a, "[hooks]\nwebhook = file:%s/address\n", folder));
	assert_int_equal(hook_start(c, true, &fd, NULL, &err), OK);
	answer = tell(a, fd, "webhook");
	assert_string_equal(fields_get(&answer, "good", ""), "0");
	write_file(path(a, "address"), arena_printf(a, "http://127.0.0.1:%d/new\n", port), 0600);
	answer = tell(a, fd, "webhook");
	assert_string_equal(fields_get(&answer, "text", ""), "taken");
	waitpid(one, NULL, 0);
	assert_non_null(strstr(read_file(a, path(a, "changed")), "POST /new"));
	end_hooks(fd);
	close(http);
	config_free(c);
	arena_free(a);
}

static void a_secret_that_others_may_read_is_refused(void **state)
{
	struct arena *a = arena_new();
	struct config *c;
	struct err err = { 0 };
	int fd;

	(void)state;
	write_file(path(a, "open"), "https://hooks.example/T0\n", 0644);
	c = configured(arena_printf(a, "[hooks]\nwebhook = file:%s/open\n", folder));
	assert_int_equal(hook_start(c, false, &fd, NULL, &err), FAULT_REFUSED);
	assert_non_null(strstr(err.text, "chmod 600"));
	config_free(c);
	arena_free(a);
}

static void plain_http_is_for_loopback_alone(void **state)
{
	struct err err = { 0 };

	(void)state;
	assert_int_equal(http_post_once("http://192.0.2.1/x", "{}", true, 1000, &err), FAULT_NET);
	assert_non_null(strstr(err.text, "http"));
}

static int make_folder(void **state)
{
	(void)state;
	strcpy(folder, "/tmp/tallyman-hook-XXXXXX");
	return mkdtemp(folder) ? 0 : -1;
}

static int drop_folder(void **state)
{
	char command[100];

	(void)state;
	snprintf(command, sizeof command, "rm -rf %s", folder);
	return system(command);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_said),
		cmocka_unit_test(a_program_gets_json_and_its_status_counts),
		cmocka_unit_test(what_cannot_be_meant_is_refused),
		cmocka_unit_test(what_a_program_prints_is_kept_apart),
		cmocka_unit_test(a_webhook_gets_slacks_shape_and_a_mail_its_headers),
		cmocka_unit_test(all_three_are_told_from_one_process),
		cmocka_unit_test(a_runner_that_dies_is_replaced_and_what_it_had_in_hand_is_told_again),
		cmocka_unit_test(a_secret_of_the_vault_comes_with_its_message_and_goes_with_it),
		cmocka_unit_test(a_secret_of_the_environment_is_wiped_from_it),
		cmocka_unit_test(a_secret_in_a_file_may_be_changed_without_a_new_start),
		cmocka_unit_test(a_secret_that_others_may_read_is_refused),
		cmocka_unit_test(plain_http_is_for_loopback_alone),
	};

	(void)argc;
	if (!getenv("TALLYMAN_TEST_HOOK")) { /* what stands in the environment from the start is what others may see of it */
		setenv("TALLYMAN_TEST_HOOK", "http://127.0.0.1:1/never-seen", 1);
		setenv("TALLYMAN_TEST_ACCOUNT", "account-only", 1);
		setenv("TALLYMAN_TEST_OTHER", "nobody's business", 1);
		execv("/proc/self/exe", argv);
	}
	return cmocka_run_group_tests(tests, make_folder, drop_folder);
}
