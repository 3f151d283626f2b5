package check

import (
	"encoding/base64"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"todoku/codes"
	"todoku/sender/mail"
)

// wordStart is what an encoded word begins with (RFC 2047 §2).
var wordStart = regexp.MustCompile(`=\?[A-Za-z0-9_.:*-]+\?`)

// judgeWords judges the encoded words of the fields that people read.
func (j *headersJudge) judgeWords() {
	before := j.Reported()
	for _, f := range j.raw.Fields {
		if j.Reported()-before >= maxTold {
			return
		}
		switch strings.ToLower(f.Name) {
		case "subject", "from", "to", "cc", "reply-to", "sender", "comments", "organization":
		default:
			continue
		}
		value := f.Value()
		for _, at := range wordStart.FindAllStringIndex(value, maxTold) {
			bad, octets := brokenWord(value[at[0]:])
			if bad {
				j.Report(HeadersEncodedWord, j.Domain(), codes.Str("field", f.Name), codes.QuotedStart("value", value[at[0]:], 60))
				break
			}
			if octets > 75 {
				j.Report(HeadersEncodedWordLong, j.Domain(), codes.Str("field", f.Name), codes.Num("octets", octets))
				break
			}
		}
	}
}

// brokenWord judges an encoded word that a text begins with, and tells its length.
func brokenWord(s string) (bad bool, octets int) {
	charset, rest, _ := strings.Cut(s[2:], "?")
	mark, rest, ok := strings.Cut(rest, "?")
	body, _, closed := strings.Cut(rest, "?=")
	charset, _, _ = strings.Cut(charset, "*") // RFC 2231 §5: a language
	octets = len(s) - len(rest) + len(body) + 2
	if !ok || !closed || !mail.KnowsCharset(charset) || strings.ContainsAny(body, " \t?") {
		return true, octets
	}
	switch mark {
	case "B", "b":
		data, err := base64.StdEncoding.DecodeString(body)
		return err != nil || strings.EqualFold(charset, "utf-8") && !wholeUTF8(data), octets
	case "Q", "q":
		return brokenQ(body), octets
	}
	return true, octets
}

// wholeUTF8 reports whether octets are UTF-8. A character may be cut at an end of the word: some programs do so, and readers
// put neighbours together.
func wholeUTF8(data []byte) bool {
	if len(data) > 0 && len(data) < utf8.UTFMax && !utf8.FullRune(data) {
		return true
	}
	for i := range min(len(data), utf8.UTFMax-1) {
		if utf8.Valid(data[i:]) {
			return true
		}
	}
	for i := 1; i < min(len(data), utf8.UTFMax); i++ {
		if utf8.Valid(data[:len(data)-i]) {
			return true
		}
	}
	return len(data) == 0
}

// brokenQ reports an equals sign without two hexadecimal digits (RFC 2047 §4.2).
func brokenQ(body string) bool {
	for i := 0; i < len(body); i++ {
		if body[i] != '=' {
			continue
		}
		if i+2 >= len(body) {
			return true
		}
		if _, err := strconv.ParseUint(body[i+1:i+3], 16, 8); err != nil {
			return true
		}
		i += 2
	}
	return false
}

// judgeMIME judges the fields about parts of the mail itself.
func (j *headersJudge) judgeMIME() {
	if len(j.raw.All("MIME-Version")) > 0 {
		return
	}
	for _, name := range [...]string{"Content-Type", "Content-Transfer-Encoding"} {
		if value := strings.ToLower(j.raw.Get(name)); value != "" && value != "text" && value != "7bit" {
			j.Report(HeadersMIMEVersion, j.Domain(), codes.Str("field", name))
			return
		}
	}
}

// judgeParts judges a part and those within, and keeps them as facts. path is "1.2".
func (j *headersJudge) judgeParts(e *mail.Entity, path string, depth int) {
	declared, _, _ := strings.Cut(e.Get("Content-Transfer-Encoding"), ";")
	j.facts.Parts = append(j.facts.Parts, HeadersPart{Part: path, Type: e.Type, Charset: e.Param("charset"),
		Encoding: strings.ToLower(strings.TrimSpace(declared)), Size: e.Size(), Name: e.FileName(), Attachment: e.Attached()})
	for _, f := range e.Faults() {
		j.judgePart(path, f)
	}
	if e.Type == "message/rfc822" && depth > 0 {
		j.Report(HeadersEncloses, j.Domain(), codes.Str("part", path), codes.QuotedStart("value", e.InnerHeader().Words("Subject"), maxShown))
	}
	for i, p := range e.Parts {
		j.judgeParts(p, path+"."+strconv.Itoa(i+1), depth+1)
	}
}

// judgePart reports one fault of a part.
func (j *headersJudge) judgePart(path string, f mail.PartFault) {
	part, value := codes.Str("part", path), codes.QuotedStart("value", f.Value, maxShown)
	switch f.Kind {
	case mail.ContentTypeWrong:
		if f.Value != "text" { // RFC 822 had it so
			j.Report(HeadersContentType, j.Domain(), value)
		}
	case mail.BoundaryMissing:
		j.Report(HeadersBoundary, j.Domain(), part, value)
	case mail.BoundaryOpen:
		j.Report(HeadersBoundaryOpen, j.Domain(), part, codes.Start("value", f.Value, maxShown))
	case mail.TransferUnknown:
		j.Report(HeadersTransfer, j.Domain(), part, value)
	case mail.TransferOfParts:
		j.Report(HeadersTransferParts, j.Domain(), part, codes.Start("value", f.Value, maxShown))
	case mail.TransferBroken:
		j.Report(HeadersTransferBroken, j.Domain(), part, codes.Start("value", f.Value, maxShown))
	case mail.EightBit:
		j.Report(Headers7Bit, j.Domain(), part)
	case mail.CharsetMissing:
		j.Report(HeadersCharsetMissing, j.Domain(), part, codes.Str("real", f.Real))
	case mail.CharsetUnknown:
		j.Report(HeadersCharsetUnknown, j.Domain(), part, value)
	case mail.CharsetWrong:
		j.Report(HeadersCharset, j.Domain(), part, codes.Start("value", f.Value, maxShown), codes.Str("real", f.Real))
	}
}
