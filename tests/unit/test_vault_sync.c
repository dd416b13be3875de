/*
 * Keys outlive a power cut. What was written and not synced may be there afterwards or not, in any order: so a file's name is on the disk before the only other copy
 * of what is in it is overwritten, and before anything is sealed by it.
 */
#include "base/arena.h"
#include "engine/vault.h"
#include "engine/vault_file.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <cmocka.h>

/* ---- what is done to the folder's files, in its order: the program's own symbols are found before the library's ---- */

static char dir[64], done[1000];

static void note(const char *what, const char *path)
{
	size_t n = strlen(done), of = strlen(dir);

	if (*dir && !strncmp(path, dir, of))
		snprintf(done + n, sizeof done - n, "%s%s %s", n ? ", " : "", what, path[of] ? path + of + 1 : "folder");
}

/* "(deleted)" is what the kernel adds to the name of a file that another one took the place of. */
static void note_file(const char *what, int fd)
{
	char link[40], path[300];
	ssize_t n;

	snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
	n = readlink(link, path, sizeof path - 1);
	path[n > 0 ? n : 0] = '\0';
	note(what, path);
}

ssize_t write(int fd, const void *p, size_t n)
{
	note_file("write", fd);
	return syscall(SYS_write, fd, p, n);
}

ssize_t pwrite64(int fd, const void *p, size_t n, off64_t at)
{
	note_file("write", fd);
	return syscall(SYS_pwrite64, fd, p, n, at);
}

ssize_t pwrite(int fd, const void *p, size_t n, off_t at)
{
	return pwrite64(fd, p, n, at);
}

int fsync(int fd)
{
	note_file("sync", fd);
	return (int)syscall(SYS_fsync, fd);
}

int rename(const char *from, const char *to)
{
	note("rename to", to);
	return (int)syscall(SYS_rename, from, to);
}

/* ---- what is done with keys ---- */

static struct vault *vault;
static struct arena *memory;

static void open_one(void)
{
	struct err err;

	assert_int_equal(vault_open(dir, true, &vault, &err), OK);
}

static void seal_on(int64_t day)
{
	struct sealer s = vault_sealer(vault);
	size_t n;

	assert_non_null(s.seal(s.ctx, memory, day, "Jane Doe", 8, "order:7", &n));
}

static void first_day(void)
{
	seal_on(20000);
}

static void next_day(void)
{
	seal_on(20001);
}

static void forget_a_day(void)
{
	struct err err;
	int gone;

	assert_int_equal(vault_forget(vault, 20001, &gone, &err), OK);
	assert_int_equal(gone, 1);
}

static void make_key_file(void)
{
	struct err err;

	assert_int_equal(vault_key_file_make(arena_printf(memory, "%s/host.key", dir), &err), OK);
}

static const struct {
	const char *why;
	void (*act)(void);
	const char *order;
} rows[] = {
	{ "the store's key is there by its name before anything is sealed by it", open_one, "write seal.key.new, sync seal.key.new, rename to seal.key, sync folder" },
	{ "so is the first day's", first_day, "write day.keys, sync day.keys, sync folder" },
	{ "another day's goes into a file that has its name", next_day, "write day.keys, sync day.keys" },
	{ "the days that stay are under their name before the old file is overwritten", forget_a_day,
	  "write day.keys.new, sync day.keys.new, rename to day.keys, sync folder, write day.keys (deleted), write day.keys (deleted), sync day.keys (deleted)" },
	{ "a key file of the host's is there before a slot is made with it", make_key_file, "write host.key, sync host.key, sync folder" },
};

static void keys_are_on_the_disk_before_they_are_needed(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		*done = '\0';
		rows[i].act();
		if (strcmp(done, rows[i].order))
			fail_msg("%s: %s", rows[i].why, done);
	}
}

static int set_up(void **state)
{
	(void)state;
	strcpy(dir, "/tmp/tallyman-vault-XXXXXX");
	memory = arena_new();
	return mkdtemp(dir) ? 0 : -1;
}

static int tear_down(void **state)
{
	static const char *const names[] = { "seal.key", "day.keys", "host.key" };

	(void)state;
	vault_close(vault);
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		unlink(arena_printf(memory, "%s/%s", dir, names[i]));
	rmdir(dir);
	arena_free(memory);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(keys_are_on_the_disk_before_they_are_needed) };

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
