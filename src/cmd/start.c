#include "cmd/start.h"

#include "channels/channel.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

enum { READY_FD = 3, READY_MS = 30000 };

int start_detached(const char *const argv[], const char *log, int keep, pid_t *pid)
{
	int ends[2];

	if (pipe2(ends, O_CLOEXEC))
		return -1;
	*pid = fork();
	if (*pid == 0) {
		int null = open("/dev/null", O_RDWR), out;

		setsid();
		umask(077);
		out = open(log, O_CREAT | O_APPEND | O_WRONLY | O_CLOEXEC, 0600);
		dup2(null, STDIN_FILENO);
		dup2(out >= 0 ? out : null, STDOUT_FILENO);
		dup2(out >= 0 ? out : null, STDERR_FILENO);
		if (keep >= 0)
			fcntl(keep, F_DUPFD, 10); /* a copy without close-on-exec */
		dup2(ends[1], READY_FD);
		execv("/proc/self/exe", (char *const *)argv);
		_exit(127);
	}
	close(ends[1]);
	return ends[0];
}

bool start_stands(int fd)
{
	struct pollfd p = { fd, POLLIN, 0 };
	char c;
	bool yes = fd >= 0 && poll(&p, 1, READY_MS) == 1 && read(fd, &c, 1) == 1;

	if (fd >= 0)
		close(fd);
	return yes;
}

bool start_speaks(const char *channel)
{
	return channel_find(channel) != NULL;
}
