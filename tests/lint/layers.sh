#!/bin/sh
# Who may include whom, and what nobody may do: a line for each rule. Prints the lines that break one.
#
# It reads src/, ui/ and the names of the tree below the current folder; src/README.md says why each rule is there.
# Comments are not code, and what a string holds is looked at only where a rule is about strings.
set -u
here=$(cd "$(dirname "$0")" && pwd)
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
find src ui -name '*.[ch]' | sort | xargs awk -v want=code -f "$here/code.awk" > "$tmp/code"
find src ui -name '*.[ch]' | sort | xargs awk -v want=strings -f "$here/code.awk" > "$tmp/strings"
: > "$tmp/verdicts"

# verdict RULE: the offending lines are on stdin
verdict() {
	cat > "$tmp/hits"
	if [ -s "$tmp/hits" ]; then
		echo "not ok layers: $1"
		sed 's/^/      | /' "$tmp/hits"
		echo broken >> "$tmp/verdicts"
	else
		echo kept >> "$tmp/verdicts"
	fi
}

# may FOLDER 'WHAT': our own headers that a folder's files may include
may() {
	grep -E "^$1/[^:]*:[0-9]+:[[:space:]]*#[[:space:]]*include[[:space:]]*\"" "$tmp/code" | grep -vE "include[[:space:]]*\"($2)" |
		verdict "$1 includes only $(echo "$2" | tr '|' ' ')"
}

# only 'HEADER' 'WHERE' : a foreign header stands in these files alone
only() {
	grep -E "include[[:space:]]*<($1)" "$tmp/code" | grep -vE "^($2):" | verdict "<$1> is included in $(echo "$2" | tr '|' ' ') only"
}

# ban 'CALL' ['WHERE'] : nobody calls it (but for these files)
ban() {
	grep -E "(^|[^A-Za-z0-9_>.])($1)[[:space:]]*\\(" "$tmp/code" | grep -vE "^(${2:-nowhere}):" | verdict "nobody calls ${3:-$1}"
}

# ---- who includes whom ----
may src/base     'base/'
may src/store    'base/|store/'
may src/net      'base/|net/'
may src/trade    'base/|store/|trade/'
may src/channels 'base/|store/|trade/|channels/|net/http.h|net/sign.h|net/url.h|net/when.h'
may src/engine   'base/|store/|trade/|channels/|net/|engine/'
may src/sandbox  'base/|sandbox/|net/http.h|net/listen.h'
may src/cmd      'base/|store/|trade/|channels/|net/|engine/|sandbox/|cmd/|ui/'
may ui           'base/|store/|trade/|net/ask.h|ui/'
find src -mindepth 1 -maxdepth 1 | grep -vE '^src/(base|store|net|trade|channels|engine|sandbox|cmd|README.md)$' |
	verdict 'src has the eight layers, and each has its rule here'

# ---- what is spoken in one place ----
only 'sqlite3'          'src/store/[a-z_]*\.[ch]'
only 'n?curses|term\.h' 'ui/(painter|terminfo)\.c'
only 'curl/'            'src/net/(http_inside\.h|(once|url)\.c)'
grep -E 'include[[:space:]]*"net/http_inside\.h"' "$tmp/code" | grep -vE '^src/net/(http|transfer)\.c:' | verdict '"net/http_inside.h" is for http.c and transfer.c alone'
only 'microhttpd'       'src/net/listen\.c'
only 'openssl/'         'src/net/sign\.c|src/trade/audit\.c|src/engine/vault(_[a-z]+)?\.c'
only 'cjson/'           'src/base/json\.c'
only 'ini\.h'           'src/base/config\.c'
only 'csv\.h'           'src/base/csv\.c'
# (what NetSuite is asked by is a language of its own that looks like it)
grep -E ':.*(SELECT .* FROM |INSERT (OR [A-Z]+ )?INTO |UPDATE [a-z_]+ SET |DELETE FROM |CREATE (TABLE|INDEX|TRIGGER|VIEW)|PRAGMA [a-z_])' "$tmp/strings" |
	grep -vE '^src/(store|trade)/|^src/channels/netsuite/.*SELECT ' | verdict 'SQL stands in src/store and src/trade only'
