#!/bin/sh
# `make check`: what a change must pass. Each flavour is built once, in a folder of its own, and kept for the next time.
#
#   build        gcc, hardened: what is shipped      build-clang  the same by clang
#   build-asan   ASan and UBSan: every kind of test runs in it
#
# A step that needs a tool which is not here is skipped, and says so. The last line counts everything.
set -u
make=${MAKE:-make} jobs=${JOBS:-2} days=${DAYS:-2000}
unset MAKEFLAGS MFLAGS MAKELEVEL DAYS # what the short days are told is not for the others
export TALLY=build/tally
mkdir -p build
: > "$TALLY"
began=$(date +%s)

say() {
	echo "== $(($(date +%s) - began)) s: $*"
}

count() { # STATUS NAME: a step that is one thing
	if [ "$1" = 0 ]; then echo "1 0 0" >> "$TALLY"; else echo "0 1 0" >> "$TALLY"; echo "FAIL  $2"; fi
}

skip() {
	echo "skip  $*"
	echo "0 0 1" >> "$TALLY"
}

have() {
	command -v "$1" >/dev/null
}

build() { # DIR ARGS...
	dir=$1; shift
	$make -s -j"$jobs" BUILD="$dir" "$@"
	built=$?
	count $built "build in $dir"
	return $built
}

run_in() { # DIR TEST...
	dir=$1; shift
	TALLYMAN=$dir/tallyman BUILD=$dir tests/run.sh -j "$jobs" -l "$dir/log" "$@"
}

# tests of a kind that were built in DIR
of() {
	for t in tests/$2/test_*.c tests/$2/fuzz_*.c; do [ -e "$t" ] && echo "$1/$2/$(basename "$t" .c)"; done
}

say "layers and bans"
tests/lint/layers.sh
tests/run.sh tests/lint/test_run.sh tests/lint/test_layers.sh tests/lint/test_faults.sh tests/lint/test_alerts.sh

say "gcc, hardened"
build build all tests

say "clang, hardened"
if have clang; then build build-clang CC=clang all; else skip "there is no clang"; fi

say "ASan and UBSan: unit, contract, golden, fault, commands, fuzz corpus"
if build build-asan SAN=address,undefined all tests; then
	# random keys at the console: the seeds are fixed, news of the marketplaces are not; `make soak` has the long run
	export MONKEY_SEEDS="1 2 3" ASAN_OPTIONS=detect_stack_use_after_return=1
	# days by seed take all cores by themselves: short ones of each kind stand for the long ones of `make test`,
	# test_crash for test_cuts and test_zero_killed, whose forks are many, and each fourth case of test_conformance for all, which live the same hour again and
	# again; test_days for the long quiet of test_silence and for test_week
	run_in build-asan $(of build-asan unit) $(of build-asan contract) $(of build-asan golden) $(of build-asan fault | grep -vE '/test_((many_)?days|cuts|conformance|zero_killed|silence|week)$') \
		$(of build-asan cmd) $(ls tests/cmd/test_*.sh 2>/dev/null)
	EACH=4 run_in build-asan build-asan/fault/test_conformance
	DAYS=20 JOBS=$jobs run_in build-asan build-asan/fault/test_many_days
	run_in build-asan $(of build-asan fuzz)
	unset MONKEY_SEEDS ASAN_OPTIONS
fi

say "a million keys"
KEYS=1000000 SEED=2 run_in build build/golden/test_fingers

say "valgrind, on the tests that touch raw bytes"
if have valgrind; then
	some=
	for t in text csv json canvas filter sign store listen decode channels accounts_config; do
		some="$some build/unit/test_$t"
	done
	RUN_WITH='valgrind -q --error-exitcode=99 --leak-check=full --errors-for-leak-kinds=definite' run_in build $some
else
	skip "there is no valgrind"
fi

say "days by seed, always the same"
DAYS=$days JOBS=$jobs TEST_S=3600 run_in build build/fault/test_many_days
sed -n 's/^days: /      /p' build/log/fault-test_many_days.log

say "one hour cut off, ten operations starved: a share of it"
SHARE=check JOBS=1 run_in build build/fault/test_cuts build/fault/test_starved
sed -n 's/^cuts: /      &/p; s/^starved: /      &/p' build/log/fault-test_cuts.log build/log/fault-test_starved.log

say "the half hour of a lapse, in half a minute"
TALLYMAN=build/tallyman tests/run.sh tests/fault/clock.sh

say "cppcheck"
if have cppcheck; then
	cppcheck -q -j "$jobs" --std=c11 --enable=warning,portability --inline-suppr --error-exitcode=1 \
		--suppress=missingIncludeSystem --suppress=normalCheckLevelMaxBranches -Isrc -I. -D_GNU_SOURCE '-D_Generic(...)=val_int' src ui
	count $? cppcheck
else
	skip "there is no cppcheck"
fi

say "done"
awk '{ p += $1; f += $2; s += $3 } END { print p + 0 " passed, " f + 0 " failed" (s ? ", " s " skipped" : ""); exit f != 0 }' "$TALLY"
