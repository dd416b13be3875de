/*
 * The engine's side of the hooks: what waits in the store is handed to the runner, and what became of it is written down.
 */
#include "engine/hook.h"

#include "engine/parts.h"
#include "base/log.h"
#include "trade/accounts.h"
#include "trade/alerts.h"
#include "trade/incidents.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

enum { LOOK_MS = 1000, TOLD_AFTER = 3, CREW_LEAST_MS = 1000, CREW_MOST_MS = 60000 };

#define NO_RUNNER "hook runner"

/* The hook's name outlives the turn: it is one of three words. */
static const char *lasting(const char *hook)
{
	return !strcmp(hook, "program") ? "program" : !strcmp(hook, "mail") ? "mail" : "webhook";
}

static enum fault tell_hook(struct engine *e, const struct notice *n, const char *why, int64_t now_ms, struct err *err)
{
	struct alert alert = {
		.key = arena_printf(e->turn, "hook %s", n->hook),
		.kind = "hook",
		.severity = "WARN",
		.subject = n->hook,
		.text = arena_printf(e->turn, "the %s of [hooks] takes no message: %.150s", n->hook, why),
		.next = "tried again every 5 minutes by itself; tallyman hooks shows what waits",
	};

	return n->tries + 1 >= TOLD_AFTER ? alert_raise(e->store, &alert, now_ms, err) : OK;
}

/* Which one is it about? id 0: none that anything can be said of. */
static struct notice what_of(struct engine *e, const struct fields *m, bool good)
{
	int64_t id = fields_int(m, "notice", 0);
	struct notice said = e->hook_said;

	if (id && id != said.id) /* its runner died before it was read, and the next one found it waiting: it was taken after all */
		return good ? (struct notice){ .id = id, .hook = lasting(fields_get(m, "hook", "")) } : (struct notice){ 0 };
	e->hook_said = (struct notice){ 0 };
	return said;
}

static enum fault land(struct engine *e, const struct fields *m, int64_t now_ms, struct err *err)
{
	static const int64_t ladder_ms[] = { 5000, 15000, 60000, 300000 };
	bool good = fields_int(m, "good", 0) == 1;
	const char *text = fields_get(m, "text", "");
	struct notice n = what_of(e, m, good);
	int64_t step = n.tries < 3 ? n.tries : 3;
	enum fault f;

	if (!n.id)
		return OK;
	f = store_begin(e->store, err);

	if (!f)
		f = good ? notice_sent(e->store, n.id, text, now_ms, err) : notice_again(e->store, n.id, now_ms + ladder_ms[step], text, err);
	if (!f)
		f = good ? alert_close(e->store, arena_printf(e->turn, "hook %s", n.hook), now_ms, err) : tell_hook(e, &n, text, now_ms, err);
	if (!f && !engine_commit(e, err))
		f = FAULT_STORE;
	if (f)
		store_rollback(e->store);
	return f;
}

/* As if the runner had said so. */
static void cannot(struct engine *e, const struct err *why, int64_t now_ms)
{
	struct fields m = fields_new(e->turn);
	struct err err;

	fields_put_int(&m, "good", 0);
	fields_put(&m, "text", why->text);
	if (land(e, &m, now_ms, &err))
		log_error("hooks: %s", err.text);
}

/* ---- two crews: when one is killed the other goes on, and begins the next ---- */

/* Both were killed: what is fenced in begins none. What is to be told waits in the store, and `tallyman health --page` tells that it does. */
static void tell_gone(struct engine *e, int64_t now_ms)
{
	struct alert alert = {
		.key = NO_RUNNER,
		.kind = "hook",
		.severity = "WARN",
		.subject = "hooks",
		.text = "the processes that tell people were killed: nobody is told of anything",
		.next = "begin the engine again; what waits is told then (tallyman hooks)",
	};
	struct err err;

	log_error("%s", alert.text);
	if (store_begin(e->store, &err) || alert_raise(e->store, &alert, now_ms, &err) || !engine_commit(e, &err)) {
		store_rollback(e->store);
		log_error("hooks: %s", err.text);
	}
}

/* One that lived for a while was well: its end says nothing about the next. Whose parent the engine is, is gone for good now. */
static void note_death(struct engine *e, int64_t now_ms)
{
	while (waitpid(-1, NULL, WNOHANG) > 0)
		;
	if (now_ms - e->crew.began_ms > CREW_MOST_MS)
		e->crew.wait_ms = CREW_LEAST_MS;
	e->crew.due_ms = now_ms + e->crew.wait_ms;
	e->crew.wait_ms = e->crew.wait_ms * 2 < CREW_MOST_MS ? e->crew.wait_ms * 2 : CREW_MOST_MS;
}

static void drop_spare(struct engine *e, int64_t now_ms)
{
	if (e->crew.spare_fd < 0)
		return;
	close(e->crew.spare_fd);
	e->crew.spare_fd = -1;
	note_death(e, now_ms);
	log_warn("hooks: the spare crew was killed; another is begun in %" PRId64 " s", (e->crew.due_ms - now_ms) / 1000);
}

/* What it had in hand is told by the other one. */
static void drop_crew(struct engine *e, int64_t now_ms)
{
	struct err why;
	bool spare = e->crew.spare_fd >= 0;

	close(e->hook_fd);
	e->hook_fd = e->crew.spare_fd;
	e->crew.spare_fd = -1;
	note_death(e, now_ms);
	if (!spare) {
		tell_gone(e, now_ms);
		return;
	}
	log_warn("hooks: the crew that tells people was killed; the spare one goes on");
	err_set(&why, FAULT_NET, "who had it in hand was killed; another tells it");
	if (e->hook_said.id)
		cannot(e, &why, now_ms);
}

