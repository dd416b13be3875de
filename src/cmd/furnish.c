#include "cmd/furnish.h"

#include <fcntl.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

enum { TRIES = 120, AGAIN_MS = 1000, WORDS = 8 };

static const char *const said[][WORDS] = {
	{ "map", "set", "walmart-us", "HP-PRUNER-CASE6", "HP-PRUNER-1", "--pack=6", "--confirm=map 1 SKU walmart-us", NULL },
	{ "map", "set", "amazon", "HP-PRUNER-CASE6", "HP-PRUNER-1", "--pack=6", "--confirm=map 1 SKU amazon", NULL },
	{ "map", "set", "ebay-us", "HP-PRUNER-CASE6", "HP-PRUNER-1", "--pack=6", "--confirm=map 1 SKU ebay-us", NULL },
	{ "map", "set", "shopify", "HP-PRUNER-CASE6", "HP-PRUNER-1", "--pack=6", "--confirm=map 1 SKU shopify", NULL },
	{ "map", "kit", "set", "HP-GIFT-BATH", "HP-TOWEL-SLT=1", "HP-SOAP-CDR=2", "--confirm=map 1 kit", NULL },
};

static bool say(const char *const words[WORDS], const char *dir, const char *config)
{
	const char *argv[WORDS + 6] = { "tallyman" };
	int n = 1, status = 1;
	pid_t pid;

	for (int i = 0; i < WORDS && words[i]; i++)
		argv[n++] = words[i];
	argv[n++] = "--store";
	argv[n++] = dir;
	argv[n++] = "--config";
	argv[n++] = config;
	pid = fork();
	if (pid == 0) {
		int null = open("/dev/null", O_RDWR);

		dup2(null, STDIN_FILENO);
		dup2(null, STDOUT_FILENO);
		dup2(null, STDERR_FILENO); /* it says that it does not know the item yet, again and again */
		execv("/proc/self/exe", (char *const *)argv);
		_exit(127);
	}
	return pid > 0 && waitpid(pid, &status, 0) == pid && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

int furnish(const char *dir, const char *config)
{
	size_t i = 0;

	for (int tries = 0; tries < TRIES && i < sizeof said / sizeof *said; tries++) {
		while (i < sizeof said / sizeof *said && say(said[i], dir, config))
			i++;
		if (i < sizeof said / sizeof *said)
			poll(NULL, 0, AGAIN_MS);
	}
	if (i == sizeof said / sizeof *said)
		return 0;
	fprintf(stderr, "tallyman demo: its case and its gift set were not mapped within two minutes: tallyman map faults shows them\n");
	return 1;
}
