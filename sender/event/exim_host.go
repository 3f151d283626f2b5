package event

import "strings"

// eximServer is a host as Exim writes it: "mx.example [192.0.2.1]:25", "(helo) [192.0.2.1]", "mx.example (helo) [192.0.2.1]".
type eximServer struct{ name, address string }

// eximHost reads a host from its first word and from what follows, and gives the rest.
func eximHost(word, rest string) (s eximServer, after string) {
	for word != "" {
		switch word[0] {
		case '(':
		case '[':
			s.address, _, _ = strings.Cut(word[1:], "]")
			return s, rest
		default:
			s.name = strings.TrimSuffix(word, ":")
		}
		next := strings.TrimLeft(rest, " ")
		if next == "" || next[0] != '[' && next[0] != '(' {
			return s, rest
		}
		word, rest, _ = strings.Cut(next, " ")
	}
	return s, rest
}

// text is "host[address]", as other systems write it.
func (s eximServer) text() string {
	if s.address == "" {
		return s.name
	}
	return s.name + "[" + s.address + "]"
}
