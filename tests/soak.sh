#!/bin/sh
# `make soak`: the long ones, three hours on two cores.
#
# Lives that are counted by the hundred are lived in the build that is shipped, where asserts are on: there an allocation can be made to fail, and
# four of them go where one goes under ASan. What ASan and UBSan add to a life does not grow with the number of lives, but with what is new in
# one; so there go those whose course differs most: SIGKILL itself, lapses and recoveries, flash sales, random keys. `make check` runs all of it under both, shorter.
# The fuzz targets take their turn meanwhile. SHORT=1: the same steps with the share of `make check`, a quarter of an hour: will the long one come to its end?
set -u
jobs=${JOBS:-2} days=${DAYS:-3000}
export TEST_S=36000 TALLY=build/soak
if [ "${SHORT:-}" ]; then
	export SHARE=check
	days=100 FUZZ_S=${FUZZ_S:-20}
else
	export SOAK=1
fi
mkdir -p build/log
: > "$TALLY"
began=$(date +%s)

say() {
	echo "== $((($(date +%s) - began) / 60)) min: $*"
}

run_in() { # DIR JOBS TEST...
	dir=$1 at_once=$2; shift 2
	TALLYMAN=$dir/tallyman BUILD=$dir tests/run.sh -j "$at_once" -l "$dir/log" "$@"
}

tell() { # NAME PREFIX: its own sums
	sed -n "s/^$2/      $2/p" "build/log/fault-$1.log"
}

BUILD=build-fuzz tests/fuzz/run.sh "${FUZZ_S:-300}" > build/log/soak-fuzz.log 2>&1 &
fuzz=$!

say "one hour, cut off at every write"
JOBS=$jobs run_in build 1 build/fault/test_cuts
tell test_cuts 'cuts: '

say "ten operations, and each allocation fails once"
JOBS=$jobs run_in build 1 build/fault/test_starved
tell test_starved 'starved: '

say "days by seed"
DAYS=$days JOBS=$jobs run_in build 1 build/fault/test_many_days
tell test_many_days 'days: '

say "a hundred thousand histories of stock, a thousand moments of the past"
run_in build "$jobs" build/unit/test_once build/unit/test_past

say "long days, weeks, a rush, ten million keys"
run_in build "$jobs" build/fault/test_days build/fault/test_week build/fault/test_rush build/golden/test_fingers

say "ASan and UBSan: killed, lapsed, at its limits, random keys"
run_in build-asan "$jobs" build-asan/fault/test_crash build-asan/fault/test_lapse build-asan/fault/test_flash build-asan/golden/test_monkey

say "what the fuzz targets found"
wait $fuzz
if [ $? = 0 ]; then echo "1 0 0" >> "$TALLY"; else echo "0 1 0" >> "$TALLY"; fi
cat build/log/soak-fuzz.log

say "done"
awk '{ p += $1; f += $2; s += $3 } END { print p + 0 " passed, " f + 0 " failed" (s ? ", " s " skipped" : ""); exit f != 0 }' "$TALLY"
