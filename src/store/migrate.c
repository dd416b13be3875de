#include "store/migrate.h"

#include "base/asset.h"

#include <stdio.h>
#include <string.h>

static const char *migration(struct arena *a, int64_t n, const char **name)
{
	char prefix[48];

	snprintf(prefix, sizeof prefix, "data/migrations/%04lld-", (long long)n);
	for (int i = 0; (*name = asset_name(i)); i++)
		if (!strncmp(*name, prefix, strlen(prefix)))
			return asset_get(a, *name, NULL);
	return NULL;
}

static enum fault step(struct store *s, struct arena *a, int64_t n, struct err *err)
{
	const char *name, *sql = migration(a, n, &name);
	struct err why;

	if (!sql)
		return err_set(err, FAULT_STORE, "migration %lld is missing from this program", (long long)n);
	if (store_begin(s, err))
		return FAULT_STORE;
	if (store_exec(s, &why, sql) || store_exec(s, &why, arena_printf(a, "PRAGMA user_version=%lld", (long long)n)) ||
	    store_commit(s, &why)) {
		store_rollback(s);
		return err_set(err, FAULT_STORE, "%s: %.160s", name, why.text);
	}
	return OK;
}

enum fault migrate(struct store *s, struct err *err)
{
	static const char sql[] = "PRAGMA user_version";
	struct arena *a = arena_new();
	enum fault f;
	int64_t v;

	f = store_get_int(s, err, 0, &v, sql, NULL, 0);
	while (!f && v < STORE_SCHEMA)
		f = step(s, a, ++v, err);
	arena_free(a);
	return f;
}
