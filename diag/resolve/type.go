package resolve

import (
	"strconv"
	"strings"
)

var typeNames = map[Type]string{TypeA: "A", TypeNS: "NS", TypeCNAME: "CNAME", TypeSOA: "SOA", TypePTR: "PTR", TypeMX: "MX",
	TypeTXT: "TXT", TypeAAAA: "AAAA", TypeTLSA: "TLSA", TypeSPF: "SPF",
	TypeDS: "DS", TypeDNSKEY: "DNSKEY"}

// String is the type's mnemonic, or TYPE123 (RFC 3597 §5).
func (t Type) String() string {
	if s, ok := typeNames[t]; ok {
		return s
	}
	return "TYPE" + strconv.Itoa(int(t))
}

// Error says what happened in one line, in English; reports make their own
// words of Kind.
func (e *Error) Error() string {
	s := string(e.Kind) + ": " + e.Name + " " + e.Type
	if e.Server != "" {
		s += " from " + e.Server
	}
	if e.EDE != "" {
		s += " (EDE " + e.EDE + ")"
	}
	if e.Message != "" {
		s += ": " + e.Message
	}
	return s
}

// Is reports whether the target is the failure of the same question: who asks again gets the answer in a copy.
func (e *Error) Is(target error) bool {
	t, ok := target.(*Error)
	return ok && e.Kind == t.Kind && e.Name == t.Name && e.Type == t.Type && e.Server == t.Server
}

// Extended is the number of the extended error (RFC 8914), -1 without one.
func (e *Error) Extended() int {
	number, _, _ := strings.Cut(e.EDE, " ")
	if n, err := strconv.ParseUint(number, 10, 16); err == nil {
		return int(n)
	}
	return -1
}
