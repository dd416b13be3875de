/* Prints the store's schema as the migrations make it: data/schema.sql is this program's output. */
#include "base/arena.h"
#include "store/store.h"

#include <stdio.h>

int main(void)
{
	struct arena *a = arena_new();
	struct err err = { 0 };
	struct store *s;
	char *schema;

	if (store_memory(&s, &err) || !(schema = store_schema(s, a, &err))) {
		fprintf(stderr, "schema: %s\n", err.text);
		return 1;
	}
	fputs(schema, stdout);
	store_close(s);
	arena_free(a);
	return 0;
}
