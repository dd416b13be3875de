#!/bin/sh
# The platforms' published contracts, answering on loopback, and tallyman speaking to them: tests/contract/mock.sh CONTRACTS
#
# CONTRACTS/mock is installed (npm) in BUILD/mock, a folder of its own, and started over CONTRACTS/specs. Then
# tests/contract/run.sh BUILD/mock does the talking. Every request that breaks a contract stands in BUILD/mock/requests.jsonl
# with its violations; one is enough to fail.
set -u
contracts=$1 build=${BUILD:-build} dir=${BUILD:-build}/mock
[ -d "$contracts/mock" ] || { echo "contract: skipped: there are no contracts in $contracts (CONTRACTS=DIR says where)"; echo "0 passed, 0 failed, 1 skipped"; exit 0; }
command -v node >/dev/null && command -v npm >/dev/null ||
	{ echo "contract: skipped: the mock needs node 18.17 and npm (apt-get install -y nodejs npm)"; echo "0 passed, 0 failed, 1 skipped"; exit 0; }
contracts=$(cd "$contracts" && pwd)
if command -v flock >/dev/null; then exec 9>"${TMPDIR:-/tmp}/tallyman-mock.lock"; flock 9; fi # its ports are its own: one at a time
mkdir -p "$dir"
if ! cmp -s "$contracts/mock/package.json" "$dir/package.json" || [ ! -e "$dir/installed" ]; then
	rm -rf "$dir"; mkdir -p "$dir"
	cp -R "$contracts/mock/." "$dir/" && chmod -R u+w "$dir"
	echo "contract: npm install in $dir"
	(cd "$dir" && npm install --no-audit --no-fund --fetch-retries=5 --loglevel=error </dev/null) && touch "$dir/installed" ||
		{ echo "contract: npm install failed"; echo "0 passed, 1 failed"; exit 1; }
fi
cp -f "$contracts/mock/"*.mjs "$dir/"
rm -f "$dir/requests.jsonl" "$dir/mock.log"
node "$dir/serve.mjs" --specs "$contracts/specs" --log "$dir/requests.jsonl" --only amazon,walmart,ebay,shopify,netsuite,cartoncloud > "$dir/mock.log" 2>&1 </dev/null &
mock=$!
trap 'kill $mock 2>/dev/null; wait $mock 2>/dev/null' EXIT
trap 'exit 1' INT TERM
tries=0
until grep -q '^ready' "$dir/mock.log"; do
	tries=$((tries + 1))
	if [ $tries -gt 600 ] || ! kill -0 $mock 2>/dev/null; then
		echo "contract: the mock did not start:"; cat "$dir/mock.log"; echo "0 passed, 1 failed"; exit 1
	fi
	sleep 0.2
done
sed 's/^/contract: /' "$dir/mock.log"

CONTRACTS=$contracts tests/contract/run.sh "$dir" > "$dir/run.log" 2>&1
status=$?
if command -v python3 >/dev/null; then # the sandbox, too, answers as they say
	said=$(CONTRACTS=$contracts python3 tests/contract/sandbox_check.py "${TALLYMAN:-$build/tallyman}" 2>&1) && verdict=ok || verdict='not ok'
	echo "$said" | sed "\$!s/^/      | /; \$s/^/$verdict /" >> "$dir/run.log"
else
	echo "skip sandbox_check: there is no python3" >> "$dir/run.log"
fi
node tests/contract/documents.mjs "$dir" "$contracts/specs/shopify" tests/contract/shopify/*.case >> "$dir/run.log" 2>&1 || status=1
cat "$dir/run.log"
said=$(grep -c . "$dir/requests.jsonl")
broke=$(grep -vc '"violations":\[\]' "$dir/requests.jsonl")
passed=$(grep -c '^ok ' "$dir/run.log") failed=$(grep -c '^not ok ' "$dir/run.log")
[ $status = 0 ] || [ "$failed" != 0 ] || failed=1
if [ "$broke" != 0 ]; then
	echo "contract: $broke of $said requests break a contract:"
	grep -v '"violations":\[\]' "$dir/requests.jsonl" | cut -c1-600
	failed=$((failed + 1))
elif [ "$said" = 0 ]; then
	echo "contract: nobody spoke to the mock"
	failed=$((failed + 1))
else
	echo "contract: $said requests, none breaks a contract"
	passed=$((passed + 1))
fi
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
