package sender

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"io"
	"mime"
	"mime/quotedprintable"
	"path"
	"strings"

	"github.com/emersion/go-message/textproto"
)

// part is a body with the fields that describe it. go-message/mail would make
// the same structure but writes no other charset than UTF-8.
type part struct {
	header []byte // lines with CRLF
	body   []byte
}

// body writes the fields of MIME, the empty line, and the content.
func (d *Draft) body(f *fields) error {
	p, err := d.content()
	if err != nil {
		return err
	}
	if len(d.Attachments) > 0 {
		parts := []part{p}
		for i, a := range d.Attachments {
			p, err := a.part(fmt.Sprintf("attachment %d", i+1), d.Charset)
			if err != nil {
				return err
			}
			parts = append(parts, p)
		}
		if p, err = multipart("mixed", parts); err != nil {
			return err
		}
	}
	f.Write(p.header)
	f.WriteString("\r\n")
	f.Write(p.body)
	return nil
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
		return part{}, inputError(place, FaultControl, "line %d holds a NUL", "%d 行目に NUL 文字があります", 1+strings.Count(s[:i], "\n"))
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
	return part{f.Bytes(), body}, nil
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
		lines76(&b, raw)
		return "base64", b.Bytes()
	}
	w := quotedprintable.NewWriter(&b)
	_, _ = w.Write(raw) // to memory
	_ = w.Close()
	return "quoted-printable", b.Bytes()
}

func lines76(b *bytes.Buffer, data []byte) {
	s := base64.StdEncoding.EncodeToString(data)
	b.Grow(len(s) + len(s)/38 + 2)
	for len(s) > 0 {
		n := min(76, len(s))
		b.WriteString(s[:n])
		b.WriteString("\r\n")
		s = s[n:]
	}
}

func (a Attachment) part(place string, charset Charset) (part, error) {
	name, err := oneLine(place, a.Name)
	if err != nil {
		return part{}, err
	}
	if len(name.text) > 255 {
		return part{}, inputError(place, FaultTooLong, "its name is %d bytes long, at most 255 are allowed", "ファイル名が %d バイトあります。上限は 255 バイトです", len(name.text))
	}
	if a.Type == "" {
		a.Type = mime.TypeByExtension(path.Ext(name.text))
	}
	kind, err := oneLine(place, a.Type)
	if err != nil {
		return part{}, err
	}
	mediaType, _, err := mime.ParseMediaType(kind.text)
	if err != nil || !strings.Contains(mediaType, "/") || strings.HasPrefix(mediaType, "multipart/") || strings.HasPrefix(mediaType, "message/") {
		mediaType = "application/octet-stream" // RFC 2046 §5.2.1: what is message/… may not be base64
	}
	f := &fields{charset: charset}
	if err := f.attachment(place, mediaType, name); err != nil {
		return part{}, err
	}
	f.plain("Content-Transfer-Encoding", "base64")
	var b bytes.Buffer
	lines76(&b, a.Data)
	return part{f.Bytes(), b.Bytes()}, nil
}

func multipart(subtype string, parts []part) (part, error) {
	var b bytes.Buffer
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
		if _, err := io.Copy(body, bytes.NewReader(p.body)); err != nil {
			return part{}, err
		}
	}
	if err := w.Close(); err != nil {
		return part{}, err
	}
	f := &fields{}
	f.plain("Content-Type", "multipart/"+subtype+"; boundary="+w.Boundary())
	return part{f.Bytes(), b.Bytes()}, nil
}
