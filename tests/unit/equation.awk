# Recomputes a printed equation (trade/allocation.h) from its own words, left to right, and compares what it says with what comes out.
# Input: lines "EQUATION -> NUMBER". Prints those that do not agree; the exit status says whether there were any. No line of ours is used here.

function whole(x) { return int(x + 0) }
function least(a, b) { return a < b ? a : b }
function fail(why) { print FILENAME NR ": " why ": " $0; bad++ }

# The numbers of a term, in order, as n[1], n[2] ...
function numbers(term,    k) {
	k = 0
	while (match(term, /[0-9]+(\.[0-9]+)?/)) {
		n[++k] = substr(term, RSTART, RLENGTH) + 0
		term = substr(term, RSTART + RLENGTH)
	}
	return k
}

# "18 + 1 by ..." or "18 by ...": part and rest; i: where the numbers after them begin
function sum(term) {
	numbers(term)
	part = n[1]
	rest = term ~ /^, [0-9]+ \+ / ? n[2] : 0
	i = term ~ /^, [0-9]+ \+ / ? 3 : 2
	if (rest > 1 && term !~ /by margin/)
		fail("more than one unit of rounding")
}

# floor(acc * a / b) with a and b in thousandths
function share_of(acc, a, b) { return whole(acc * int(a * 1000 + .5) / int(b * 1000 + .5)) }

function by_pace(term) {
	sum(term)
	if (part != share_of(acc, n[i], n[i + 1]))
		fail("a share of " part " instead of " share_of(acc, n[i], n[i + 1]))
	acc = part + rest
}

function by_share(term) {
	sum(term)
	if (part != whole(acc * int(n[i] * 100 + .5) / 10000))
		fail("a share of " part)
	acc = part + rest
}

function by_margin(term) {
	sum(term)
	if (part != least(n[i], n[i + 1]) || n[i + 1] > acc)
		fail("a part of " part)
	acc = part + rest
}

function buffer(term,    share, back) {
	numbers(term)
	share = acc * int(n[3] * 100 + .5)
	share = whole((share + 9999) / 10000)
	back = share > n[2] ? share : n[2]
	if (back != n[1])
		fail("a buffer of " n[1] " instead of " back)
	acc = acc > back ? acc - back : 0
}

function step(term) {
	numbers(term)
	if (term ~ /^ - [0-9]+ (dark|unwritable|reserve)$/)
		acc = acc > n[1] ? acc - n[1] : 0
	else if (term ~ /^, the last ones are shown here$/)
		acc = acc
	else if (term ~ /^, the last ones are shown elsewhere$/)
		acc = 0
	else if (term ~ / by share /)
		by_share(term)
	else if (term ~ / by pace / || term ~ / of it here /)
		by_pace(term)
	else if (term ~ / by margin /)
		by_margin(term)
	else if (term ~ /^ - [0-9]+ buffer /)
		buffer(term)
	else if (term ~ /^, never all of it$/)
		acc = available - 1
	else if (term ~ /^, node /)
		acc = whole(acc / n[2]) + (n[1] <= acc % n[2])
	else if (term ~ /^, [0-9]+ of [0-9]+ at its node$/)
		acc = least(n[1], n[2] ? whole(acc * n[1] / n[2]) : 0)
	else if (term ~ /^, none of ours$/)
		acc = 0
	else if (term ~ /^, and [0-9]+ of fba$/)
		acc += n[1]
	else if (term ~ /^, packs of /)
		acc = whole(acc / n[1])
	else if (term ~ /^, at most /)
		acc = least(acc, n[1])
	else if (term ~ /^, under [0-9]+ none$/)
		acc = acc < n[1] ? 0 : acc
	else if (term ~ / until others show less$/ || term ~ / shown while it is dark$/)
		acc = least(acc, n[1])
	else if (term ~ / stays for less than /) {
		if (acc <= n[1] || acc - n[1] >= n[2])
			fail("it does not stay")
		acc = n[1]
	} else
		fail("no known term: \"" term "\"")
}

# Where the next term begins: at ", " or " - "; 0 when there is none.
function next_term(s,    a, b) {
	a = index(substr(s, 2), ", ")
	b = index(substr(s, 2), " - ")
	return !a ? b : !b ? a : least(a, b)
}

function walk(s,    at) {
	while (s != "") {
		at = next_term(s)
		step(at ? substr(s, 1, at) : s)
		s = at ? substr(s, at + 1) : ""
	}
}

{
	said = $NF
	line = $0
	sub(/ -> -?[0-9]+$/, "", line)
	if (line ~ /^held at zero: /) {
		if (said != 0)
			fail("held, and not at zero")
		next
	}
	match(line, /^-?[0-9]+ available/)
	available = acc = substr(line, 1, RLENGTH) + 0
	line = substr(line, RLENGTH + 1)
	if (line == ", so 0") {
		if (said != 0 || available > 0)
			fail("nothing, though there is some")
		next
	}
	match(line, / = [0-9]+$/)
	if (substr(line, RSTART + 3) + 0 != said)
		fail("it says another number itself")
	walk(substr(line, 1, RSTART - 1))
	if (least(acc, 999999) != said)
		fail("it comes to " acc)
	lines++
}

END {
	print lines + 0 " equations with a sum, " bad + 0 " wrong"
	exit bad > 0
}
