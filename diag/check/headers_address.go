package check

import "strings"

// addressList cuts an address list at its commas. Quoted strings and comments are left out: a comma in those ends nothing
// (RFC 5322 §3.4). A quoted string that is the local part of an address becomes "x".
type addressList struct {
	rest string
	done bool
}

// next is the next mailbox; false at the end.
func (l *addressList) next() (string, bool) {
	if l.done {
		return "", false
	}
	var b strings.Builder
	angle := false
	for i := 0; i < len(l.rest); {
		switch c := l.rest[i]; {
		case c == '"':
			end := quotedEnd(l.rest, i)
			if angle || end < len(l.rest) && l.rest[end] == '@' {
				b.WriteByte('x')
			}
			i = end
			continue
		case c == '(':
			i = parenthesesEnd(l.rest, i)
			continue
		case (c == ',' || c == ';') && !angle:
			l.rest = l.rest[i+1:]
			return b.String(), true
		case c == '<' || c == '>':
			angle = c == '<'
		}
		b.WriteByte(l.rest[i])
		i++
	}
	l.done = true
	return b.String(), true
}

// quotedEnd is where a quoted string ends that begins at i, behind its mark.
func quotedEnd(s string, i int) int {
	for i++; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		}
	}
	return len(s)
}

// parenthesesEnd is where a comment ends that begins at i; comments nest.
func parenthesesEnd(s string, i int) int {
	depth := 0
	for ; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case '(':
			depth++
		case ')':
			if depth--; depth == 0 {
				return i + 1
			}
		}
	}
	return len(s)
}
