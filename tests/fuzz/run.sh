#!/bin/sh
# Each fuzz target in BUILD for SECONDS: tests/fuzz/run.sh SECONDS. What it learns stays in BUILD/corpus; a crash is
# kept there by name and belongs into tests/fuzz/corpus/NAME/ once it is mended.
set -u
failed=0 passed=0
for t in "$BUILD"/fuzz/fuzz_*; do
	[ -x "$t" ] || continue
	name=$(basename "$t") name=${name#fuzz_}
	mkdir -p "$BUILD/corpus/$name"
	echo "== $name, $1 s"
	dict=tests/fuzz/$name.dict
	if "$t" -max_total_time="$1" -timeout=10 -rss_limit_mb=1024 -print_final_stats=1 -verbosity=0 $([ -e "$dict" ] && echo -dict="$dict") \
		-artifact_prefix="$BUILD/corpus/$name-" "$BUILD/corpus/$name" $([ -d "tests/fuzz/corpus/$name" ] && echo "tests/fuzz/corpus/$name"); then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
	fi
done
echo "$passed passed, $failed failed"
[ $failed = 0 ]
