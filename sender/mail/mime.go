package mail

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"mime"
	"mime/quotedprintable"
	"path"
	"slices"
	"strings"

	"github.com/emersion/go-message/textproto"

	"todoku/codes"
)

// part is a body with the fields that describe it. go-message/mail would make
// the same structure but writes no other charset than UTF-8.
type part struct {
	header []byte   // lines with CRLF
	body   [][]byte // in pieces
}

// body is the content with its attachments.
func (d *Draft) body() (part, error) {
	p, err := d.content()
	if err != nil || len(d.Attachments) == 0 {
		return p, err
	}
	parts := []part{p}
	for i, a := range d.Attachments {
		p, err := a.part(fmt.Sprintf("attachment %d", i+1), d.Charset)
		if err != nil {
			return p, err
		}
		parts = append(parts, p)
	}
	return multipart("mixed", parts)
}

// content is the text, the HTML, or both as alternatives.
func (d *Draft) content() (part, error) {
	if d.HTML == "" {
		return d.text("text", "plain", d.Text)
	}
	html, err := d.text("HTML", "html", d.HTML)
	if d.Text == "" || err != nil {
		return html, err
	}
	text, err := d.text("text", "plain", d.Text)
	if err != nil {
		return part{}, err
	}
	return multipart("alternative", []part{text, html})
}

func (d *Draft) text(place, subtype, s string) (part, error) {
	s = strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n")
	if i := strings.IndexByte(s, 0); i >= 0 {
		return part{}, codes.WrongAt(place, codes.Text{EN: "line {line} holds a NUL", JA: "{line} 行目に NUL 文字があります"}, codes.Num("line", 1+strings.Count(s[:i], "\n")))
	}
	if s != "" && !strings.HasSuffix(s, "\n") {
		s += "\n"
	}
	charset := d.Charset
	if charset != ISO2022JP {
		s = strings.ToValidUTF8(s, "\uFFFD")
	}
	raw, err := charset.encode(place, s)
	if err != nil {
		return part{}, err
	}
	raw = bytes.ReplaceAll(raw, []byte("\n"), []byte("\r\n"))
	encoding, body := transfer(raw)
	f := &fields{}
	f.plain("Content-Type", "text/"+subtype+"; charset="+string(charset))
	f.plain("Content-Transfer-Encoding", encoding)
	return part{f.Bytes(), [][]byte{body}}, nil
}

// transfer picks the encoding that leaves text as legible as 7 bits allow.
func transfer(raw []byte) (string, []byte) {
	high, column, longest := 0, 0, 0
	for _, c := range raw {
		column++
		if c >= 0x80 {
			high++
		}
		if c == '\n' {
			column = 0
		}
		longest = max(longest, column)
	}
	var b bytes.Buffer
	switch {
	case high == 0 && longest <= 990:
		return "7bit", raw
	case high*6 > len(raw) || bytes.IndexByte(raw, 0x1b) >= 0:
		return "base64", lines76(raw)
	}
	w := quotedprintable.NewWriter(&b)
	_, _ = w.Write(raw) // to memory
	_ = w.Close()
	return "quoted-printable", b.Bytes()
}

// lines76 encodes in lines of 76 characters (RFC 2045 §6.8).
func lines76(data []byte) []byte {
	const line = 57 // octets, which are 76 characters
	out := make([]byte, 0, base64.StdEncoding.EncodedLen(len(data))+2*(len(data)/line+1))
	for part := range slices.Chunk(data, line) {
		out = append(base64.StdEncoding.AppendEncode(out, part), "\r\n"...)
	}
	return out
}

func (a Attachment) part(place string, charset Charset) (part, error) {
	name, err := oneLine(place, a.Name)
	if err != nil {
		return part{}, err
	}
	if len(name.text) > 255 {
		return part{}, codes.WrongAt(place, codes.Text{EN: "its name is {n} bytes long, at most 255 are allowed", JA: "ファイル名が {n}バイトあります。上限は 255バイトです"}, codes.Num("n", len(name.text)))
	}
	if a.Type == "" {
		a.Type = mime.TypeByExtension(path.Ext(name.text))
	}
	kind, err := oneLine(place, a.Type)
	if err != nil {
		return part{}, err
	}
	mediaType, _, err := mime.ParseMediaType(kind.text)
	if err != nil || !strings.Contains(mediaType, "/") || strings.HasPrefix(mediaType, "multipart/") ||
		strings.HasPrefix(mediaType, "message/") {
		mediaType = "application/octet-stream" // RFC 2046 §5.2.1: what is message/… may not be base64
	}
	f := &fields{charset: charset}
	if err := f.attachment(place, mediaType, name); err != nil {
		return part{}, err
	}
	f.plain("Content-Transfer-Encoding", "base64")
	return part{f.Bytes(), [][]byte{lines76(a.Data)}}, nil
}

func multipart(subtype string, parts []part) (part, error) {
	var b pieces
	w := textproto.NewMultipartWriter(&b)
	for _, p := range parts {
		var h textproto.Header
		for _, field := range reverse(splitFields(p.header)) {
			h.AddRaw(field) // puts it before the others
		}
		body, err := w.CreatePart(h)
		if err != nil {
			return part{}, err
		}
		for _, piece := range p.body {
			if _, err := body.Write(piece); err != nil {
				return part{}, err
			}
		}
	}
	if err := w.Close(); err != nil {
		return part{}, err
	}
	f := &fields{}
	f.plain("Content-Type", "multipart/"+subtype+"; boundary="+w.Boundary())
	return part{f.Bytes(), b}, nil
}

// pieces collects what is written. Long texts, which their writer never changes
// again, are kept as they are; short ones are joined.
type pieces [][]byte

const longPiece = 4 << 10

func (p *pieces) Write(b []byte) (int, error) {
	last := len(*p) - 1
	switch {
	case len(b) >= longPiece:
		*p = append(*p, b[:len(b):len(b)])
	case last >= 0 && len((*p)[last]) < longPiece:
		(*p)[last] = append((*p)[last], b...)
	default:
		*p = append(*p, bytes.Clone(b))
	}
	return len(b), nil
}
