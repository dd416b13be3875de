#include "tests/fault/branch.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

enum { AT_ONCE = 16, LONGEST_S = 300 };

struct branches {
	int at_once, next;
	struct {
		pid_t pid;
		int group;
	} slot[AT_ONCE];
	int bad[BRANCH_GROUPS];
};

struct branches *branches_open(int at_once)
{
	struct branches *b = calloc(1, sizeof *b);

	if (!b)
		abort();
	b->at_once = at_once < 0 ? 0 : at_once > AT_ONCE ? AT_ONCE : at_once;
	return b;
}

static void wait_for(struct branches *b, int i)
{
	int status;

	if (!b->slot[i].pid)
		return;
	if (waitpid(b->slot[i].pid, &status, 0) < 0)
		abort();
	if (WIFSIGNALED(status))
		printf("a branch ended with signal %d\n", WTERMSIG(status));
	b->bad[b->slot[i].group] += status != 0;
	b->slot[i].pid = 0;
}

bool branch_off(struct branches *b, int group)
{
	int i = b->at_once ? b->next++ % b->at_once : 0;
	pid_t pid;

	wait_for(b, i); /* the oldest: its place is the new one's */
	fflush(NULL);
	pid = fork();
	if (pid < 0)
		abort();
	if (!pid) {
		alarm(LONGEST_S);
		return true;
	}
	b->slot[i].pid = pid;
	b->slot[i].group = group;
	if (!b->at_once)
		wait_for(b, i);
	return false;
}

void branch_end(bool well)
{
	fflush(NULL);
	_exit(!well);
}

void branches_wait(struct branches *b)
{
	for (int i = 0; i < AT_ONCE; i++)
		wait_for(b, i);
}

int branches_bad(const struct branches *b, int group)
{
	return b->bad[group];
}

void branches_close(struct branches *b)
{
	branches_wait(b);
	free(b);
}
