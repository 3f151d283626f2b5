package tlsrpt

// Kind names a fault of a record; kinds are stable.
type Kind string

// What breaks the syntax (RFC 8460 §3).
const (
	BadVersion Kind = "version"     // not v=TLSRPTv1; at the start: the record is ignored
	EmptyField Kind = "empty-field" // two semicolons in a row
	NoValue    Kind = "no-value"    // a field without "="
	BadKey     Kind = "key"         // a name that is none, or one written another way: "RUA", "rua "
	BadValue   Kind = "value"       // not a value that the key can have
	BadURI     Kind = "uri"         // not an address where reports can go
	MissingRUA Kind = "missing-rua" // rua has to be there
)

// What is no error, but deserves a word.
const (
	Duplicate   Kind = "duplicate"   // the first one counts
	UnknownKey  Kind = "unknown-key" // ignored
	OtherScheme Kind = "uri-scheme"  // neither mailto: nor https:
)

// Breaks reports whether the fault is one of syntax.
func (k Kind) Breaks() bool { return k != Duplicate && k != UnknownKey && k != OtherScheme }

// Fault is one thing wrong in a record, and where.
type Fault struct {
	Kind     Kind
	Offset   int    // in bytes from the start of the text
	Key      string // "" when there is none
	Text     string // what stands there
	Expected string // what could stand there
}

// Broken reports whether one of some faults breaks the syntax.
func Broken(faults []Fault) bool {
	for _, f := range faults {
		if f.Kind.Breaks() {
			return true
		}
	}
	return false
}
