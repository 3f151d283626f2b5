package dkim

// Kind names a fault of a key record; kinds are stable.
type Kind string

// What makes verifiers ignore the key or fail the signature.
const (
	BadVersion   Kind = "version"       // v with another value than DKIM1
	LateVersion  Kind = "version-late"  // v that is not the first tag
	EmptyTag     Kind = "empty-tag"     // two semicolons in a row
	NoEquals     Kind = "no-equals"     // a tag without "="
	BadName      Kind = "tag-name"      // not a tag name
	UpperCase    Kind = "tag-case"      // a tag name with capitals is another tag
	Duplicate    Kind = "duplicate-tag" // the same tag again; the first one counts here
	BadCharacter Kind = "character"     // neither printable ASCII nor folding white space
	Escaped      Kind = "escaped"       // a backslash of a zone file stands in the data
	EmptyValue   Kind = "empty-value"   // a list without a word
	MissingP     Kind = "missing-p"     // no p at all
	BadBase64    Kind = "base64"        // p is not base64
	NotKey       Kind = "not-a-key"     // p holds no key of the type of k
	BadExponent  Kind = "exponent"      // of an RSA key: 1 or even, with which nothing verifies
	BadHash      Kind = "hash"          // h without sha256 (RFC 8301 §3.1)
	BadService   Kind = "service"       // s without * or email
	BadWord      Kind = "word"          // something else than a word in a list of words
	TooLong      Kind = "too-long"      // more than we read
)

// What is no error, but deserves a word.
const (
	UnknownType Kind = "key-type"    // k that verifiers do not know
	RemovedTag  Kind = "removed-tag" // g: not in RFC 6376
	UnknownTag  Kind = "unknown-tag" // ignored
	ValueCase   Kind = "value-case"  // a word with capitals
	EmptyFlags  Kind = "empty-flags" // t without a word: verifiers see no flag
)

// Breaks reports whether the fault makes the key unusable for some verifiers.
func (k Kind) Breaks() bool {
	switch k {
	case UnknownType, RemovedTag, UnknownTag, ValueCase, EmptyFlags:
		return false
	}
	return true
}

// Fault is one thing wrong in a record, and where.
type Fault struct {
	Kind     Kind
	Offset   int    // in bytes from the start of the text
	Tag      string // "" when there is none
	Text     string // what stands there, cut to a readable length
	Expected string // what could stand there, in the notation of records
}
