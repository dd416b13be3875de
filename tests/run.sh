#!/bin/sh
# Run test programs side by side and say in one closing line how it went.
#
#   tests/run.sh [-j JOBS] [-l LOGDIR] TEST...
#
# A TEST is a cmocka program, or anything that prints "ok NAME", "not ok NAME" and "skip NAME: why" lines. One that prints
# neither counts as one test by its exit status (77: skipped). What a failing test said is printed, and how long a long
# one took; what every test said stays in LOGDIR. RUN_WITH is put before each program (valgrind); TEST_S is how long one
# may take: enough for a machine that has other things to do.
# TALLY names a file that collects "passed failed skipped", for who runs us more than once.
set -u

tally() { # LOG STATUS: passed failed skipped
	awk -v status="$2" '
		/^\[  PASSED  \] [0-9]+ test/  { passed += $4; spoke = 1 }
		/^\[  FAILED  \] [0-9]+ test/  { failed += $4; spoke = 1 }
		/^\[  SKIPPED \] [0-9]+ test/  { skipped += $4; spoke = 1 }
		/^ok /                         { passed++; spoke = 1 }
		/^not ok /                     { failed++; spoke = 1 }
		/^skip /                       { skipped++; spoke = 1 }
		END {
			if (!spoke && status == 77) skipped = 1
			else if (!spoke && status == 0) passed = 1
			else if (status != 0 && !failed) failed = 1
			print passed + 0, failed + 0, skipped + 0
		}' "$1"
}

one() { # LOGDIR TEST
	name=${2#"${BUILD:-build}"/} name=${name#tests/}
	log=$1/$(echo "$name" | tr / -).log
	case $2 in */*) program=$2 ;; *) program=./$2 ;; esac
	began=$(date +%s)
	timeout -k 5 "${TEST_S:-1200}" ${RUN_WITH:-} "$program" >"$log" 2>&1 </dev/null
	status=$?
	set -- $(tally "$log" $status)
	echo "$*" > "${log%.log}.tally"
	if [ "$2" = 0 ]; then
		skips=; [ "$3" = 0 ] || skips=", $3 skipped"
		took=$(($(date +%s) - began))
		[ $took -ge 10 ] && took=", $took s" || took=
		printf 'ok    %-34s %s passed%s%s\n' "$name" "$1" "$skips" "$took"
		grep -h '^skip ' "$log" | sed 's/^/      /'
		return
	fi
	{
		printf 'FAIL  %-34s %s failed, %s passed (exit status %s%s)\n' "$name" "$2" "$1" $status \
			"$([ $status = 124 ] && echo ": took longer than ${TEST_S:-1200} s")"
		grep -v -e '^\[ RUN ' -e '^\[       OK' -e '^ok ' "$log" | tail -n 80 | sed 's/^/      | /'
	} > "${log%.log}.told"
	cat "${log%.log}.told" # in one piece: several tests talk at the same time
}

if [ "${1:-}" = --one ]; then
	one "$2" "$3"
	exit 0
fi
jobs=1 logs=build/log
while getopts j:l: o; do
	case $o in j) jobs=$OPTARG ;; l) logs=$OPTARG ;; *) exit 2 ;; esac
done
shift $((OPTIND - 1))
mkdir -p "$logs"
dir=$(mktemp -d "$logs/run-XXXXXX") || exit 1
trap 'rm -rf "$dir"' EXIT
[ $# -gt 0 ] && printf '%s\n' "$@" | xargs -n 1 -P "$jobs" "$0" --one "$dir"
unsaid=$(($# - $(find "$dir" -name '*.tally' -size +0 | wc -l))) # whoever started it was killed, or the disk is full
[ $unsaid = 0 ] || echo "FAIL  $unsaid of $# tests said nothing: never started, or nowhere to write it down"
set -- $(cat "$dir"/*.tally 2>/dev/null | awk -v f="$unsaid" '{ p += $1; f += $2; s += $3 } END { print p + 0, f + 0, s + 0 }')
mv -f "$dir"/*.log "$logs"/ 2>/dev/null
[ -z "${TALLY:-}" ] || echo "$*" >> "$TALLY"
echo "$1 passed, $2 failed, $3 skipped"
[ "$2" = 0 ]
