package dmarc

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// What can be wrong with a From header field: there is no author domain to ask
// about (RFC 9989 §5.3.1).
var (
	ErrNoAuthor = errors.New("the From field names no address")
	ErrFrom     = errors.New("the From field cannot be read")
	ErrAuthors  = fmt.Errorf("the From field names more than %d domains", maxAuthors)
)

// A mail with more author domains is an attack (RFC 9989 §11.5).
const maxAuthors = 10

// FromDomains lists the domains of the value of a From header field as DNS
// knows them, each once, in their order. Display names, groups, comments,
// quoted strings and folding are understood; display names need not be quoted
// where they should.
func FromDomains(header string) ([]string, error) {
	s := scanner{in: header}
	if err := s.scan(); err != nil {
		return nil, err
	}
	if len(s.domains) == 0 {
		return nil, ErrNoAuthor
	}
	return s.domains, nil
}

// scanner reads an address list (RFC 5322 §3.4).
type scanner struct {
	in      string
	at      int
	text    []byte // the mailbox so far, without comments
	angle   bool   // its address stood in <>
	domains []string
}

func (s *scanner) scan() error {
	for s.at < len(s.in) {
		c := s.in[s.at]
		var err error
		switch c {
		case ',', ';':
			s.at++
			err = s.mailbox()
		case ':': // a group begins: what stands before is its name
			s.at++
			if s.angle {
				err = fmt.Errorf("%w: %q after an address", ErrFrom, ":")
			}
			s.text = s.text[:0]
		case '<':
			err = s.route()
		default:
			if s.angle && !strings.ContainsRune(" \t\r\n(", rune(c)) {
				return fmt.Errorf("%w: something stands after <…>", ErrFrom)
			}
			err = s.word()
		}
		if err != nil {
			return err
		}
	}
	return s.mailbox()
}

// word takes a quoted string, a comment, a literal or one character.
func (s *scanner) word() error {
	c := s.in[s.at]
	switch c {
	case '"':
		return s.enclosed('"')
	case '[':
		return s.enclosed(']')
	case '(':
		return s.comment()
	case '\r', '\n', '\t':
		c = ' '
	}
	if !s.angle {
		s.text = append(s.text, c)
	}
	s.at++
	return nil
}

// enclosed copies what ends with a delimiter, which a backslash protects.
func (s *scanner) enclosed(end byte) error {
	for i := s.at + 1; i < len(s.in); i++ {
		switch s.in[i] {
		case '\\':
			i++
		case end:
			s.text = append(s.text, s.in[s.at:i+1]...)
			s.at = i + 1
			return nil
		}
	}
	return fmt.Errorf("%w: %q does not end", ErrFrom, s.in[s.at:s.at+1])
}

// comment skips a comment; comments nest (RFC 5322 §3.2.2).
func (s *scanner) comment() error {
	depth := 0
	for i := s.at; i < len(s.in); i++ {
		switch s.in[i] {
		case '\\':
			i++
		case '(':
			depth++
		case ')':
			if depth--; depth == 0 {
				s.at = i + 1
				return nil
			}
		}
	}
	return fmt.Errorf("%w: a comment does not end", ErrFrom)
}

// route reads <address>; the display name before it is forgotten.
func (s *scanner) route() error {
	if s.angle {
		return fmt.Errorf("%w: two addresses in one mailbox", ErrFrom)
	}
	s.text = s.text[:0]
	s.at++
	for s.at < len(s.in) {
		switch s.in[s.at] {
		case '>':
			s.angle = true
			s.at++
			return nil
		case '<':
			return fmt.Errorf("%w: < inside <…>", ErrFrom)
		case ':': // RFC 5322 §4.4: an obsolete route before the address
			s.text = s.text[:0]
			s.at++
			continue
		}
		if err := s.word(); err != nil {
			return err
		}
	}
	return fmt.Errorf("%w: %q does not end", ErrFrom, "<")
}

// mailbox takes the domain of the mailbox that ends here.
func (s *scanner) mailbox() error {
	address := strings.Trim(string(s.text), " ")
	angle := s.angle
	s.text, s.angle = s.text[:0], false
	if address == "" && !angle {
		return nil // RFC 5322 §4.4: lists may have empty places
	}
	i := strings.LastIndexByte(address, '@')
	if i < 0 {
		return fmt.Errorf("%w: %q has no domain", ErrFrom, address)
	}
	local := strings.Trim(address[:i], " ")
	if !isLocal(local) {
		return fmt.Errorf("%w: %q is no address", ErrFrom, address)
	}
	domain, ok := hostName(address[i+1:])
	if !ok {
		return fmt.Errorf("%w: %q has no domain that can be looked up", ErrFrom, address)
	}
	if slices.Contains(s.domains, domain) {
		return nil
	}
	if len(s.domains) == maxAuthors {
		return ErrAuthors
	}
	s.domains = append(s.domains, domain)
	return nil
}

// isLocal accepts a quoted string, or anything without blanks and further @.
func isLocal(s string) bool {
	if len(s) > 1 && s[0] == '"' && s[len(s)-1] == '"' {
		return true
	}
	return s != "" && !strings.ContainsAny(s, " @\"")
}
