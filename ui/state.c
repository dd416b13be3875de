#include "ui/state.h"

#include "base/arena.h"
#include "base/fields.h"
#include "base/home.h"
#include "base/text.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The largest value is a preview that was not sent, of more offers than any catalogue here has; in the file its lines are percent-encoded twice. */
enum { ENTRIES_MAX = 400, VALUE_MAX = 4 * 1024 * 1024, FILE_MAX = 16 * 1024 * 1024 };

static const char first_line[] = "tallyman=view 1\n";

struct entry {
	char *key, *value;
};

struct state {
	char *path;
	struct entry entry[ENTRIES_MAX];
	int n;
	bool changed;
};

static char *copy(const char *s)
{
	char *p = strdup(s);

	if (!p)
		abort();
	return p;
}

/* mkdir -p, each folder the person's alone. */
static enum fault folders(char *path, struct err *err)
{
	for (char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		int failed;

		*slash = '\0';
		failed = mkdir(path, 0700) && errno != EEXIST;
		*slash = '/';
		if (failed)
			return err_set(err, FAULT_REFUSED, "%.*s: %s", (int)(slash - path), path, strerror(errno));
	}
	return OK;
}

enum fault state_path(const char *store_dir, char *out, size_t cap, struct err *err)
{
	char dir[2048], name[200];

	if (!text_percent(name, sizeof name, store_dir))
		return err_set(err, FAULT_REFUSED, "the store's folder has too long a name to remember a view for it");
	if (!home_of(HOME_STATE, dir, sizeof dir))
		return err_set(err, FAULT_REFUSED, "neither XDG_STATE_HOME nor HOME says where to remember views");
	if ((size_t)snprintf(out, cap, "%s/%s.view", dir, name) >= cap)
		return err_set(err, FAULT_REFUSED, "the folder to remember views in has too long a name");
	return folders(out, err);
}

static struct entry *find(const struct state *s, const char *key)
{
	for (int i = 0; i < s->n; i++)
		if (!strcmp(s->entry[i].key, key))
			return (struct entry *)&s->entry[i];
	return NULL;
}

static void put(struct state *s, const char *key, const char *value)
{
	struct entry *e = find(s, key);

	if ((e && value && !strcmp(e->value, value)) || (!e && !value) || (value && strlen(value) > VALUE_MAX))
		return;
	s->changed = true;
	if (e && !value) {
		free(e->key);
		free(e->value);
		*e = s->entry[--s->n];
	} else if (e) {
		free(e->value);
		e->value = copy(value);
	} else if (s->n < ENTRIES_MAX) {
		s->entry[s->n++] = (struct entry){ copy(key), copy(value) };
	}
}

/* One line at a time, so that a damaged one takes no other with it. */
static void read_lines(struct state *s, struct arena *a, const char *text, int *odd)
{
	while (*text) {
		size_t n = strcspn(text, "\n");
		struct fields f;

		if (fields_unpack(a, arena_strndup(a, text, n), &f, NULL) == OK && f.n == 1)
			put(s, f.field[0].key, f.field[0].value);
		else
			++*odd;
		text += n + (text[n] == '\n');
	}
}

static void read_file(struct state *s, int *odd)
{
	FILE *f = fopen(s->path, "re");
	struct arena *a;
	struct buf b;
	char chunk[4096];
	size_t n;

	if (!f)
		return;
	a = arena_new();
	b = buf_new(a);
	while ((n = fread(chunk, 1, sizeof chunk, f)) > 0 && b.len < FILE_MAX)
		buf_add(&b, chunk, n);
	fclose(f);
	if (!strncmp(b.p, first_line, sizeof first_line - 1))
		read_lines(s, a, b.p + sizeof first_line - 1, odd);
	else
		*odd += b.len > 0;
	arena_free(a);
}

struct state *state_open(const char *path, int *odd)
{
	struct state *s = calloc(1, sizeof *s);
	int count = 0;

	if (!s)
		abort();
	if (path) {
		s->path = copy(path);
		read_file(s, &count);
	}
	s->changed = false;
	if (odd)
		*odd = count;
	return s;
}

void state_close(struct state *s)
{
	if (!s)
		return;
	for (int i = 0; i < s->n; i++) {
		free(s->entry[i].key);
		free(s->entry[i].value);
	}
	free(s->path);
	free(s);
}

static bool name_of(char *out, const char *section, const char *key)
{
	return snprintf(out, 41, "%s.%s", section, key) < 41 && text_id(section, "_-", 40) && text_id(key, "_-", 40);
}

const char *state_get(const struct state *s, const char *section, const char *key)
{
	char name[41];
	const struct entry *e = name_of(name, section, key) ? find(s, name) : NULL;

	return e ? e->value : NULL;
}

void state_put(struct state *s, const char *section, const char *key, const char *value)
{
	char name[41];

	if (name_of(name, section, key))
		put(s, name, value);
}

static enum fault write_whole(int fd, const char *p, size_t n)
{
	while (n) {
		ssize_t done = write(fd, p, n);

		if (done < 0 && errno == EINTR)
			continue;
		if (done <= 0)
			return FAULT_STORE;
		p += done;
		n -= (size_t)done;
	}
	return OK;
}

static char *pack(const struct state *s, struct arena *a)
{
	struct fields f = fields_new(a);

	for (int i = 0; i < s->n; i++)
		fields_put(&f, s->entry[i].key, s->entry[i].value);
	return arena_printf(a, "%s%s", first_line, fields_pack(&f, a));
}

/* Not synced to the disk: it has to outlive this process, not a power cut, and it is on the way of a key. */
enum fault state_flush(struct state *s, struct err *err)
{
	struct arena *a;
	char *text, *tmp;
	enum fault fault;
	int fd;

	if (!s->changed || !s->path)
		return OK;
	s->changed = false;
	a = arena_new();
	text = pack(s, a);
	tmp = arena_printf(a, "%s.%d", s->path, (int)getpid());
	fd = open(tmp, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
	fault = fd < 0 ? FAULT_STORE : write_whole(fd, text, strlen(text));
	if (fd >= 0)
		close(fd);
	if (fault == OK && rename(tmp, s->path))
		fault = FAULT_STORE;
	if (fault != OK) {
		err_set(err, fault, "%s: %s; this view is not remembered", s->path, strerror(errno));
		unlink(tmp);
	}
	arena_free(a);
	return fault;
}
