# Prints "file:line:text" of C sources without their comments. With want=code what strings hold is left out (but for the
# names of includes); with want=strings only what they hold is left, so that words in a comment or a message are never taken for code.
FNR == 1 { comment = 0 }
{
	line = $0; out = ""; include = line ~ /^[ \t]*#[ \t]*include/
	for (i = 1; i <= length(line); i++) {
		c = substr(line, i, 1); two = substr(line, i, 2)
		if (comment) {
			if (two == "*/") { comment = 0; i++ }
		} else if (two == "/*") {
			comment = 1; i++
		} else if (two == "//") {
			break
		} else if ((c == "\"" || c == "'") && !include) {
			held = ""
			for (i++; i <= length(line) && substr(line, i, 1) != c; i++) {
				if (substr(line, i, 1) == "\\") { held = held substr(line, i, 1); i++ }
				held = held substr(line, i, 1)
			}
			out = out (want == "strings" ? held : c c)
		} else if (want != "strings") {
			out = out c
		}
	}
	if (out ~ /[^ \t]/) print FILENAME ":" FNR ":" out
}
