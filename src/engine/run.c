#include "engine/run.h"

#include "base/log.h"
#include "engine/watch.h"

#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

enum { FDS = 4, IDLE_MS = 60000, PORTS = 64 };

static int catch_signals(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGHUP);
	sigprocmask(SIG_BLOCK, &set, NULL);
	return signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
}

static bool told_to_stop(int fd)
{
	struct signalfd_siginfo s;

	return read(fd, &s, sizeof s) == (ssize_t)sizeof s;
}

static void wait_for_work(struct engine *e, const struct run_options *o, int signals, int64_t now_ms, int64_t until_ms)
{
	int fds[FDS], n;
	int64_t due = engine_next_due(e, now_ms);

	if (due <= now_ms)
		due = now_ms; /* look at the sockets, wait for nothing */
	fds[0] = signals;
	n = 1 + engine_fds(e, fds + 1, FDS - 1);
	o->engine.net->wait(o->engine.net, fds, n, due < until_ms ? due : until_ms);
}

/* The fences close behind the last secret: a locked engine may still have to ask a command for one. */
static bool fence_when_standing(const struct engine *e, const char *dir)
{
	unsigned fences;
	int port[PORTS], ports;

	if (!engine_standing(e))
		return false;
	ports = engine_ports(e, port, PORTS);
	fences = engine_fence_in(dir, port, ports);
	log_info("engine for %s, pid %ld%s%s%s", dir, (long)getpid(), fences & FENCE_FILES ? "" : ", no landlock", fences & FENCE_PORTS ? "" : ", any port", fences & FENCE_CALLS ? "" : ", no seccomp");
	return true;
}

enum fault engine_run(const struct run_options *o, struct err *err)
{
	int signals = catch_signals();
	struct watch watch = watch_open();
	int64_t end_ms = o->for_ms ? clock_now(&o->engine.clock) + o->for_ms : INT64_MAX;
	struct engine *e;
	bool fenced;
	enum fault f = engine_open(&o->engine, &e, err);

	if (f) {
		close(signals);
		return f;
	}
	if (o->ready_fd >= 0 && write(o->ready_fd, "r", 1) == 1)
		close(o->ready_fd);
	fenced = fence_when_standing(e, o->engine.dir);
	if (!fenced)
		log_warn("the vault of %s is locked: `tallyman vault unlock` opens it", o->engine.dir);
	watch_ready(&watch, clock_now(&o->engine.clock));
	for (;;) {
		int64_t now_ms = clock_now(&o->engine.clock), watch_ms = watch_alive(&watch, now_ms);

		engine_turn(e, now_ms);
		fenced = fenced || fence_when_standing(e, o->engine.dir);
		if (told_to_stop(signals) || engine_stopping(e) || now_ms >= end_ms)
			break;
		if (o->until_idle && engine_idle(e, now_ms, now_ms + IDLE_MS))
			break;
		wait_for_work(e, o, signals, now_ms, watch_ms < end_ms ? watch_ms : end_ms);
	}
	log_info("engine stops");
	watch_close(&watch);
	f = engine_end(e, err);
	engine_close(e);
	close(signals);
	return f;
}
