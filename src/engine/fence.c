/*
 * fence.c: what a process with keys can no longer do, whatever a reply makes it do.
 *
 * Two fences, each as far as the kernel has it: files are written under the store's folder alone (landlock), and what an engine never
 * needs is refused (seccomp): other programs, other processes' memory, kernel modules, mounts. Reading is left open: a warehouse's counts
 * may stand anywhere. Threads are allowed, because libcurl resolves names in one.
 */
#include "engine/run.h"

#include "base/log.h"

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
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

void engine_fence(void)
{
	struct rlimit none = { 0, 0 };

	umask(077);
	setrlimit(RLIMIT_CORE, &none);
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

/* ---- calls: seccomp ---- */

#if defined __x86_64__
#define OUR_ARCH AUDIT_ARCH_X86_64
#elif defined __aarch64__
#define OUR_ARCH AUDIT_ARCH_AARCH64
#else
#define OUR_ARCH 0 /* an architecture that nobody has tried: this fence stays open */
#endif

static const unsigned denied[] = {
	SYS_execve,        SYS_execveat,    SYS_ptrace,       SYS_process_vm_readv, SYS_process_vm_writev, SYS_bpf,
	SYS_io_uring_setup, SYS_io_uring_enter, SYS_io_uring_register, SYS_kexec_load, SYS_open_by_handle_at, SYS_init_module,
	SYS_finit_module,  SYS_delete_module, SYS_mount,      SYS_umount2,          SYS_pivot_root,        SYS_setns,
	SYS_unshare,       SYS_perf_event_open, SYS_userfaultfd, SYS_keyctl,        SYS_add_key,           SYS_reboot,
};

static bool close_calls(void)
{
	enum { DENIED = sizeof denied / sizeof *denied, HEAD = 4 };
	struct sock_filter code[HEAD + DENIED + 2] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, OUR_ARCH, 0, DENIED + 3), /* another table of calls: none of them */
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x40000000, DENIED + 1, 0), /* nor x86-64's second one (x32) */
	};
	struct sock_fprog program = { .len = HEAD + DENIED + 2, .filter = code };

	for (unsigned i = 0; i < DENIED; i++)
		code[HEAD + i] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, denied[i], (uint8_t)(DENIED - i), 0);
	code[HEAD + DENIED] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
	code[HEAD + DENIED + 1] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM);
	return OUR_ARCH && !prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0);
}

unsigned engine_fence_in(const char *dir)
{
	return (close_files(dir) ? FENCE_FILES : 0u) | (close_calls() ? FENCE_CALLS : 0u);
}
