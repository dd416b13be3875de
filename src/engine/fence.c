/*
 * fence.c: what a process with keys can no longer do, whatever a reply makes it do; and one that only looks.
 *
 * Three fences, each as far as the kernel has it: files are written under the store's folder alone, TCP goes to the ports of its accounts alone (both landlock),
 * and what an engine never needs is refused (seccomp): other programs, other processes' memory, kernel modules, mounts. Reading is left open: a warehouse's counts
 * may stand anywhere. Threads are allowed, because libcurl resolves names in one.
 */
#include "engine/run.h"

#include "base/log.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/landlock.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { FILES = 1024 };

/* No core, as many files as sockets and store take and not more, and all the room for locked memory that there is. */
static void set_limits(void)
{
	const struct rlimit none = { 0, 0 };
	struct rlimit l;

	setrlimit(RLIMIT_CORE, &none);
	if (!getrlimit(RLIMIT_NOFILE, &l)) {
		l.rlim_cur = l.rlim_max < FILES ? l.rlim_max : FILES;
		setrlimit(RLIMIT_NOFILE, &l);
	}
	if (!getrlimit(RLIMIT_MEMLOCK, &l)) {
		l.rlim_cur = l.rlim_max;
		setrlimit(RLIMIT_MEMLOCK, &l);
	}
}

void engine_fence(void)
{
	umask(077);
	set_limits();
	prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	unsetenv("SSLKEYLOGFILE"); /* libcurl would write session keys there */
	signal(SIGPIPE, SIG_IGN);
}

/* ---- files: landlock ---- */

/* Newer than Debian 12's headers: TRUNCATE came with the third version of the interface (Linux 6.2). */
#ifndef LANDLOCK_ACCESS_FS_TRUNCATE
#define LANDLOCK_ACCESS_FS_TRUNCATE (1ULL << 14)
#endif

static const uint64_t fs_changes = LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_REMOVE_DIR | LANDLOCK_ACCESS_FS_REMOVE_FILE |
                                   LANDLOCK_ACCESS_FS_MAKE_CHAR | LANDLOCK_ACCESS_FS_MAKE_DIR | LANDLOCK_ACCESS_FS_MAKE_REG |
                                   LANDLOCK_ACCESS_FS_MAKE_SOCK | LANDLOCK_ACCESS_FS_MAKE_FIFO | LANDLOCK_ACCESS_FS_MAKE_BLOCK |
                                   LANDLOCK_ACCESS_FS_MAKE_SYM;

static bool allow_under(int rules, const char *dir, uint64_t access)
{
	struct landlock_path_beneath_attr beneath = { .allowed_access = access, .parent_fd = open(dir, O_PATH | O_CLOEXEC) };
	bool ok = beneath.parent_fd >= 0 && !syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &beneath, 0);

	if (beneath.parent_fd >= 0)
		close(beneath.parent_fd);
	return ok;
}

static bool close_files(const char *dir)
{
	long version = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
	struct landlock_ruleset_attr attr = { .handled_access_fs = fs_changes | LANDLOCK_ACCESS_FS_EXECUTE };
	uint64_t own = fs_changes;
	bool ok;
	int rules;

	if (version < 1)
		return false;
	if (version >= 3) {
		attr.handled_access_fs |= LANDLOCK_ACCESS_FS_TRUNCATE;
		own |= LANDLOCK_ACCESS_FS_TRUNCATE;
	}
	rules = (int)syscall(SYS_landlock_create_ruleset, &attr, sizeof attr.handled_access_fs, 0);
	if (rules < 0)
		return false;
	/* libraries that are loaded late (the resolver's) are mapped, not executed: that is no EXECUTE */
	ok = allow_under(rules, dir, own) && allow_under(rules, "/dev/null", LANDLOCK_ACCESS_FS_WRITE_FILE) &&
	     !syscall(SYS_landlock_restrict_self, rules, 0);
	close(rules);
	return ok;
}

/* ---- TCP ports: landlock ---- */

/* Newer than Debian 12's headers: ports came with the fourth version of the interface (Linux 6.7). */
struct ports_ruleset {
	uint64_t files, ports;
};

struct port_rule {
	uint64_t allowed, port;
};

enum { BIND_TCP = 1, CONNECT_TCP = 2, RULE_PORT = 2, PORTS_VERSION = 4, RESOLVER = 53 };

static bool allow_port(int rules, int port)
{
	struct port_rule rule = { .allowed = CONNECT_TCP, .port = (uint64_t)port };

	return !syscall(SYS_landlock_add_rule, rules, RULE_PORT, &rule, 0);
}

