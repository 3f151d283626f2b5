package mail

import (
	"bytes"
	"encoding/base64"
	"mime"
	"strings"
	"unicode/utf8"
)

// fields writes header fields, folded. Its methods take lines and addresses
// only, which cannot hold a line break.
type fields struct {
	bytes.Buffer
	charset Charset
}

const (
	foldAt   = 76  // RFC 2047 §2: a line with an encoded word
	longWord = 900 // RFC 5322 §2.1.1: 998 bytes is the end
)

// plain writes a value of ASCII words, folded at spaces where it is long.
func (f *fields) plain(name, value string) {
	f.WriteString(name + ":")
	f.words(len(name)+1, strings.Split(value, " "))
	f.WriteString("\r\n")
}

// words writes each with a space or a fold before it.
func (f *fields) words(column int, words []string) {
	for i, w := range words {
		if i > 0 && column+1+len(w) > foldAt && w != "" {
			f.WriteString("\r\n")
			column = 0
		}
		f.WriteString(" " + w)
		column += 1 + len(w)
	}
}

// text writes a value for people, encoded where it must be.
func (f *fields) text(name string, v line) error {
	if plainText(v.text) {
		f.plain(name, v.text)
		return nil
	}
	words, err := f.charset.words(name, v.text, foldAt-len(name)-2)
	if err != nil {
		return err
	}
	f.WriteString(name + ":")
	f.words(len(name)+1, words)
	f.WriteString("\r\n")
	return nil
}

// plainText reports whether a value can stand as it is: a reader must not take
// it for an encoded word, and folding must be possible and lose nothing.
func plainText(s string) bool {
	if !isASCII(s) || strings.Contains(s, "=?") || strings.TrimSpace(s) != s || strings.Contains(s, "  ") || strings.ContainsRune(s, '\t') {
		return false
	}
	for _, w := range strings.Split(s, " ") {
		if len(w) > longWord {
			return false
		}
	}
	return true
}

// addresses writes a list of mailboxes, one after the other.
func (f *fields) addresses(name string, list []Address) error {
	var words []string
	for i, a := range list {
		w, err := f.mailbox(name, a)
		if err != nil {
			return err
		}
		if i < len(list)-1 {
			w[len(w)-1] += ","
		}
		words = append(words, w...)
	}
	f.WriteString(name + ":")
	f.words(len(name)+1, words)
	f.WriteString("\r\n")
	return nil
}

func (f *fields) mailbox(field string, a Address) ([]string, error) {
	n := a.Name()
	switch {
	case n == "":
		return []string{a.String()}, nil
	case isAtomText(strings.ReplaceAll(n, " ", "")) && plainText(n) && !strings.Contains(n, "."):
		return append(strings.Split(n, " "), "<"+a.String()+">"), nil
	case isASCII(n) && len(n) < longWord && !strings.Contains(n, "=?"):
		return []string{`"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(n) + `"`, "<" + a.String() + ">"}, nil
	}
	words, err := f.charset.words(field, n, foldAt-len(field)-2)
	return append(words, "<"+a.String()+">"), err
}

// words splits a text into encoded words of RFC 2047, none of which cuts a
// character; first is the room on the first line. Each word ends in ASCII.
func (c Charset) words(field, s string, first int) ([]string, error) {
	encode := func(_, s string) ([]byte, error) { return []byte(s), nil }
	if c == ISO2022JP {
		encode = newJIS().encode
	}
	if _, err := encode(field, s); err != nil { // names the place in the whole text
		return nil, err
	}
	overhead := len("=??B??=") + len(c)
	var words []string
	room := max(first, 40)
	var chunk []byte
	for len(s) > 0 {
		chunk = chunk[:0]
		fits := (room - overhead) / 4 * 3
		for len(s) > 0 {
			_, size := utf8.DecodeRuneInString(s)
			more := append(chunk, s[:size]...)
			raw, err := encode(field, string(more))
			if err != nil {
				return nil, err
			}
			if len(raw) > fits {
				break
			}
			chunk, s = more, s[size:]
		}
		raw, err := encode(field, string(chunk))
		if err != nil {
			return nil, err
		}
		words = append(words, "=?"+string(c)+"?B?"+base64.StdEncoding.EncodeToString(raw)+"?=")
		room = foldAt - 1
	}
	return words, nil
}

// attachment writes Content-Type and Content-Disposition of an attachment.
// The name stands in both: RFC 2231 for new clients, an encoded word for old
// Japanese ones.
func (f *fields) attachment(field string, mediaType string, name line) error {
	if name.text == "" {
		f.plain("Content-Type", mediaType)
		f.plain("Content-Disposition", "attachment")
		return nil
	}
	quoted := `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(name.text) + `"`
	if !isASCII(name.text) {
		words, err := f.charset.words(field, name.text, foldAt-len(` name="`)-1)
		if err != nil {
			return err
		}
		quoted = `"` + strings.Join(words, "\r\n ") + `"`
	}
	f.WriteString("Content-Type: " + mediaType + ";\r\n name=" + quoted + "\r\n")
	disposition := mime.FormatMediaType("attachment", map[string]string{"filename": name.text})
	f.WriteString("Content-Disposition: " + strings.Replace(disposition, "; ", ";\r\n ", 1) + "\r\n")
	return nil
}
