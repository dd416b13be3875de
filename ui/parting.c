#include "ui/parting.h"

#include <assert.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const int deadly[] = { SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT };

enum { DEADLY = sizeof deadly / sizeof *deadly };

static struct {
	volatile sig_atomic_t armed;
	int fd;
	struct termios was;
	char bytes[PARTING_MAX];
	size_t n;
	struct sigaction old[DEADLY];
} parting;

static void put_back(void)
{
	ssize_t ignored;

	if (!parting.armed)
		return;
	parting.armed = 0;
	ignored = write(parting.fd, parting.bytes, parting.n);
	(void)ignored;
	tcsetattr(parting.fd, TCSANOW, &parting.was);
}

static void on_crash(int sig)
{
	put_back();
	for (size_t i = 0; i < DEADLY; i++)
		if (deadly[i] == sig)
			sigaction(sig, &parting.old[i], NULL);
	raise(sig);
}

void parting_arm(int fd, const struct termios *was, const char *bytes, size_t n)
{
	struct sigaction act = { .sa_handler = on_crash };

	assert(n <= sizeof parting.bytes);
	parting.fd = fd;
	parting.was = *was;
	parting.n = n;
	memcpy(parting.bytes, bytes, n);
	for (size_t i = 0; i < DEADLY; i++)
		sigaction(deadly[i], &act, &parting.old[i]);
	parting.armed = 1;
	atexit(put_back);
}

void parting_watch(bool on)
{
	parting.armed = on;
}

void parting_disarm(void)
{
	parting.armed = 0;
	for (size_t i = 0; i < DEADLY; i++)
		sigaction(deadly[i], &parting.old[i], NULL);
}
