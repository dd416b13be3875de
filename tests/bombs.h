#ifndef TALLYMAN_TESTS_BOMBS_H
#define TALLYMAN_TESTS_BOMBS_H
/*
 * bombs.h: answers that are made to do harm: each sends to a line, without end or hardly at all, until the other end hangs up.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

/* Many of it at a time: it is about what they send, not about how fast they are. */
static inline void send_for_ever(int fd, const char *p, size_t n)
{
	static char lot[1 << 16];
	size_t len = 0;

	while (len + n <= sizeof lot) {
		memcpy(lot + len, p, n);
		len += n;
	}
	while (send(fd, lot, len, MSG_NOSIGNAL) > 0)
		;
}

static inline void body_for_ever(int fd)
{
	static const char head[] = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n";

	send(fd, head, sizeof head - 1, MSG_NOSIGNAL);
	send_for_ever(fd, "[", 1); /* deep as well */
}

static inline void chunks_for_ever(int fd)
{
	static const char head[] = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";

	send(fd, head, sizeof head - 1, MSG_NOSIGNAL);
	send_for_ever(fd, "10\r\n0123456789abcdef\r\n", 22);
}

static inline void headers_for_ever(int fd)
{
	static const char head[] = "HTTP/1.1 200 OK\r\n", more[] = "X-More: 0123456789abcdef0123456789abcdef0123456789abcdef\r\n";

	send(fd, head, sizeof head - 1, MSG_NOSIGNAL);
	send_for_ever(fd, more, sizeof more - 1);
}

static inline void continues_for_ever(int fd)
{
	static const char more[] = "HTTP/1.1 100 Continue\r\n\r\n";

	send_for_ever(fd, more, sizeof more - 1);
}

static inline void put_bits(unsigned char *p, size_t *at, unsigned code, int bits)
{
	for (int i = bits - 1; i >= 0; i--, ++*at)
		p[*at / 8] |= (unsigned char)((code >> i & 1) << *at % 8);
}

/*
 * Zeros without end, 159 to one: RFC 1951's fixed codes, where 13 bits say "the last byte, 258 times more". Three bits open the block and
 * eight are the first zero, so with one repetition the head is three bytes; eight repetitions are thirteen bytes, again and again.
 */
static inline void zeros_for_ever(int fd)
{
	static const char head[] = "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff";
	unsigned char start[3] = { 0 }, lot[13 * 4096] = { 0 };
	size_t at = 0;

	put_bits(start, &at, 2, 3); /* not the last block; 01, its lower bit first: fixed codes */
	put_bits(start, &at, 0x30, 8);
	put_bits(start, &at, 0xc5, 8);
	put_bits(start, &at, 0, 5);
	for (at = 0; at < sizeof lot * 8;) {
		put_bits(lot, &at, 0xc5, 8);
		put_bits(lot, &at, 0, 5);
	}
	send(fd, head, sizeof head - 1, MSG_NOSIGNAL);
	send(fd, start, sizeof start, MSG_NOSIGNAL);
	send_for_ever(fd, (const char *)lot, sizeof lot);
}

static inline void nearly_nothing(int fd)
{
	static const char head[] = "HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n";

	send(fd, head, sizeof head - 1, MSG_NOSIGNAL);
	while (send(fd, "1", 1, MSG_NOSIGNAL) == 1)
		poll(NULL, 0, 20);
}

static inline void nearly_no_head(int fd)
{
	static const char head[] = "HTTP/1.1 200 OK\r\nX-More: ";

	send(fd, head, sizeof head - 1, MSG_NOSIGNAL);
	while (send(fd, "1", 1, MSG_NOSIGNAL) == 1)
		poll(NULL, 0, 20);
}

static inline void not_even_http(int fd)
{
	send_for_ever(fd, "\x00\xff\x1b]52;c;\x07", 9);
}

/* A process that answers each request so; its port. */
static inline pid_t bomb_lay(void (*explode)(int fd), int *port)
{
	struct sockaddr_in here = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t n = sizeof here;
	char request[4096];
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	pid_t pid;

	if (fd < 0 || bind(fd, (struct sockaddr *)&here, n) || listen(fd, 4) || getsockname(fd, (struct sockaddr *)&here, &n))
		abort();
	*port = ntohs(here.sin_port);
	pid = fork();
	if (pid < 0)
		abort();
	while (!pid) {
		int line = accept(fd, NULL, NULL);

		if (line < 0 || read(line, request, sizeof request) <= 0)
			_exit(0);
		explode(line);
		close(line);
	}
	close(fd);
	return pid;
}

static inline void bomb_defuse(pid_t pid)
{
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

#endif
