#include "cmd/helper.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

bool helper_fork(struct helper *h, int *say)
{
	pid_t parent = getpid();
	int ends[2];

	*h = (struct helper){ .pid = -1, .fd = -1 };
	if (pipe2(ends, O_CLOEXEC))
		return false;
	fflush(NULL); /* or it is printed twice */
	h->pid = fork();
	if (!h->pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (getppid() != parent)
			_exit(EXIT_FAILURE);
		close(ends[0]);
		*say = ends[1];
		return true;
	}
	close(ends[1]);
	h->fd = ends[0];
	return false;
}

static bool is_there(const struct helper *h, int ms)
{
	struct pollfd p = { .fd = h->fd, .events = POLLIN };

	return h->pid > 0 && poll(&p, 1, ms) == 1;
}

bool helper_hear(const struct helper *h, void *out, size_t n, int ms)
{
	return is_there(h, ms) && read(h->fd, out, n) == (ssize_t)n; /* so little goes through a pipe at once */
}

int helper_end(struct helper *h, int ms)
{
	int status = -1;
	char rest;
	bool ended = is_there(h, ms) && read(h->fd, &rest, 1) == 0; /* the pipe's other end closes with it */

	if (h->pid > 0 && !ended)
		kill(h->pid, SIGKILL);
	if (ended && waitpid(h->pid, &status, 0) == h->pid)
		status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
	if (h->fd >= 0)
		close(h->fd);
	*h = (struct helper){ .pid = -1, .fd = -1 };
	return status;
}
