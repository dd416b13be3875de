#!/bin/sh
# `make deps` on machines that lack something: what it says, what it does, and that it asks once.
# The machine is a folder of programs: those that a script needs, a compiler that knows no libcsv, and what a row adds.
set -u
D=$(mktemp -d /tmp/tallyman-deps-XXXXXX) || exit 1
trap 'rm -rf "$D"' EXIT
FAILED=0
root=$(pwd)

said() { # NAME: the verdict is the status of the command before
	if [ $? = 0 ]; then echo "ok $1"; else echo "not ok $1"; sed 's/^/  | /' "$D/out"; FAILED=1; fi
}

machine() { # PROGRAM...: a fresh one
	rm -rf "$D/bin" "$D/build" "$D/installed" "$D/asked"
	mkdir "$D/bin"
	for p in sh mkdir mktemp rm sort tr sed touch cat env "$@"; do ln -s "$(command -v $p)" "$D/bin/$p"; done
	for p in sqlite3 tmux openssl; do printf '#!/bin/sh\n' > "$D/bin/$p"; done
	cat > "$D/bin/cc" <<-CC
		#!/bin/sh
		echo asked >> "$D/asked"
		for a in "\$@"; do case \$a in *.c) grep=\$(cat "\$a") ;; esac; done
		case \$grep in *csv.h*) [ -e "$D/installed" ] ;; esac
	CC
	printf '#!/bin/sh\necho 1000\n' > "$D/bin/id"
	chmod +x "$D/bin/cc" "$D/bin/id" "$D/bin/sqlite3" "$D/bin/tmux" "$D/bin/openssl"
}

deps() {
	(cd "$D" && PATH=$D/bin CC=cc "$root/.ci/deps" "$@" "$D/build") > "$D/out" 2>&1
}

apt() { # STATUS: an apt-get that installs libcsv and says what it was asked
	printf '#!/bin/sh\necho "apt-get $*" >> %s/apt; case "$*" in *install*) touch %s/installed ;; esac; exit %s\n' "$D" "$D" "$1" > "$D/bin/apt-get"
	chmod +x "$D/bin/apt-get"
	: > "$D/apt"
}

machine
deps demo; [ $? = 1 ] && grep -q 'apt-get install -y --no-install-recommends libcsv-dev' "$D/out" && grep -q 'as root' "$D/out"
said "without rights it says what to type, and stops"

machine; apt 0
deps demo; [ $? = 1 ] && [ ! -s "$D/apt" ]
said "apt alone is no right: nothing is installed by a user without sudo"

machine; apt 0; printf '#!/bin/sh\nexit 1\n' > "$D/bin/sudo"; chmod +x "$D/bin/sudo"
deps demo; [ $? = 1 ] && [ ! -s "$D/apt" ]
said "a sudo that wants a password is not asked for one"

machine; apt 0; printf '#!/bin/sh\n[ "$1" = -n ] && shift; "$@"\n' > "$D/bin/sudo"; chmod +x "$D/bin/sudo"
deps demo && grep -q "install -q -y --no-install-recommends libcsv-dev\$" "$D/apt"
said "with sudo it installs what is missing, and nothing else"

: > "$D/asked"; : > "$D/apt"
deps demo && [ ! -s "$D/asked" ] && [ ! -s "$D/apt" ]
said "what was found is not looked for again, and no network is asked"

machine; apt 0; printf '#!/bin/sh\necho 0\n' > "$D/bin/id"; chmod +x "$D/bin/id"
deps demo && grep -q 'install.*libcsv-dev' "$D/apt"
said "root needs no sudo"

machine; apt 100; printf '#!/bin/sh\necho 0\n' > "$D/bin/id"; chmod +x "$D/bin/id"
printf '#!/bin/sh\nexit 100\n' > "$D/bin/apt-get"
deps demo; [ $? = 1 ] && grep -q 'as root, type' "$D/out"
said "an apt-get that fails is told, and stops the build"

machine; touch "$D/installed"
deps check && grep -q 'going on without.*clang' "$D/out"
said "a check goes on without clang, and says so"

exit $FAILED
