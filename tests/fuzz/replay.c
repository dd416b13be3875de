/*
 * replay.c: a plain main for fuzz targets, which are given the files of their corpus, tests/fuzz/corpus/NAME/.
 *
 * The corpus holds what the fuzzer once found and what a person put there; each must go through without a
 * sanitizer's complaint. One "ok" line a file, so that a crash is known by the name after the last of them.
 */
#include <dirent.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

enum { INPUT_MAX = 4 << 20 };

static int replay(const char *dir, const char *name)
{
	char path[1024];
	uint8_t *bytes = malloc(INPUT_MAX), *exact;
	size_t n;
	FILE *f;

	snprintf(path, sizeof path, "%s/%s", dir, name);
	f = fopen(path, "rb");
	if (!f || !bytes) {
		printf("not ok %s: %s\n", path, strerror(errno));
		free(bytes);
		return 1;
	}
	n = fread(bytes, 1, INPUT_MAX, f);
	fclose(f);
	exact = malloc(n ? n : 1); /* no byte more than there is, so that ASan sees the first one read too far */
	memcpy(exact, bytes, n);
	printf("# %s\n", path);
	fflush(stdout);
	LLVMFuzzerTestOneInput(exact, n);
	printf("ok %s\n", path);
	free(exact);
	free(bytes);
	return 0;
}

int main(int argc, char **argv)
{
	const char *name = strrchr(argv[0], '/');
	char dir[512];
	struct dirent **files;
	int n, failed = 0;

	snprintf(dir, sizeof dir, "tests/fuzz/corpus/%s", name ? name + 1 + strlen("fuzz_") : "");
	n = scandir(argc > 1 ? argv[1] : dir, &files, NULL, alphasort);
	if (n < 0) {
		printf("not ok %s: %s\n", dir, strerror(errno));
		return 1;
	}
	for (int i = 0; i < n; i++) {
		if (files[i]->d_name[0] != '.')
			failed |= replay(argc > 1 ? argv[1] : dir, files[i]->d_name);
		free(files[i]);
	}
	free(files);
	return failed;
}
