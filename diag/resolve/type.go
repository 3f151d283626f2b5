package resolve

import "strconv"

var typeNames = map[Type]string{TypeA: "A", TypeNS: "NS", TypeCNAME: "CNAME", TypeSOA: "SOA", TypePTR: "PTR", TypeMX: "MX",
	TypeTXT: "TXT", TypeAAAA: "AAAA", TypeDS: "DS", TypeTLSA: "TLSA", TypeSPF: "SPF"}

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
