# A seller for a script that tries the program itself: one simulated Walmart, a warehouse's file, a store with their configuration. To be sourced.
# It sets T (the program), D (a folder, removed at the end), and FAILED.
. tests/script.sh
T=${TALLYMAN:-build/tallyman}
D=$(mktemp -d "$([ -w /dev/shm ] && echo /dev/shm || echo /tmp)/tallyman-seller-XXXXXX") || exit 1 # in memory: where time goes faster, a disk would be slower
PID= ENGINE=
trap '[ -z "$ENGINE" ] || kill "$ENGINE" 2>/dev/null; [ -z "$PID" ] || kill "$PID" 2>/dev/null; rm -rf "$D"' EXIT

seller_secret() { # NAME FILE: what the simulated marketplace knows us by
	sed -n "s/^#define SANDBOX_WALMART_$1 \"\(.*\)\"/\1/p" src/sandbox/*.h >"$D/$2"
	chmod 600 "$D/$2"
}

seller_open() { # ARGS...: of tallyman sandbox
	"$T" init --store "$D/store" --profile sandbox >/dev/null || exit 1
	mkfifo "$D/lines"
	"$T" sandbox --port 0 --seed 3 --sell walmart --counts "$D/counts.csv" "$@" >"$D/lines" 2>"$D/sandbox.log" &
	PID=$!
	exec 4<"$D/lines"
	read -r _ _ url <&4
	seller_secret ID id
	seller_secret SECRET secret
	demo_ini >"$D/store/tallyman.ini"
	cat >>"$D/store/tallyman.ini" <<-END
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
}

seller_engine() { # ARGS...: of tallyman engine
	"$T" engine --store "$D/store" --config "$D/store/tallyman.ini" "$@" >"$D/engine.log" 2>&1
}
