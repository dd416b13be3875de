/*
 * audit: rows of the chain written and walked. The floor hashes as many bytes in a chain, and stores or reads nothing.
 */
#include "bench/gauge.h"
#include "store/store.h"
#include "trade/audit.h"

#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BATCH = 500 };

static int rows;

static struct store *open_store(bool fresh)
{
	char dir[128];
	struct store *s;
	struct err err;

	snprintf(dir, sizeof dir, "%s/audit-%d", bench_dir(), rows);
	if ((fresh && store_create(dir, NULL, &err)) || store_open(dir, STORE_WRITE, &s, &err))
		bench_fail(dir, err.text);
	return s;
}

static int64_t append(void *ctx)
{
	struct store *s = open_store(true);
	struct cause why = { .now_ms = 1795161480000, .actor = "uid:1000 ops-a" };
	struct err err;
	char subject[32];

	(void)ctx;
	spent_start();
	for (int i = 0; i < rows; i++) {
		snprintf(subject, sizeof subject, "order %d", i);
		if ((i % BATCH == 0 && store_begin(s, &err)) || audit_add(s, &why, "ship", subject, "1 package, usps 9400111899223197428", &err) ||
		    ((i + 1) % BATCH == 0 && store_commit(s, &err)))
			bench_fail("audit_append", err.text);
	}
	return rows;
}

static int64_t verify(void *ctx)
{
	struct store *s = open_store(false);
	struct err err;
	char head[65];
	int64_t n;

	(void)ctx;
	spent_start();
	if (audit_verify(s, 0, NULL, &n, head, &err) || n != rows)
		bench_fail("audit_verify", err.text);
	return n;
}

/* 160 bytes a row, its predecessor's hash among them; the algorithm is fetched once. */
static int64_t chain(void *ctx)
{
	EVP_MD *md = EVP_MD_fetch(NULL, "SHA256", NULL);
	EVP_MD_CTX *c = EVP_MD_CTX_new();
	unsigned char row[160] = { 0 };

	(void)ctx;
	spent_start();
	for (int i = 0; i < rows; i++) {
		memcpy(row + 32, &i, sizeof i);
		if (EVP_DigestInit_ex2(c, md, NULL) != 1 || EVP_DigestUpdate(c, row, sizeof row) != 1 || EVP_DigestFinal_ex(c, row, NULL) != 1)
			bench_fail("chain", "no SHA-256");
	}
	return rows;
}

/* By the processor's time: what a disk takes for a commit is none of the chain's. */
static double per_second(struct spent s)
{
	return (double)s.work / s.cpu_s;
}

int main(void)
{
	int n;
	const int *sizes = bench_sizes(&n);

	bench_dir();
	for (int i = 0; i < n; i++) {
		double floor;

		rows = sizes[i];
		floor = per_second(spend(chain, NULL));
		gauge("audit_append", rows, per_second(spend(append, NULL)), "rows/cpu-s", floor);
		gauge("audit_verify", rows, per_second(spend(verify, NULL)), "rows/cpu-s", floor);
	}
	return 0;
}
