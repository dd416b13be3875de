#!/bin/sh
# The systemd unit: systemd reads each line of it, and its fences leave a service little more than the program's own do.
set -u
name='the units are such as systemd takes, with every fence'
command -v systemd-analyze >/dev/null || { echo "skip $name: systemd-analyze is not here"; exit 0; }
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
# the program and its manual are not installed where it says
for unit in tallyman@.service tallyman-health@.service tallyman-health@.timer; do
	sed -e 's|^ExecStart=[^ ]*|ExecStart=/bin/true|' -e '/^Documentation=/d' "data/$unit" > "$dir/$unit"
done
said=$(systemd-analyze verify "$dir/tallyman@x.service" "$dir/tallyman-health@x.timer" "$dir/tallyman-health@x.service" 2>&1 | grep -F 'tallyman')
if [ -n "$said" ]; then
	echo "not ok $name"
	echo "$said"
	exit 1
fi
echo "ok $name"
# 10 is no fence at all, 9.6 what a service has that says nothing
name='what is left open is little'
level=$(systemd-analyze security --no-pager --offline=yes "$dir/tallyman@x.service" 2>/dev/null | sed -n 's/.*Overall exposure level[^:]*: \([0-9.]*\).*/\1/p')
case $level in
'') echo "skip $name: this systemd does not tell" ;;
0.* | 1.*) echo "ok $name" ;;
*) echo "not ok $name: $level" && exit 1 ;;
esac
