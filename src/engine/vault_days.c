#include "engine/vault_days.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { DAY = 8, RECORD = DAY + VAULT_NONCE + VAULT_KEY + VAULT_TAG };

static void write_day(int64_t day, unsigned char out[DAY])
{
	for (int i = 0; i < DAY; i++)
		out[i] = (unsigned char)((uint64_t)day >> (56 - 8 * i));
}

static int64_t read_day(const unsigned char p[DAY])
{
	uint64_t v = 0;

	for (int i = 0; i < DAY; i++)
		v = v << 8 | p[i];
	return (int64_t)v;
}

/* The key belongs to its day: put before another one it does not open. */
static void seal_record(const struct day_key *k, const unsigned char master[VAULT_KEY], unsigned char out[RECORD])
{
	write_day(k->day, out);
	vault_random(out + DAY, VAULT_NONCE);
	if (!vault_gcm(true, master, out + DAY, out, DAY, k->key, VAULT_KEY, out + DAY + VAULT_NONCE))
		abort();
}

static bool open_record(const unsigned char in[RECORD], const unsigned char master[VAULT_KEY], struct day_key *out)
{
	out->day = read_day(in);
	return vault_gcm(false, master, in + DAY, in, DAY, in + DAY + VAULT_NONCE, VAULT_KEY, out->key);
}

enum fault days_load(struct day_keys *d, const char *dir, const unsigned char master[VAULT_KEY], int *lost, struct err *err)
{
	unsigned char record[RECORD];
	ssize_t got = 0;
	enum fault f;
	int fd;

	snprintf(d->file, sizeof d->file, "%s/day.keys", dir);
	d->n = *lost = 0;
	fd = open(d->file, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (fd < 0)
		return errno == ENOENT ? OK : err_set(err, FAULT_STORE, "%s: %s", d->file, strerror(errno));
	f = vault_check_private(fd, d->file, FAULT_STORE, err);
	while (!f && d->n < VAULT_DAYS && (got = read(fd, record, sizeof record)) == (ssize_t)sizeof record) {
		if (open_record(record, master, &d->at[d->n]))
			d->n++;
		else
			++*lost;
	}
	if (got < 0)
		f = err_set(err, FAULT_STORE, "%s: %s", d->file, strerror(errno));
	close(fd);
	return f;
}

const unsigned char *days_find(const struct day_keys *d, int64_t day)
{
	for (int i = d->n - 1; i >= 0; i--) /* the newest days are asked for most */
		if (d->at[i].day == day)
			return d->at[i].key;
	return NULL;
}

static bool append(const struct day_keys *d, const unsigned char record[RECORD])
{
	int fd = open(d->file, O_CREAT | O_WRONLY | O_CLOEXEC | O_NOFOLLOW, 0600);
	struct stat st;
	bool ok = fd >= 0 && !fstat(fd, &st) && pwrite(fd, record, RECORD, st.st_size / RECORD * RECORD) == RECORD && !fsync(fd);

	ok = ok && (st.st_size || vault_sync_folder(d->file));
	if (fd >= 0)
		close(fd);
	return ok;
}

enum fault days_key(struct day_keys *d, int64_t day, const unsigned char master[VAULT_KEY], const unsigned char **key, struct err *err)
{
	unsigned char record[RECORD];
	struct day_key *k = &d->at[d->n];

	*key = days_find(d, day);
	if (*key)
		return OK;
	if (d->n == VAULT_DAYS)
		return err_set(err, FAULT_STORE, "%s has room for no more days", d->file);
	k->day = day;
	vault_random(k->key, VAULT_KEY);
	seal_record(k, master, record);
	if (!append(d, record))
		return err_set(err, FAULT_STORE, "%s: %s", d->file, strerror(errno));
	d->n++;
	*key = k->key;
	return OK;
}

static bool write_all_but(const struct day_keys *d, int64_t before, const unsigned char master[VAULT_KEY], const char *path)
{
	int fd = open(path, O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0600);
	unsigned char record[RECORD];
	bool ok = fd >= 0;

	for (int i = 0; i < d->n && ok; i++)
		if (d->at[i].day >= before) {
			seal_record(&d->at[i], master, record);
			ok = write(fd, record, sizeof record) == (ssize_t)sizeof record;
		}
	ok = ok && !fsync(fd);
	if (fd >= 0)
		close(fd);
	return ok;
}

static void overwrite(int fd)
{
	static const unsigned char zeros[RECORD];
	struct stat st;

	for (off_t at = 0; !fstat(fd, &st) && at < st.st_size; at += RECORD)
		if (pwrite(fd, zeros, RECORD, at) != RECORD)
			return;
	fsync(fd);
}

enum fault days_forget(struct day_keys *d, int64_t before, const unsigned char master[VAULT_KEY], int *n, struct err *err)
{
	char temp[4200];
	int old, kept = 0;

	*n = 0;
	for (int i = 0; i < d->n; i++)
		*n += d->at[i].day < before;
	if (!*n)
		return OK;
	snprintf(temp, sizeof temp, "%s.new", d->file);
	old = open(d->file, O_WRONLY | O_CLOEXEC | O_NOFOLLOW);
	/* The keys that stay are in two files until the folder says which is the one: before that the old one is not touched. */
	if (!write_all_but(d, before, master, temp) || rename(temp, d->file) || !vault_sync_folder(d->file)) {
		if (old >= 0)
			close(old);
		return err_set(err, FAULT_STORE, "%s: %s", d->file, strerror(errno));
	}
	if (old >= 0) {
		overwrite(old);
		close(old);
	}
	for (int i = 0; i < d->n; i++)
		if (d->at[i].day >= before)
			d->at[kept++] = d->at[i];
	vault_wipe(&d->at[kept], (size_t)(d->n - kept) * sizeof *d->at);
	d->n = kept;
	return OK;
}
