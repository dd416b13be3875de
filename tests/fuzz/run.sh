#!/bin/sh
# Each fuzz target in BUILD for SECONDS: tests/fuzz/run.sh SECONDS. What it learns stays in BUILD/corpus; a crash is
# kept there by name and belongs into tests/fuzz/corpus/NAME/ once it is mended.
set -u
failed=0 passed=0
for t in "$BUILD"/fuzz/fuzz_*; do
	[ -x "$t" ] || continue
	name=$(basename "$t") name=${name#fuzz_}
	mkdir -p "$BUILD/corpus/$name"
	log=$BUILD/corpus/$name.log
	dict=tests/fuzz/$name.dict
	if "$t" -max_total_time="$1" -timeout=10 -rss_limit_mb=1024 -print_final_stats=1 -verbosity=0 $([ -e "$dict" ] && echo -dict="$dict") \
		-artifact_prefix="$BUILD/corpus/$name-" "$BUILD/corpus/$name" $([ -d "tests/fuzz/corpus/$name" ] && echo "tests/fuzz/corpus/$name") >"$log" 2>&1; then
		passed=$((passed + 1))
		echo "ok    $name: $(sed -n 's/^stat::number_of_executed_units: *//p' "$log") inputs in $1 s"
	else
		failed=$((failed + 1))
		echo "FAIL  $name: $log"
		grep -v '^#[0-9]' "$log" | tail -n 60 | sed 's/^/      | /'
	fi
done
echo "$passed passed, $failed failed"
[ $failed = 0 ]
