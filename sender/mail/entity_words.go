package mail

import (
	"encoding/base64"
	"strings"
)

// Words decodes the encoded words (RFC 2047) in the value of a header field, for a reader.
func Words(value string) string { return new(notes).words(value) }

// words decodes the encoded words (RFC 2047) in the value of a header field, and octets that should have been encoded.
// Words side by side are put together first: some systems cut characters between them.
func (n *notes) words(s string) string {
	if !strings.Contains(s, "=?") {
		if isPlainASCII(s) {
			return s
		}
		text, odd := decodeText([]byte(s), "")
		if odd.EN != "" {
			n.add(odd)
		}
		return text
	}
	var out strings.Builder
	var octets []byte // of the words side by side
	charset := ""
	flush := func() {
		if octets != nil {
			text, odd := decodeText(octets, charset)
			if odd.EN != "" {
				n.add(odd)
			}
			if strings.ContainsAny(text, "\r\n") {
				text = strings.ReplaceAll(strings.ReplaceAll(text, "\r", ""), "\n", " ")
			}
			out.WriteString(text)
			octets = nil
		}
	}
	for s != "" {
		before, word, after, ok := cutWord(s)
		if strings.TrimSpace(before) != "" || octets == nil || !ok {
			flush()
			text, _ := decodeText([]byte(before), "")
			out.WriteString(text)
		}
		if !ok {
			break
		}
		if octets != nil && !strings.EqualFold(charset, word.charset) {
			flush()
		}
		charset = word.charset
		octets = append(octets, word.octets...)
		if octets == nil {
			octets = []byte{}
		}
		s = after
	}
	flush()
	return out.String()
}

// encodedWord is "=?charset?B?…?=".
type encodedWord struct {
	charset string
	octets  []byte
}

// cutWord finds the next encoded word; without one, all is before it.
func cutWord(s string) (before string, w encodedWord, after string, ok bool) {
	for from := 0; ; {
		i := strings.Index(s[from:], "=?")
		if i < 0 {
			return s, w, "", false
		}
		i += from
		if w, n, ok := readWord(s[i:]); ok {
			return s[:i], w, s[i+n:], true
		}
		from = i + 2
	}
}

func readWord(s string) (w encodedWord, n int, ok bool) {
	charset, rest, ok1 := strings.Cut(s[2:], "?")
	mark, rest, ok2 := strings.Cut(rest, "?")
	if !ok1 || !ok2 || len(mark) != 1 || charset == "" || strings.ContainsAny(charset, " =") {
		return w, 0, false
	}
	body, after, closed := strings.Cut(rest, "?=")
	if !closed { // cut off
		body, after = strings.TrimRight(rest, "?="), ""
	}
	w.charset, _, _ = strings.Cut(charset, "*") // RFC 2231 §5: a language
	switch mark {
	case "B", "b":
		octets, okay := fromBase64([]byte(body))
		if !okay {
			return w, 0, false
		}
		w.octets = octets
		if len(octets) == 0 && len(body) > 0 {
			w.octets, _ = base64.RawStdEncoding.DecodeString(strings.TrimRight(body, "="))
		}
	case "Q", "q":
		w.octets = fromQuoted([]byte(strings.ReplaceAll(body, "_", " ")))
	default:
		return w, 0, false
	}
	return w, len(s) - len(after), true
}
