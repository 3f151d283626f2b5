package event

import "bytes"

// eximServer is a host as Exim writes it: "mx.example [192.0.2.1]:25", "(helo) [192.0.2.1]", "mx.example (helo) [192.0.2.1]".
type eximServer struct{ name, address []byte }

// eximHost reads a host from its first word and from what follows, and gives the rest.
func eximHost(word, rest []byte) (s eximServer, after []byte) {
	for len(word) > 0 {
		switch word[0] {
		case '(':
		case '[':
			s.address, _, _ = bytes.Cut(word[1:], []byte("]"))
			return s, rest
		default:
			s.name = bytes.TrimSuffix(word, []byte(":"))
		}
		next := bytes.TrimLeft(rest, " ")
		if len(next) == 0 || next[0] != '[' && next[0] != '(' {
			return s, rest
		}
		word, rest, _ = bytes.Cut(next, []byte(" "))
	}
	return s, rest
}

// appendTo adds "host[address]", as other systems write it.
func (s eximServer) appendTo(b []byte) []byte {
	b = append(b, s.name...)
	if len(s.address) > 0 {
		b = append(append(append(b, '['), s.address...), ']')
	}
	return b
}
