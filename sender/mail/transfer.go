package mail

import (
	"bytes"
	"encoding/base64"
	"strings"

	"todoku/codes"
)

// maxText bounds what is read of one text, in octets.
const maxText = 256 << 10

// octets is the body without its transfer encoding (RFC 2045 §6). An encoding that is declared and not there, or there and not
// declared, is told.
func (e *Entity) octets() []byte { return e.decoded(len(e.raw)) }

// decoded is the body without its transfer encoding, of the first most octets as they came.
func (e *Entity) decoded(most int) []byte {
	raw := e.raw[:min(len(e.raw), most)]
	declared, _, _ := strings.Cut(e.Get("Content-Transfer-Encoding"), ";")
	switch strings.ToLower(strings.Trim(declared, " \t\"'")) {
	case "base64", "b":
		if out, ok := fromBase64(raw); ok {
			return out
		}
		e.notes.add(oddTransfer)
		return raw
	case "quoted-printable", "q", "quoted printable":
		return fromQuoted(raw)
	case "x-uuencode", "uuencode", "x-uue", "uue":
		if out, ok := fromUU(raw); ok {
			return out
		}
		e.notes.add(oddTransfer)
		return raw
	}
	if out, ok := undeclared(raw); ok {
		e.notes.add(oddTransfer)
		return out
	}
	return raw
}

// undeclared decodes what is encoded without saying so: nothing but lines of base64, or soft line ends of quoted-printable.
func undeclared(raw []byte) ([]byte, bool) {
	if isBase64(raw) {
		return fromBase64(raw)
	}
	if isQuoted(raw) {
		return fromQuoted(raw), true
	}
	return nil, false
}

// isBase64 reports whether a text is nothing but lines of base64.
func isBase64(raw []byte) bool {
	body := bytes.TrimSpace(raw)
	if len(body) < 40 || bytes.IndexByte(body[:40], ' ') >= 0 {
		return false
	}
	digits := 0
	for line := range bytes.Lines(body) {
		line = bytes.TrimRight(line, "\r\n")
		if len(line) > 76 {
			return false
		}
		for _, c := range line {
			switch {
			case c >= '0' && c <= '9' || c == '+' || c == '/' || c >= 'A' && c <= 'Z':
				digits++
			case c >= 'a' && c <= 'z' || c == '=':
			default:
				return false
			}
		}
	}
	return digits*5 > len(body)
}

// isQuoted reports whether a text has soft line ends and octets of quoted-printable.
func isQuoted(raw []byte) bool {
	if !bytes.Contains(raw, []byte("=\n")) && !bytes.Contains(raw, []byte("=\r\n")) {
		return false
	}
	good, bad := 0, 0
	for i := 0; i < len(raw); i++ {
		if raw[i] != '=' {
			continue
		}
		if i+2 < len(raw) {
			if _, ok := hexPair(raw[i+1], raw[i+2]); ok {
				good++
				continue
			}
			if raw[i+1] == '\n' || raw[i+1] == '\r' {
				continue
			}
			bad++
		}
	}
	return good > 0 && bad == 0
}

// fromBase64 decodes base64, passing over what does not belong in it; false where most of it does not.
func fromBase64(raw []byte) ([]byte, bool) {
	clean := make([]byte, 0, len(raw))
	odd, added := 0, 0 // added octets at the end belong to the padding
	for _, c := range raw {
		switch {
		case c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' || c == '+' || c == '/':
			clean, added = append(clean, c), 0
		case c == '=':
			for len(clean)%4 != 0 { // padding within: texts that were joined
				clean = append(clean, 'A')
				odd--
				added++
			}
		case c > ' ':
			odd++
		case c == ' ':
			odd++
		}
	}
	if odd*20 > len(raw) {
		return nil, false
	}
	out := make([]byte, base64.RawStdEncoding.DecodedLen(len(clean)))
	n, _ := base64.RawStdEncoding.Decode(out, clean[:len(clean)/4*4])
	if rest := clean[len(clean)/4*4:]; len(rest) > 1 {
		more, _ := base64.RawStdEncoding.Decode(out[n:], rest)
		n += more
	}
	return out[:max(0, n-added)], true
}

// fromQuoted decodes quoted-printable (RFC 2045 §6.7); what is wrong stays as it is.
func fromQuoted(raw []byte) []byte {
	if bytes.IndexByte(raw, '=') < 0 {
		return raw
	}
	out := make([]byte, 0, len(raw))
	for i := 0; i < len(raw); i++ {
		if raw[i] != '=' {
			out = append(out, raw[i])
			continue
		}
		if i+2 < len(raw) {
			if c, ok := hexPair(raw[i+1], raw[i+2]); ok {
				out = append(out, c)
				i += 2
				continue
			}
		}
		end := i + 1
		for end < len(raw) && (raw[end] == ' ' || raw[end] == '\t' || raw[end] == '\r') {
			end++
		}
		if end < len(raw) && raw[end] == '\n' || end == len(raw) {
			i = end
			continue
		}
		out = append(out, '=')
	}
	return out
}

func hexPair(a, b byte) (byte, bool) {
	high, ok1 := hexDigit(a)
	low, ok2 := hexDigit(b)
	return high<<4 | low, ok1 && ok2
}

func hexDigit(c byte) (byte, bool) {
	switch {
	case c >= '0' && c <= '9':
		return c - '0', true
	case c >= 'A' && c <= 'F':
		return c - 'A' + 10, true
	case c >= 'a' && c <= 'f':
		return c - 'a' + 10, true
	}
	return 0, false
}

// fromUU decodes uuencode: "begin 644 name", lines that begin with their length, "end".
func fromUU(raw []byte) ([]byte, bool) {
	var out []byte
	begun := false
	for line := range bytes.Lines(raw) {
		line = bytes.TrimRight(line, "\r\n")
		switch {
		case !begun:
			begun = bytes.HasPrefix(line, []byte("begin "))
		case string(line) == "end" || len(line) == 0:
			return out, len(out) > 0
		default:
			out = appendUU(out, line)
		}
	}
	return out, len(out) > 0
}

func appendUU(out, line []byte) []byte {
	n := int(line[0]-' ') & 0x3f
	at := func(i int) byte {
		if i < len(line) {
			return (line[i] - ' ') & 0x3f
		}
		return 0
	}
	for i := 1; n > 0; i += 4 {
		three := [3]byte{at(i)<<2 | at(i+1)>>4, at(i+1)<<4 | at(i+2)>>2, at(i+2)<<6 | at(i+3)}
		out = append(out, three[:min(n, 3)]...)
		n -= 3
	}
	return out
}

var oddTransfer = codes.Text{EN: "its transfer encoding is not the one that it declares",
	JA: "転送エンコーディング(Content-Transfer-Encoding)が宣言と一致しません"}
