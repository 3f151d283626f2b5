package altered

import (
	"bytes"
	"encoding/base64"
	"strings"
)

// quoting is a manner in which programs write quoted-printable (RFC 2045 §6.7).
type quoting struct {
	most   int    // characters of a line, the "=" at its end included
	strict bool   // the "=" of a soft line end has its column to itself, also where the line would end there anyway
	whole  bool   // octets of one UTF-8 character stay in one line
	also   string // characters that are encoded without need
	dot    bool   // a dot at the start of a line is encoded
	from   bool   // "From " at the start of a line is encoded
	eager  bool   // a line ends as soon as no encoded octet has room, whatever comes next
	lower  bool   // hexadecimal digits in lower case
	bare   bool   // a blank before a line end stays as it is
}

// quotings are the manners that are tried, the usual ones first.
var quotings = []quoting{
	{most: 76},
	{most: 76, strict: true},
	{most: 76, eager: true},
	{most: 76, whole: true},
	{most: 76, whole: true, strict: true},
	{most: 76, dot: true},
	{most: 76, from: true},
	{most: 76, dot: true, from: true},
	{most: 76, also: `!"#$@[\]^` + "`{|}~"},
	{most: 75},
	{most: 75, strict: true},
	{most: 74, strict: true},
	{most: 73},
	{most: 72},
	{most: 72, strict: true},
	{most: 77},
	{most: 78},
	{most: 76, lower: true},
	{most: 76, also: "\t"},
	{most: 76, bare: true},
	{most: 76, strict: true, bare: true},
	{most: 998},
	{most: 1 << 30},
}

// encode writes a text whose lines end in CRLF or LF.
func (q quoting) encode(text []byte) []byte {
	out := make([]byte, 0, len(text)+len(text)/4)
	for len(text) > 0 {
		line, rest, end := text, []byte(nil), ""
		if i := bytes.IndexByte(text, '\n'); i >= 0 {
			line, rest, end = bytes.TrimSuffix(text[:i], []byte("\r")), text[i+1:], "\r\n"
		}
		out = append(q.line(out, line), end...)
		text = rest
	}
	return out
}

// line appends one line without its end.
func (q quoting) line(out, line []byte) []byte {
	const digits, small = "0123456789ABCDEF", "0123456789abcdef"
	column := 0
	for i := 0; i < len(line); {
		n := 1
		if q.whole {
			n = runeLen(line[i:])
		}
		var token []byte
		for k, c := range line[i : i+n] {
			if q.plain(c, i+k, line) {
				token = append(token, c)
				continue
			}
			hex := digits
			if q.lower {
				hex = small
			}
			token = append(token, '=', hex[c>>4], hex[c&15])
		}
		room := q.most - 1
		if i+n == len(line) && !q.strict {
			room = q.most
		}
		if column+len(token) > room || q.eager && column+3 > q.most-1 {
			out = append(out, "=\r\n"...)
			column = 0
		}
		out = append(out, token...)
		column += len(token)
		i += n
	}
	return out
}

// plain reports whether an octet of a line stays as it is.
func (q quoting) plain(c byte, at int, line []byte) bool {
	switch {
	case c == '=' || c >= 0x7f || c < ' ' && c != '\t', strings.IndexByte(q.also, c) >= 0:
		return false
	case (c == ' ' || c == '\t') && at == len(line)-1:
		return q.bare
	case c == '.' && at == 0:
		return !q.dot
	case c == 'F' && at == 0 && bytes.HasPrefix(line, []byte("From ")):
		return !q.from
	}
	return true
}

// runeLen is how many octets the UTF-8 character has that a text begins with.
func runeLen(b []byte) int {
	n := 1
	for n < len(b) && n < 4 && b[0] >= 0xc0 && b[n]&0xc0 == 0x80 {
		n++
	}
	return n
}

// fromQuoted decodes quoted-printable; false where the text is none.
func fromQuoted(raw []byte) ([]byte, bool) {
	out := make([]byte, 0, len(raw))
	for i := 0; i < len(raw); i++ {
		c := raw[i]
		if c != '=' {
			out = append(out, c)
			continue
		}
		end := i + 1
		for end < len(raw) && (raw[end] == ' ' || raw[end] == '\t' || raw[end] == '\r') {
			end++
		}
		if end == len(raw) || raw[end] == '\n' {
			i = end
			continue
		}
		if i+2 >= len(raw) {
			return nil, false
		}
		hi, ok1 := hexDigit(raw[i+1])
		lo, ok2 := hexDigit(raw[i+2])
		if !ok1 || !ok2 {
			return nil, false
		}
		out = append(out, hi<<4|lo)
		i += 2
	}
	return out, true
}

func hexDigit(c byte) (byte, bool) {
	i := strings.IndexByte("0123456789abcdef", c|0x20)
	return byte(i), i >= 0 && c >= '0'
}

// toBase64 encodes in lines of a length.
func toBase64(data []byte, line int) []byte {
	text := base64.StdEncoding.EncodeToString(data)
	out := make([]byte, 0, len(text)+len(text)/line*2+2)
	for len(text) > line {
		out = append(append(out, text[:line]...), "\r\n"...)
		text = text[line:]
	}
	return append(out, text...)
}

// fromBase64 decodes lines of base64; false where the text is none.
func fromBase64(raw []byte) ([]byte, bool) {
	clean := make([]byte, 0, len(raw))
	for _, c := range raw {
		if c != '\r' && c != '\n' && c != ' ' && c != '\t' {
			clean = append(clean, c)
		}
	}
	out := make([]byte, base64.StdEncoding.DecodedLen(len(clean)))
	n, err := base64.StdEncoding.Decode(out, clean)
	if err != nil || n == 0 {
		return nil, false
	}
	return out[:n], true
}

// base64Line is the length of the lines of a text in base64.
func base64Line(raw []byte) int {
	first, _, _ := bytes.Cut(raw, []byte("\n"))
	if n := len(bytes.TrimRight(first, "\r ")); n >= 4 {
		return n
	}
	return 76
}

// decoded is the text of a part without its transfer encoding.
func (p *part) decoded(body []byte) ([]byte, bool) {
	raw := p.body.of(body)
	switch p.encoding {
	case "base64":
		return fromBase64(raw)
	case "quoted-printable":
		return fromQuoted(raw)
	}
	return raw, true
}
