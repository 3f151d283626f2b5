// Package mail is the one reader and writer of mail: addresses, header fields, texts and attachments, charsets, DKIM
// signatures and envelope senders that tell bounces apart (VERP).
package mail

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"todoku/codes"
)

// Fault is the kind of an InputError.
type Fault string

// The faults.
const (
	FaultControl     Fault = "control_character" // CR, LF, NUL and their like: an injection, meant or not
	FaultUnencodable Fault = "unencodable"       // the charset has no such character
	FaultMalformed   Fault = "malformed"
	FaultTooLong     Fault = "too_long"
	FaultMissing     Fault = "missing"
)

// InputError is what the user can mend in what a mail is made of.
type InputError struct {
	Field string // "Subject", "To", "attachment 2"
	Fault Fault
	Says  codes.Text
}

func (e *InputError) Error() string { return e.Field + ": " + e.Says.EN }

// In is the error in a language.
func (e *InputError) In(l codes.Lang) string { return e.Field + ": " + e.Says.In(l) }

func inputError(field string, fault Fault, en, ja string, args ...any) *InputError {
	return &InputError{field, fault, codes.Text{EN: fmt.Sprintf(en, args...), JA: fmt.Sprintf(ja, args...)}}
}

func missing(field string) *InputError {
	return inputError(field, FaultMissing, "is missing", "指定されていません")
}

// line is text that cannot leave its line: only oneLine makes one. Whatever a
// user gives for a header field or an SMTP command passes through it, so that
// nothing can be smuggled in behind a line break.
type line struct{ text string }

const maxField = 8000 // bytes of one field, far above what anybody writes

func oneLine(field, s string) (line, error) {
	if len(s) > maxField {
		return line{}, inputError(field, FaultTooLong, "is %d bytes long, at most %d are allowed", "%d バイトあります。上限は %d バイトです", len(s), maxField)
	}
	if !utf8.ValidString(s) {
		return line{}, inputError(field, FaultMalformed, "is not valid UTF-8", "正しい UTF-8 ではありません")
	}
	for i, r := range s {
		if r < ' ' && r != '\t' || r == 0x7f || r == 0x85 || r == 0x2028 || r == 0x2029 {
			at := utf8.RuneCountInString(s[:i]) + 1
			return line{}, inputError(field, FaultControl, "character %d is %U, a control character or line break, which is not allowed here",
				"%d 文字目に、使用できない制御文字または改行（%U）があります", at, r)
		}
	}
	return line{s}, nil
}

// headerName is the name of a header field (RFC 5322 §2.2): only newHeaderName
// makes one.
type headerName struct{ text string }

func newHeaderName(s string) (headerName, error) {
	if s == "" || len(s) > 76 {
		return headerName{}, inputError("header", FaultMalformed, "%.80q is no name of a header field", "%.80q はヘッダー名として使用できません", s)
	}
	for i := range len(s) {
		if c := s[i]; c <= ' ' || c >= 0x7f || c == ':' {
			return headerName{}, inputError("header", FaultMalformed, "%q is no name of a header field", "%q はヘッダー名として使用できません", s)
		}
	}
	return headerName{s}, nil
}

// CheckLine is the fault of a text that could leave its line: a line break or another control character, invalid
// UTF-8, or more than 8,000 bytes. field names the place in the error, an *InputError.
func CheckLine(field, s string) error {
	_, err := oneLine(field, s)
	return err
}

func isASCII(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return r >= utf8.RuneSelf }) < 0
}
