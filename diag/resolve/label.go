package resolve

import (
	"errors"
	"fmt"
	"strings"
)

// A name is written as its labels with dots between. Each octet stands as it
// is, but for a dot or a backslash inside a label: those have a backslash
// before them (RFC 1035 §5.1), so that each name has one spelling and one wire
// form.

var (
	errEmptyLabel = errors.New("empty label")
	errLongLabel  = errors.New("label longer than 63 octets")
	errLongName   = errors.New("name longer than 253 octets")
)

// maxWire is the longest name on the wire in octets, the root's included (RFC 1035 §2.3.4).
const maxWire = 255

// canonical lowers a name and drops the final dot; it refuses what has no wire
// form (RFC 1035 §2.3.4). A backslash that escapes nothing stands for itself. A
// name that is canonical already is not copied.
func canonical(name string) (string, error) {
	if name == "." {
		return name, nil
	}
	if strings.IndexByte(name, '\\') >= 0 {
		return canonicalEscaped(name)
	}
	name = strings.TrimSuffix(name, ".")
	if len(name) > maxWire-2 {
		return "", fmt.Errorf("%.40q…: %w", name, errLongName)
	}
	start, upper := 0, false
	for i := 0; i <= len(name); i++ {
		if i < len(name) && name[i] != '.' {
			upper = upper || 'A' <= name[i] && name[i] <= 'Z'
			continue
		}
		if err := labelError(i - start); err != nil {
			return "", fmt.Errorf("%q: %w", name, err)
		}
		start = i + 1
	}
	if upper {
		name = Lower(name)
	}
	return name, nil
}

func labelError(octets int) error {
	switch {
	case octets == 0:
		return errEmptyLabel
	case octets > 63:
		return errLongLabel
	}
	return nil
}

// canonicalEscaped is canonical for names with a backslash in them.
func canonicalEscaped(name string) (string, error) {
	b := make([]byte, 0, len(name)+8)
	label, wire := 0, 1 // octets of the label, of the whole
	for i := 0; i < len(name); i++ {
		c := name[i]
		if c == '.' {
			if err := labelError(label); err != nil {
				return "", fmt.Errorf("%.300q: %w", name, err)
			}
			wire, label = wire+label+1, 0
			if i+1 < len(name) {
				b = append(b, '.')
			}
			continue
		}
		if c == '\\' && i+1 < len(name) && (name[i+1] == '.' || name[i+1] == '\\') {
			i++
			c = name[i]
		}
		b = appendOctet(b, c)
		label++
	}
	if !endsInDot(name) {
		if err := labelError(label); err != nil {
			return "", fmt.Errorf("%.300q: %w", name, err)
		}
		wire += label + 1
	}
	if wire > maxWire {
		return "", fmt.Errorf("%.40q…: %w", name, errLongName)
	}
	return string(b), nil
}

// appendOctet writes an octet of a label as names are written here.
func appendOctet(b []byte, c byte) []byte {
	switch {
	case c == '.' || c == '\\':
		return append(b, '\\', c)
	case 'A' <= c && c <= 'Z': // DNS knows no other case (RFC 4343)
		return append(b, c+'a'-'A')
	}
	return append(b, c)
}

// appendName appends the wire form of a canonical name.
func appendName(b []byte, name string) []byte {
	if name == "." {
		return append(b, 0)
	}
	at := len(b)
	b = append(b, 0)
	for i := 0; i < len(name); i++ {
		switch {
		case name[i] == '\\' && i+1 < len(name):
			i++
			b = append(b, name[i])
		case name[i] == '.':
			b[at] = byte(len(b) - at - 1)
			at = len(b)
			b = append(b, 0)
		default:
			b = append(b, name[i])
		}
	}
	b[at] = byte(len(b) - at - 1)
	return append(b, 0)
}

// fromWire turns a name as the DNS library prints it ("a\\032b.test.") into a
// canonical one. "" stays: a record without a name.
func fromWire(s string) string {
	if s == "." || s == "" {
		return s
	}
	plain := true
	for i := range len(s) {
		if s[i] == '\\' || 'A' <= s[i] && s[i] <= 'Z' {
			plain = false
			break
		}
	}
	if plain {
		return strings.TrimSuffix(s, ".")
	}
	b := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '.':
			if i+1 < len(s) {
				b = append(b, '.')
			}
		case s[i] == '\\' && i+3 < len(s) && isDigit(s[i+1]):
			b = appendOctet(b, (s[i+1]-'0')*100+(s[i+2]-'0')*10+s[i+3]-'0')
			i += 3
		case s[i] == '\\' && i+1 < len(s):
			i++
			b = appendOctet(b, s[i])
		default:
			b = appendOctet(b, s[i])
		}
	}
	return string(b)
}

// Within reports whether a name is the domain or inside it, in any case.
func Within(name, domain string) bool {
	cut := len(name) - len(domain)
	if cut <= 0 {
		return equalFold(name, domain)
	}
	return endsInDot(name[:cut]) && equalFold(name[cut:], domain)
}

// Parent is the name one label up, "" above a single label.
func Parent(name string) string {
	for i := 0; i < len(name); i++ {
		switch name[i] {
		case '\\':
			i++
		case '.':
			return name[i+1:]
		}
	}
	return ""
}

// endsInDot reports whether the last octet is a dot that ends a label.
func endsInDot(s string) bool {
	if !strings.HasSuffix(s, ".") {
		return false
	}
	backslashes := 0
	for i := len(s) - 2; i >= 0 && s[i] == '\\'; i-- {
		backslashes++
	}
	return backslashes%2 == 0
}

// equalFold compares names; ASCII letters have no case (RFC 4343).
func equalFold(a, b string) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range len(a) {
		if a[i] != b[i] && lowerByte(a[i]) != lowerByte(b[i]) {
			return false
		}
	}
	return true
}

func lowerByte(c byte) byte {
	if 'A' <= c && c <= 'Z' {
		return c + 'a' - 'A'
	}
	return c
}

// Lower is a text with its ASCII letters in lower case: all octets stay in their places.
func Lower(s string) string {
	b := []byte(s)
	for i, c := range b {
		b[i] = lowerByte(c)
	}
	return string(b)
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }
