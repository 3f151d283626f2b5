package dmarc

// Kind names a fault of a record; kinds are stable.
type Kind string

// What breaks the syntax (RFC 9989 §4.8): receivers read a default instead, or
// not all read the same.
const (
	BadVersion   Kind = "version"       // not v=DMARC1 at the start: the record is ignored
	LeadingSpace Kind = "leading-space" // blanks before v
	EmptyTag     Kind = "empty-tag"     // two semicolons in a row
	NoEquals     Kind = "no-equals"     // a tag without "="
	BadName      Kind = "tag-name"      // a tag name that is not letters
	EmptyValue   Kind = "empty-value"   // nothing after "="
	BadCharacter Kind = "character"     // not printable ASCII
	Duplicate    Kind = "duplicate-tag" // the same tag again; the first one counts here
	BadValue     Kind = "value"         // not a value that the tag can have
	BadURI       Kind = "uri"           // not an address where reports can go
	BadSize      Kind = "size"          // mailto:…!10mb: not even a size of old
)

// What is no error, but deserves a word.
const (
	RemovedTag   Kind = "removed-tag"    // pct, rf, ri: not in RFC 9989
	UnknownTag   Kind = "unknown-tag"    // ignored
	MissingP     Kind = "missing-p"      // counts as p=none; older readers want it
	LateP        Kind = "p-not-second"   // older readers want p right after v
	SizeSuffix   Kind = "size-suffix"    // mailto:…!10m: ignored
	OtherScheme  Kind = "uri-scheme"     // a URI that is not mailto:
	UpperCase    Kind = "tag-case"       // a tag name with capitals
	FOWithoutRUF Kind = "fo-without-ruf" // fo is ignored without ruf
	BadFO        Kind = "fo"             // a value of fo that receivers read as 0
	DefaultWord  Kind = "default-word"   // adkim=relaxed, t=no: not a value, but the default that counts instead is what it means
	DefaultTag   Kind = "default-tag"    // pct=100, rf=afrf, ri=86400: what counted without the tag
)

// Breaks reports whether the fault is one of syntax.
func (k Kind) Breaks() bool {
	switch k {
	case BadVersion, LeadingSpace, EmptyTag, NoEquals, BadName, EmptyValue, BadCharacter, Duplicate, BadValue, BadURI, BadSize:
		return true
	}
	return false
}

// Fault is one thing wrong in a record, and where.
type Fault struct {
	Kind     Kind
	Offset   int    // in bytes from the start of the text
	Tag      string // lower case, "" when there is none
	Text     string // what stands there
	Expected string // what could stand there, in the notation of records
}
