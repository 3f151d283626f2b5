package mail

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"todoku/codes"
)

// Missing is the fault of a field that has no value.
func Missing(field string) error {
	return codes.WrongAt(field, codes.Text{EN: "is missing", JA: "指定されていません"})
}

// line is text that cannot leave its line: only oneLine makes one. Whatever a
// user gives for a header field or an SMTP command passes through it, so that
// nothing can be smuggled in behind a line break.
type line struct{ text string }

const maxField = 8000 // bytes of one field, far above what anybody writes

func oneLine(field, s string) (line, error) {
	if len(s) > maxField {
		return line{}, codes.WrongAt(field, codes.Text{EN: "is {n} bytes long, at most {most} are allowed", JA: "{n}バイトあります。上限は {most}バイトです"},
			codes.Num("n", len(s)), codes.Num("most", maxField))
	}
	if !utf8.ValidString(s) {
		return line{}, codes.WrongAt(field, codes.Text{EN: "is not valid UTF-8", JA: "正しい UTF-8 ではありません"})
	}
	for i, r := range s {
		if r < ' ' && r != '\t' || r == 0x7f || r == 0x85 || r == 0x2028 || r == 0x2029 {
			at := utf8.RuneCountInString(s[:i]) + 1
			return line{}, codes.WrongAt(field, codes.Text{EN: "character {at} is {character}, a control character or line break, which is not allowed here",
				JA: "{at}文字目に、使用できない制御文字または改行({character})があります"}, codes.Num("at", at), codes.Str("character", fmt.Sprintf("%U", r)))
		}
	}
	return line{s}, nil
}

// headerName is the name of a header field (RFC 5322 §2.2): only newHeaderName
// makes one.
type headerName struct{ text string }

func newHeaderName(s string) (headerName, error) {
	if s == "" || len(s) > 76 {
		return headerName{}, headerNameError(s)
	}
	for i := range len(s) {
		if c := s[i]; c <= ' ' || c >= 0x7f || c == ':' {
			return headerName{}, headerNameError(s)
		}
	}
	return headerName{s}, nil
}

func headerNameError(s string) error {
	return codes.WrongAt("header", codes.Text{EN: "{value} is no name of a header field", JA: "{value} はヘッダー名として使用できません"}, codes.QuotedStart("value", s, 80))
}

// CheckLine is the fault of a text that could leave its line: a line break or another control character, invalid
// UTF-8, or more than 8,000 bytes. field names the place in the error, a *codes.UserError.
func CheckLine(field, s string) error {
	_, err := oneLine(field, s)
	return err
}

func isASCII(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return r >= utf8.RuneSelf }) < 0
}
