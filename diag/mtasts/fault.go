package mtasts

// Kind names a fault of a record or a policy; kinds are stable.
type Kind string

// What breaks the syntax: senders take the record or the policy for none (RFC 8461 §3.1 and §3.3).
const (
	BadVersion   Kind = "version"     // a record does not begin with v=STSv1;
	EmptyField   Kind = "empty-field" // two semicolons in a row
	NoValue      Kind = "no-value"    // no "=" in a field of a record, no ":" in a line of a policy
	BadKey       Kind = "key"         // a name that is none, or one written another way: "Mode", "id "
	BadValue     Kind = "value"       // not a value that the key can have
	BadMX        Kind = "mx"          // not a host name, nor "*." with one
	MissingKey   Kind = "missing-key" // a key that has to be there
	ByteMark     Kind = "byte-order-mark"
	BadLineEnd   Kind = "line-end"  // a carriage return that no line feed follows
	BadCharacter Kind = "character" // not UTF-8, or a control character
	NoPolicy     Kind = "no-policy" // the text has nothing of a policy: a web page
)

// What is no error, but deserves a word.
const (
	Duplicate  Kind = "duplicate"   // the first one counts (RFC 8461 §3.2)
	UnknownKey Kind = "unknown-key" // ignored (RFC 8461 §3.2)
	BlankLine  Kind = "blank-line"  // not in the grammar; readers pass over it
)

// Breaks reports whether the fault is one of syntax.
func (k Kind) Breaks() bool { return k != Duplicate && k != UnknownKey && k != BlankLine }

// Fault is one thing wrong in a record or a policy, and where.
type Fault struct {
	Kind     Kind
	Line     int    // of a policy, counted from 1; 0 in a record
	Offset   int    // in bytes from the start of the text
	Key      string // that it is about, "" when there is none
	Text     string // what stands there
	Expected string // what could stand there
}

// Broken reports whether a fault among some makes senders ignore the text.
func Broken(faults []Fault) bool {
	for _, f := range faults {
		if f.Kind.Breaks() {
			return true
		}
	}
	return false
}