static bool is_closed(int fd)
{
	char bytes[4096]; /* its keeper's word that a runner died: it begins another */
	ssize_t n = recv(fd, bytes, sizeof bytes, MSG_DONTWAIT);

	return !n || (n < 0 && errno != EAGAIN && errno != EINTR);
}

/* The one there is begins another, on a socket whose end goes with the message. */
static void begin_spare(struct engine *e, int64_t now_ms)
{
	union {
		struct cmsghdr head;
		char room[CMSG_SPACE(sizeof(int))];
	} control = { 0 };
	char mark = HOOK_CREW;
	struct iovec part = { &mark, 1 };
	struct msghdr m = { .msg_iov = &part, .msg_iovlen = 1, .msg_control = control.room, .msg_controllen = sizeof control.room };
	struct cmsghdr *c = CMSG_FIRSTHDR(&m);
	int ends[2];

	e->crew.due_ms = now_ms + e->crew.wait_ms;
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends))
		return;
	*c = (struct cmsghdr){ .cmsg_len = CMSG_LEN(sizeof(int)), .cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS };
	memcpy(CMSG_DATA(c), &ends[1], sizeof(int));
	if (sendmsg(e->hook_fd, &m, MSG_NOSIGNAL | MSG_DONTWAIT) == 1) {
		fcntl(ends[0], F_SETFL, O_NONBLOCK);
		e->crew.spare_fd = ends[0];
		e->crew.began_ms = now_ms;
	} else {
		close(ends[0]);
	}
	close(ends[1]);
}

static void watch_spare(struct engine *e, int64_t now_ms)
{
	if (!e->crew.wait_ms) /* this engine was given none */
		return;
	if (e->crew.spare_fd >= 0 && is_closed(e->crew.spare_fd))
		drop_spare(e, now_ms);
	if (e->crew.spare_fd < 0 && now_ms >= e->crew.due_ms)
		begin_spare(e, now_ms);
	if (e->crew.spare_fd < 0)
		wake_at(e, e->crew.due_ms);
}

static void hear(struct engine *e, int64_t now_ms)
{
	char bytes[4096];
	struct fields m;
	struct err err = { 0 };
	ssize_t n = recv(e->hook_fd, bytes, sizeof bytes - 1, MSG_DONTWAIT);

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n <= 0) {
		drop_crew(e, now_ms);
		return;
	}
	bytes[n] = '\0';
	if (fields_unpack(e->turn, bytes, &m, &err))
		return;
	if (!fields_int(&m, "notice", 0))
		log_warn("hooks: %s", fields_get(&m, "text", ""));
	if (land(e, &m, now_ms, &err))
		log_error("hooks: %s", err.text);
}

/* A secret of the vault's goes before the message it is for, from the vault's memory to the runner's. */
static enum fault hand_secret(struct engine *e, const char *hook, struct err *err)
{
	const char *ref = hook_reference(e->config, hook);
	const struct vault_entry *entry = vault_entry_of(e->vault, ref);
	char mark = HOOK_SECRET;
	struct iovec part[2] = { { &mark, 1 }, { 0 } };
	struct msghdr message = { .msg_iov = part, .msg_iovlen = 2 };

	if (strncmp(ref, "vault:", 6))
		return OK;
	if (!entry)
		return err_set(err, FAULT_AUTH, vault_locked(e->vault) ? "%.80s: the vault is locked: tallyman vault unlock" : "%.80s: the vault has none of that name: tallyman vault add", ref);
	part[1] = (struct iovec){ (char *)(uintptr_t)entry->value, strlen(entry->value) };
	return sendmsg(e->hook_fd, &message, MSG_NOSIGNAL | MSG_DONTWAIT) < 0 ? err_set(err, FAULT_BUSY, "%s", strerror(errno)) : OK;
}

static void hand_over(struct engine *e, int64_t now_ms)
{
	struct notice *n;
	struct err err;
	const char *text;
	int got = 0;

	if (notices_due(e->store, now_ms, 1, e->turn, &n, &got, &err) || !got)
		return;
	fields_put_int(&n->text, "notice", n->id);
	fields_put(&n->text, "hook", n->hook);
	fields_put(&n->text, "event", n->event);
	text = fields_pack(&n->text, e->turn);
	e->hook_said = (struct notice){ .id = n->id, .tries = n->tries, .hook = lasting(n->hook) };
	if (hand_secret(e, n->hook, &err))
		cannot(e, &err, now_ms);
	else if (send(e->hook_fd, text, strlen(text), MSG_NOSIGNAL | MSG_DONTWAIT) < 0)
		e->hook_said = (struct notice){ 0 };
}

enum fault hook_begin(struct engine *e, int64_t now_ms, struct err *err)
{
	enum fault f = meta_put(e->store, "hooks", hooks_on(e->config, e->turn), err);

	e->crew.began_ms = now_ms;
	e->crew.wait_ms = e->crew.spare_fd >= 0 ? CREW_LEAST_MS : 0;

	return f || e->hook_fd < 0 ? f : alert_close(e->store, NO_RUNNER, now_ms, err);
}

void hook_turn(struct engine *e, int64_t now_ms)
{
	if (e->hook_fd < 0)
		return;
	hear(e, now_ms);
	if (e->hook_fd >= 0)
		watch_spare(e, now_ms);
	if (e->hook_fd < 0 || e->hook_said.id)
		return;
	if (now_ms >= e->hook_ms) {
		e->hook_ms = now_ms + LOOK_MS;
		hand_over(e, now_ms);
	}
	wake_at(e, e->hook_ms);
}
