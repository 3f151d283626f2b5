package page

import (
	"strings"

	"todoku/codes"
)

// Command is a command as a POSIX shell reads it: split by a shell it gives
// Argv again, whatever its values hold. It is the only place that prints and
// quotes a command.
func Command(c codes.Command) string { return strings.Join(groups(c), " ") }

// CommandWithin is a command within a sentence, of which the lines break anywhere: a value that needs quotes does not
// stand in it, its place is left open.
func CommandWithin(c codes.Command) string {
	return Command(c.Only(func(value string) bool { return quoted(value) == value }))
}

// CommandLines breaks a command into lines of a width, as columns measures it.
// All but the last end in the shell's mark for that, so that they can be pasted
// as they stand; a flag stays with its value.
func CommandLines(c codes.Command, width int, columns func(string) int) []string {
	if whole := Command(c); columns(whole) <= width {
		return []string{whole}
	}
	var lines []string
	line := ""
	for _, g := range groups(c) {
		if line != "" && columns(line+" "+g+` \`) > width {
			lines = append(lines, line+` \`)
			line = ""
		}
		line = strings.TrimPrefix(line+" "+g, " ")
	}
	return append(lines, line)
}

// groups are the words of a command, quoted; a flag and its value are one.
func groups(c codes.Command) []string {
	if c.IsZero() {
		return nil
	}
	var out []string
	for _, g := range c.Groups() {
		words := make([]string, len(g))
		for i, w := range g {
			words[i] = quoted(w)
		}
		out = append(out, strings.Join(words, " "))
	}
	return out
}

// Word is a word that somebody typed, quoted for a sentence that a shell may read too: with double quotes where it is
// plain, else as a shell takes it. Hidden characters become visible, line breaks among them.
func Word(s string) string {
	s = Clean(s)
	if q := quoted(s); q != s {
		return q
	}
	return `"` + s + `"`
}

// quoted is a word as a POSIX shell takes it (POSIX 2.2.2): letters, digits and
// a few marks mean themselves to every shell, anything else is put into single
// quotes, in which nothing is expanded. "=" at the beginning is expanded by zsh.
func quoted(s string) string {
	plain := func(r rune) bool {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("@._:/+-=%,", r)
	}
	if s != "" && s[0] != '=' && !strings.ContainsFunc(s, func(r rune) bool { return !plain(r) }) {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}
