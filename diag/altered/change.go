package altered

import (
	"strings"
	"unicode/utf8"
)

// Kind names a change; kinds are stable words of the JSON output.
type Kind string

// Changes of the body.
const (
	FooterAdded      Kind = "footer-added"       // lines at the end of a text
	FooterPartAdded  Kind = "footer-part-added"  // a MIME part of its own, also by a multipart around the whole mail
	HTMLFooterAdded  Kind = "html-footer-added"  // before </body>
	BannerAdded      Kind = "banner-added"       // lines at the top of a text
	HTMLBannerAdded  Kind = "html-banner-added"  // behind <body>
	TextInserted     Kind = "text-inserted"      // lines elsewhere
	PixelAdded       Kind = "pixel-added"        // an image in HTML
	LinksRewritten   Kind = "links-rewritten"    // to a service that looks at them first
	LinesRewrapped   Kind = "lines-rewrapped"    // long lines were broken
	EncodingChanged  Kind = "encoding-changed"   // Content-Transfer-Encoding, and the text with it
	Reencoded        Kind = "reencoded"          // the same encoding with other line breaks
	CharsetChanged   Kind = "charset-changed"    // and the text with it
	LineEndsChanged  Kind = "line-ends-changed"  // CR, CRCRLF, lines doubled
	BlanksAtLineEnds Kind = "blanks-at-line-end" // added or cut
	BlanksChanged    Kind = "blanks-changed"     // tabs to blanks and the like
	EmptyLineAdded   Kind = "empty-line-added"
	EmptyLineRemoved Kind = "empty-line-removed"
	DotsDoubled      Kind = "dots-doubled"      // dot stuffing (RFC 5321 §4.5.2) that was not taken away
	DotsLost         Kind = "dots-lost"         // taken away where it was not
	FromEscaped      Kind = "from-line-escaped" // ">From " of mailbox files
	BitsStripped     Kind = "eighth-bit-lost"
	Truncated        Kind = "truncated"
	PartRemoved      Kind = "part-removed" // an attachment, perhaps with a notice in its place
	PartHeader       Kind = "part-header-changed"
	PreambleChanged  Kind = "preamble-changed" // the text before the first part or behind the last one
	BoundaryChanged  Kind = "boundary-changed"
	BodyChanged      Kind = "body-changed" // Compare: lines that differ in no way with a name of its own
)

// Changes of the header.
const (
	SubjectPrefixed   Kind = "subject-prefix-added"
	SubjectChanged    Kind = "subject-changed"
	WordsReencoded    Kind = "encoded-words-changed" // RFC 2047: another encoding of the same text
	FieldRefolded     Kind = "field-refolded"
	FieldCase         Kind = "field-name-case-changed"
	FieldBlanks       Kind = "field-blanks-changed"
	FieldsReordered   Kind = "fields-reordered"
	FieldAdded        Kind = "field-added"
	FieldRemoved      Kind = "field-removed"
	FieldChanged      Kind = "field-changed"
	FromRewritten     Kind = "from-rewritten"
	ReplyToAdded      Kind = "reply-to-added"
	ReplyToChanged    Kind = "reply-to-changed"
	AddressesChanged  Kind = "addresses-changed"     // of To, Cc and their like
	NamesRequoted     Kind = "display-names-changed" // quotes, blanks and case around the same addresses
	DateReformatted   Kind = "date-reformatted"      // the same time
	DateReplaced      Kind = "date-replaced"
	MessageIDReplaced Kind = "message-id-replaced"
	MIMEVersion       Kind = "mime-version-changed" // its comment
	ContentType       Kind = "content-type-changed" // quotes, order and case of parameters
	EncodingField     Kind = "content-transfer-encoding-changed"
	OtherKey          Kind = "other-key" // no change of the mail: b= was not made with the key in DNS, or is damaged itself
)

// Change is one thing that happened to the mail after it was signed.
type Change struct {
	Kind    Kind
	Field   string // the header field, as its name is written; "" for the body
	Part    string // of the body, numbered as by IMAP (RFC 9051 §6.4.5.1): "1.2"; "" for all of it
	Line    int    // of the received body where the change begins, from 1; 0 where there is none to name
	Certain bool   // undone, with all the certain others of the same side, it makes the hash or the signature hold
	Was     string // as it was signed, where that is known: a piece of text, an encoding, a charset
	Now     string // as it is received
	By      Author
}

// Where says the place of the change in one word: "Subject", "body", "body/1.2", "body/1.2:14", "body:14".
func (c Change) Where() string {
	if c.Field != "" {
		return c.Field
	}
	if c.Kind == OtherKey {
		return "DKIM-Signature"
	}
	s := "body"
	if c.Part != "" {
		s += "/" + c.Part
	}
	if c.Line > 0 {
		s += ":" + itoa(c.Line)
	}
	return s
}

// excerptSize bounds Was and Now, in octets.
const excerptSize = 240

// excerpt is the beginning of a text, valid UTF-8, without blanks around it.
func excerpt(b []byte) string {
	s := strings.TrimSpace(string(b[:min(len(b), 4*excerptSize)]))
	s = strings.ToValidUTF8(strings.ReplaceAll(s, "\r\n", "\n"), "\uFFFD")
	if len(s) <= excerptSize {
		return s
	}
	n := excerptSize
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n] + "…"
}