static bool close_ports(const int *port, int n)
{
	const struct ports_ruleset attr = { .ports = BIND_TCP | CONNECT_TCP };
	bool ok;
	int rules;

	if (syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION) < PORTS_VERSION)
		return false;
	rules = (int)syscall(SYS_landlock_create_ruleset, &attr, sizeof attr, 0);
	if (rules < 0)
		return false;
	ok = allow_port(rules, RESOLVER); /* an answer that is too long for a datagram is asked for again over TCP */
	for (int i = 0; i < n; i++)
		ok = ok && allow_port(rules, port[i]);
	ok = ok && !syscall(SYS_landlock_restrict_self, rules, 0);
	close(rules);
	return ok;
}

/* ---- calls: seccomp ---- */

#if defined __x86_64__
#define OUR_ARCH AUDIT_ARCH_X86_64
#elif defined __aarch64__
#define OUR_ARCH AUDIT_ARCH_AARCH64
#else
#define OUR_ARCH 0 /* an architecture that nobody has tried: this fence stays open */
#endif

/* What neither an engine nor a console ever needs. */
static const unsigned denied[] = {
	SYS_ptrace,        SYS_process_vm_readv, SYS_process_vm_writev, SYS_kcmp,       SYS_bpf,          SYS_io_uring_setup, SYS_io_uring_enter,
	SYS_io_uring_register, SYS_kexec_load,   SYS_open_by_handle_at, SYS_init_module, SYS_finit_module, SYS_delete_module,  SYS_mount,
	SYS_umount2,       SYS_pivot_root,       SYS_chroot,            SYS_setns,      SYS_unshare,      SYS_perf_event_open, SYS_userfaultfd,
	SYS_keyctl,        SYS_add_key,          SYS_request_key,       SYS_reboot,     SYS_swapon,       SYS_swapoff,        SYS_acct,
	SYS_settimeofday,  SYS_clock_settime,    SYS_sethostname,       SYS_setdomainname, SYS_quotactl,  SYS_syslog,         SYS_fanotify_init,
	SYS_personality,   SYS_vhangup,          SYS_lookup_dcookie,    SYS_move_pages, SYS_migrate_pages,
};

/* Nor does an engine start a program; a console may (tmux has the clipboard). */
static const unsigned no_programs[] = { SYS_execve, SYS_execveat };

enum { PROGRAM_MAX = 128 };

struct code {
	struct sock_filter line[PROGRAM_MAX];
	unsigned short n;
};

static void emit(struct code *c, struct sock_filter line)
{
	assert(c->n < PROGRAM_MAX);
	c->line[c->n++] = line;
}

static void refuse(struct code *c)
{
	emit(c, (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM));
}

static void refuse_each(struct code *c, const unsigned *call, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		emit(c, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, call[i], 0, 1));
		refuse(c);
	}
}

/* Sockets of these families only; the number of the call is loaded, and what follows is about sockets alone. */
static void allow_families(struct code *c, const unsigned *family, size_t n)
{
	emit(c, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_socket, 0, (uint8_t)(2 * n + 2)));
	emit(c, (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args[0])));
	for (size_t i = 0; i < n; i++) {
		emit(c, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, family[i], 0, 1));
		emit(c, (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW));
	}
	refuse(c);
}

static bool close_calls(bool programs, const unsigned *family, size_t families)
{
	struct code c = { .n = 0 };
	struct sock_fprog program;

	emit(&c, (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch)));
	emit(&c, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, OUR_ARCH, 1, 0)); /* another table of calls: none of them */
	refuse(&c);
	emit(&c, (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)));
	emit(&c, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x40000000, 0, 1)); /* nor x86-64's second one (x32) */
	refuse(&c);
	refuse_each(&c, denied, sizeof denied / sizeof *denied);
	if (!programs)
		refuse_each(&c, no_programs, sizeof no_programs / sizeof *no_programs);
	allow_families(&c, family, families);
	emit(&c, (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW));
	program = (struct sock_fprog){ .len = c.n, .filter = c.line };
	return OUR_ARCH && !prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0);
}

bool looker_fence(void)
{
	static const unsigned ours[] = { AF_UNIX };
	const struct rlimit none = { 0, 0 };

	setrlimit(RLIMIT_CORE, &none);
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	return close_calls(true, ours, 1);
}

unsigned engine_fence_in(const char *dir, const int *port, int ports)
{
	/* names are looked up by way of netlink, where that is allowed */
	static const unsigned families[] = { AF_UNIX, AF_INET, AF_INET6, AF_NETLINK };

	return (close_files(dir) ? FENCE_FILES : 0u) | (close_ports(port, ports) ? FENCE_PORTS : 0u) | (close_calls(false, families, 4) ? FENCE_CALLS : 0u);
}