grep -E 'INSERT OR |[^a-z_]rowid|strftime|json_(extract|each|object)' "$tmp/strings" | grep -E '^src/trade/' |
	verdict 'SQL in src/trade is what SQLite and PostgreSQL both understand'

# ---- what nobody does ----
ban 'time|clock_gettime|gettimeofday|timespec_get' 'src/base/clock\.c' 'the clock but base/clock.c'
ban 'rand|random|srand|drand48|arc4random|getrandom' 'src/base/clock\.c' 'a random source but base/clock.c'
ban 'strcpy|strcat|sprintf|vsprintf|gets|stpcpy|alloca'
ban 'system|popen'
ban 'pthread_[a-z_]+|thrd_[a-z]+'
ban 'cJSON_GetObjectItem' nowhere 'cJSON_GetObjectItem, which ignores case'
ban 'atoi|atol|atoll|atof' nowhere 'atoi and its kin, which cannot say no'
grep -E ':[[:space:]]*typedef[[:space:]]+(struct|union|enum)' "$tmp/code" | verdict 'a struct is called struct: no typedef'
grep -E '(^|[^A-Za-z0-9_])(float|double)[^A-Za-z0-9_]' "$tmp/code" | grep -vE '^(src/sandbox/|ui/)' |
	grep -E '^src/(trade|channels|engine|store)/' | verdict 'no floating point near money or quantities'

# A static that can change is a hidden argument of every function. Constant tables are not meant, nor a signal handler's
# one flag, nor how a crash puts the terminal back.
grep -E ':[[:space:]]*static[[:space:]]' "$tmp/code" | grep -vE '[^A-Za-z_]const[^A-Za-z_]|\(|volatile sig_atomic_t|inline|_Static_assert' |
	grep -vE '^ui/parting\.c:[0-9]+:static struct \{' | verdict 'no static that can change'
grep -E ':(struct [a-z_]+ |enum [a-z_]+ |unsigned |int|long|bool|char|size_t|s?size_t|u?int[0-9]+_t)[a-z0-9_ *]*(\[[^]]*\])*[[:space:]]*(=.*|;)$' "$tmp/code" |
	grep -E '\.c:[0-9]+:[^[:space:]]' | grep -vE '[^A-Za-z_]const[^A-Za-z_]|\(|:struct [a-z_]+;' | verdict 'no variable of the whole program'

# ---- the tree ----
if git rev-parse --is-inside-work-tree >/dev/null 2>&1 && [ -z "$(git rev-parse --show-prefix)" ]; then
	git ls-files > "$tmp/files"
else
	find . -type f -not -path './.git/*' -not -path './build*' | sed 's|^\./||' > "$tmp/files"
fi
cut -d/ -f1 "$tmp/files" | sort -u | grep -vxE 'src|ui|data|themes|tests|Makefile|README\.md|LICENSE|\.ci|\.gitignore|\.gitattributes' |
	verdict 'the top level holds src ui data themes tests Makefile README.md LICENSE and no more'
# Brackets keep this line from naming itself.
xargs grep -nIE '/wor[k]/|/home/[a-z]+/|registry\.npm[j]s|deb\.debia[n]\.org|pypi\.or[g]|artifactor[y]' < "$tmp/files" /dev/null |
	verdict 'no path of one machine, no package host'
xargs grep -nIE '^(<<<<<<<|>>>>>>>) ' < "$tmp/files" /dev/null | verdict 'no half-done merge'

kept=$(grep -c kept "$tmp/verdicts") broken=$(grep -c broken "$tmp/verdicts")
echo "layers: $kept rules kept, $broken broken"
[ "${TALLY:-}" ] && echo "$kept $broken 0" >> "$TALLY"
[ $broken = 0 ]
