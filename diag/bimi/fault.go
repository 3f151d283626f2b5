package bimi

// Kind names a fault of a record; kinds are stable.
type Kind string

// What breaks a record: receivers ignore it, or show no logo.
const (
	BadVersion    Kind = "version"        // not v=BIMI1 at the start: the record is ignored
	LeadingSpace  Kind = "leading-space"  // blanks before v
	EmptyTag      Kind = "empty-tag"      // two semicolons in a row
	NoEquals      Kind = "no-equals"      // a tag without "="
	BadName       Kind = "tag-name"       // a tag name that cannot be one
	TagCase       Kind = "tag-case"       // L= for l=: receivers must not mend it
	BadCharacter  Kind = "character"      // not printable ASCII
	Duplicate     Kind = "duplicate-tag"  // the same tag again
	MissingL      Kind = "missing-l"      // l= is required
	NoLocation    Kind = "no-location"    // a= without a logo in l=
	BadURI        Kind = "uri"            // not one URI
	BadScheme     Kind = "uri-scheme"     // not https
	BadHost       Kind = "uri-host"       // no full host name
	BadComma      Kind = "uri-comma"      // a comma in a URI must be written %2C
	BadSuffix     Kind = "uri-suffix"     // l= ends in a format that is not SVG
	BadAvatar     Kind = "avatar"         // avp= is neither brand nor personal
	AvatarCase    Kind = "avatar-case"    // avp=Brand: the value is case sensitive
	BadLocalParts Kind = "local-prefixes" // lps= is no list of prefixes
)

// What is no error, but deserves a word.
const (
	UnknownTag       Kind = "unknown-tag"      // ignored
	MissingAuthority Kind = "missing-a"        // counts as empty
	AuthoritySuffix  Kind = "authority-suffix" // a= should end in .pem
)

// Breaks reports whether the fault is one of syntax.
func (k Kind) Breaks() bool {
	return k != UnknownTag && k != MissingAuthority && k != AuthoritySuffix
}

// Fault is one thing wrong in a record, and where.
type Fault struct {
	Kind     Kind
	Offset   int    // in bytes from the start of the text
	Tag      string // lower case, "" when there is none
	Text     string // what stands there
	Expected string // what could stand there, in the notation of records

	same bool // of a duplicate: it repeats the value
}
