#!/bin/sh
# Figures of the code for a reader: how long functions are, how much is said beside them. Never a gate.
set -u
files=$(find src ui -name '*.[ch]' | sort)

# A function's body lies between a line that is "{" and one that is "}", both in the first column.
lengths() {
	awk '/^\{/ { start = FNR } /^\}/ && start { print FNR - start - 1, FILENAME ":" start; start = 0 } FNR == 1 { if (!/^\{/) start = 0 }' $1 | sort -n
}

figure() { # NAME FILES
	[ -n "$2" ] || return
	lengths "$2" | awk -v name="$1" -v nfiles="$(echo "$2" | wc -w)" -v lines="$(cat $2 | wc -l)" \
		-v said="$(awk '{ if (c) { n++; if (/\*\//) c = 0 } else if (/^[ \t]*\/[\/*]/) { n++; if (!/\*\//) c = 1 } else if (/\/[*\/] /) n += 0.5 } END { print int(n) }' $2)" '
		{ n[NR] = $1; if ($1 > 50) long++ }
		END { printf "%-14s files=%-4d lines=%-6d functions=%-5d median=%-3d p90=%-3d above_50=%.1f%% comments=%.0f%%\n", name, nfiles, lines, NR,
			n[int((NR + 1) / 2)], n[int(NR * 0.9)], NR ? 100 * long / NR : 0, lines ? 100 * said / lines : 0 }'
}

for layer in src/base src/store src/net src/trade src/channels src/engine src/sandbox src/cmd ui; do
	figure $layer "$(echo "$files" | grep "^$layer/")"
done
figure "all of it" "$files"
figure tests "$(find tests -name '*.[ch]' | sort)"
echo "longest functions:"
lengths "$files" | tail -n 10 | sort -rn | awk '{ printf "  %4d lines  %s\n", $1, $2 }'
echo "largest files:"
wc -l $files | grep -v ' total$' | sort -rn | head -n 10 | awk '{ printf "  %4d lines  %s\n", $1, $2 }'
