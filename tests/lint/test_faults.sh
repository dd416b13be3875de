#!/bin/sh
# Each row of tests/fault/faults.csv names a test that there is, or has its reason in tests/fault/NOT-HERE.md.
set -u
rows=tests/fault/faults.csv reasons=tests/fault/NOT-HERE.md bad=0 n=0

wrong() {
	echo "not ok $1"
	bad=1
}

while IFS= read -r line; do
	row=${line%%,*} where=${line##*,}
	[ "$row" != row ] || continue
	n=$((n + 1))
	case $where in
	NOT-HERE) grep -q "^- \*\*$row\*\*" $reasons || wrong "$row has no reason in $reasons" ;;
	*.sh) [ -x "tests/$where" ] || wrong "$row: there is no tests/$where" ;;
	*.c\ *) grep -qE "^(static )?void ${where#* }\(|^(DAY|CUT|T)[A-Z]*\(${where#* }," "tests/${where%% *}" 2>/dev/null || wrong "$row: there is no $where" ;;
	*) wrong "$row is lived through nowhere" ;;
	esac
done < $rows
for row in $(sed -n 's/^- \*\*\([A-Z0-9]*\)\*\*.*/\1/p' $reasons); do
	grep -q "^$row,.*,NOT-HERE$" $rows || wrong "$row stands in $reasons and has a test, or is no row"
done
[ "$(cut -d, -f1 $rows | sort -u | wc -l)" = $((n + 1)) ] || wrong "a row stands twice in $rows"
[ $bad = 0 ] && echo "ok each of $n faults has its test or its reason"
exit $bad
