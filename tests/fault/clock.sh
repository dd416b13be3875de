#!/bin/sh
# The program itself, unchanged, under a clock that runs sixty times as fast (libfaketime): its orders are not heard for three quarters of an hour, its offers
# go to zero at the thirtieth and not before, it is ended and started again in the middle, and everything comes back. A minute on the wall.
# How late a zero may be seen is not asked here, where a second of a busy machine is a minute: tests/fault/test_lapse.c asks it.
set -u
if [ "${1:-}" != --inside ]; then
	command -v faketime >/dev/null || { echo "skip clock: there is no faketime"; exit 0; }
	exec faketime -f '+0 x60' "$0" --inside
fi
. tests/seller.sh

column() { # NAME: of the CSV on stdin, unquoted
	awk -F, -v name="$1" 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == name) at = i; next } at { print $at }'
}

seconds() { date -d "$1" +%s; }

offers_with() { # TEXT: how many of the zero-out's offers have it
	"$T" zero show Z-1 --store "$D/store" --json | grep -c "^{\"account\".*$1"
}

seller_open --skus 8 --orders 6 --a-day 240 --settle 20 --fault 'channel=walmart op=orders kind=error status=500 at=4m for=46m'

seller_engine --for 44m
said "it lives through 44 minutes in 44 seconds"
"$T" lapse --store "$D/store" --csv >"$D/lapse"
since=$(column since <"$D/lapse") zeroed=$(column zeroed <"$D/lapse")
[ -n "$since" ] && [ -n "$zeroed" ] && [ $(($(seconds "$zeroed") - $(seconds "$since"))) -ge 1800 ]
said "its offers went to zero, and not before the thirtieth minute"
offers=$(offers_with '"offer":')
[ "$offers" -gt 3 ] && [ "$(offers_with '"seen":0,')" = "$offers" ]
said "each was seen at zero"

seller_engine --for 20m
"$T" lapse --all --store "$D/store" --csv | column state | grep -qx ENDED
said "a new engine went on with it, and it ended"
[ "$(offers_with '"state":"RESTORED"')" = "$offers" ] && [ "$(offers_with '"seen":0,')" = 0 ]
said "each was seen again with a number of today"
exit "$FAILED"
