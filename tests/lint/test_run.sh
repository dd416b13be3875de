#!/bin/sh
# What run.sh counts: a test that passed, one that failed, and one that nobody came to start.
set -u
dir=$(mktemp -d) bad=0
trap 'rm -rf "$dir"' EXIT
printf '#!/bin/sh\necho ok it is so\n' > "$dir/fine"
printf '#!/bin/sh\nexit 3\n' > "$dir/wrong"
printf '#!/bin/sh\nkill -9 $(ps -o ppid= -p $(ps -o ppid= -p $$))\n' > "$dir/killer"
chmod +x "$dir"/*

counts() { # WHAT CLOSING-LINE STATUS TEST...
	what=$1 closing=$2 status=$3; shift 3
	TALLY= tests/run.sh -j 1 -l "$dir/log" "$@" > "$dir/said" 2>/dev/null
	if [ $? = "$status" ] && [ "$(tail -n 1 "$dir/said")" = "$closing" ]; then
		echo "ok $what"
	else
		echo "not ok $what: $(tail -n 1 "$dir/said")"
		bad=1
	fi
}

counts "what passes is counted" "1 passed, 0 failed, 0 skipped" 0 "$dir/fine"
counts "what fails is as well" "1 passed, 1 failed, 0 skipped" 1 "$dir/fine" "$dir/wrong"
counts "who starts it is killed: what was not started has failed" "1 passed, 2 failed, 0 skipped" 1 "$dir/fine" "$dir/killer" "$dir/wrong"
exit $bad
