#!/bin/sh
# The program itself, unchanged, under a clock that runs sixty times as fast (libfaketime): its orders are not heard for forty minutes, its offers
# go to zero at the thirtieth and not before, it is ended and started again in the middle, and everything comes back. A minute on the wall.
# How late a zero may be seen is not asked here, where a second of a busy machine is a minute: tests/fault/test_lapse.c asks it.
set -u
if [ "${1:-}" != --inside ]; then
	command -v faketime >/dev/null || { echo "skip clock: there is no faketime"; exit 0; }
	exec faketime -f '+0 x60' "$0" --inside
fi
T=${TALLYMAN:-build/tallyman}
D=$(mktemp -d /tmp/tallyman-clock-XXXXXX) || exit 1
PID=
trap '[ -z "$PID" ] || kill "$PID" 2>/dev/null; rm -rf "$D"' EXIT
FAILED=0

said() { # NAME: the verdict is the status of the command before
	if [ $? = 0 ]; then echo "ok $1"; else echo "not ok $1"; FAILED=1; fi
}

secret() { # NAME FILE: what the simulated marketplace knows us by
	sed -n "s/^#define SANDBOX_WALMART_$1 \"\(.*\)\"/\1/p" src/sandbox/*.h >"$D/$2"
	chmod 600 "$D/$2"
}

column() { # NAME: of the CSV on stdin, unquoted
	awk -F, -v name="$1" 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == name) at = i; next } at { print $at }'
}

seconds() { date -d "$1" +%s; }

offers_with() { # TEXT: how many of the zero-out's offers have it
	"$T" zero show Z-1 --store "$D/store" --json | grep -c "^{\"account\".*$1"
}

engine() { # TIME: ended after so much of its own time
	"$T" engine --store "$D/store" --config "$D/store/tallyman.ini" --for "$1" >"$D/engine.log" 2>&1
}

"$T" init --store "$D/store" --profile sandbox >/dev/null || exit 1
mkfifo "$D/lines"
"$T" sandbox --port 0 --seed 3 --skus 8 --orders 6 --a-day 240 --sell walmart --settle 20 --counts "$D/counts.csv" \
	--fault 'channel=walmart op=orders kind=error status=500 at=4m for=40m' >"$D/lines" 2>"$D/sandbox.log" &
PID=$!
exec 4<"$D/lines"
read -r _ _ url <&4
secret ID id
secret SECRET secret
cat >"$D/store/tallyman.ini" <<-END
	[store]
	profile = demo
	[truth]
	catalog = warehouse
	stock = warehouse
	pricing = warehouse
	[account walmart-us]
	channel = walmart
	mode = live
	base_url = $url
	token_url = $url/v3/token
	client_id = file:$D/id
	client_secret = file:$D/secret
	[account warehouse]
	channel = local
	counts_file = $D/counts.csv
END

engine 39m
said "it lives through 39 minutes in 39 seconds"
"$T" lapse --store "$D/store" --csv >"$D/lapse"
since=$(column since <"$D/lapse") zeroed=$(column zeroed <"$D/lapse")
[ -n "$since" ] && [ -n "$zeroed" ] && [ $(($(seconds "$zeroed") - $(seconds "$since"))) -ge 1800 ]
said "its offers went to zero, and not before the thirtieth minute"
offers=$(offers_with '"offer":')
[ "$offers" -gt 3 ] && [ "$(offers_with '"seen":0,')" = "$offers" ]
said "each was seen at zero"

engine 20m
"$T" lapse --all --store "$D/store" --csv | column state | grep -qx ENDED
said "a new engine went on with it, and it ended"
[ "$(offers_with '"state":"RESTORED"')" = "$offers" ] && [ "$(offers_with '"seen":0,')" = 0 ]
said "each was seen again with a number of today"
exit "$FAILED"
