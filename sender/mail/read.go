package mail

import (
	"bytes"
	netmail "net/mail"
	"strings"
	"time"

	"todoku/codes"
)

// Received is a mail as somebody got it, or the header of one: nothing is decoded and nothing is mended.
type Received struct {
	Header []Header // in order, each value on one line
	Body   []byte   // a part of what was read
}

// Read takes a mail apart; it keeps data. A mail without an empty line is all header. The error is a *codes.UserError:
// a line of the header is no field (RFC 5322 §2.2), or there is nothing at all.
func Read(data []byte) (*Received, error) {
	r := &Received{}
	end, whole := 0, false
	for l := range bytes.Lines(data) {
		if string(l) == "\n" || string(l) == "\r\n" {
			r.Body, whole = data[end+len(l):], true
			break
		}
		end += len(l)
	}
	for _, f := range splitFields(data[:end]) {
		name, value, ok := cutField(f)
		if !ok || f[0] == ' ' || f[0] == '\t' {
			line, _, _ := strings.Cut(string(f), "\n")
			return nil, codes.WrongAt("", codes.Text{
				EN: "{line} is no header field such as \"From: a@example.test\"", JA: "{line} は「From: a@example.test」のようなヘッダーではありません"},
				codes.QuotedStart("line", line, 80))
		}
		if name != "" {
			r.Header = append(r.Header, Header{Name: name, Value: value})
		}
	}
	if len(r.Header) == 0 && !whole {
		return nil, noHeaderError("")
	}
	return r, nil
}

// cutField gives the name of a header field and its value, unfolded to one line; false where there is no colon.
func cutField(field []byte) (name, value string, ok bool) {
	name, rest, ok := strings.Cut(string(field), ":")
	var lines []string
	for l := range strings.Lines(rest) {
		lines = append(lines, strings.Trim(l, " \t\r\n"))
	}
	return name, strings.TrimLeft(strings.Join(lines, " "), " \t"), ok
}

func noHeaderError(place string) error {
	return codes.WrongAt(place, codes.Text{
		EN: "does not begin with a header field such as \"From: a@example.test\"",
		JA: "「From: a@example.test」のようなヘッダーで始まっていません"})
}

// All are the values of the fields of a name, in whatever case.
func (r *Received) All(name string) []string {
	var out []string
	for _, h := range r.Header {
		if strings.EqualFold(h.Name, name) {
			out = append(out, h.Value)
		}
	}
	return out
}

// Get is the value of the first field of a name, "" where there is none.
func (r *Received) Get(name string) string {
	if all := r.All(name); len(all) > 0 {
		return all[0]
	}
	return ""
}

// Mailbox is the FirstAddress of a field.
func (r *Received) Mailbox(name string) string { return FirstAddress(r.Get(name)) }

// FirstAddress is the first address in the value of a header field, with quotes where its local part needs them; where
// nobody can read one, the value without its brackets.
func FirstAddress(value string) string {
	if list, err := netmail.ParseAddressList(value); err == nil && len(list) > 0 {
		first := netmail.Address{Address: list[0].Address}
		return strings.Trim(first.String(), "<>") // with the quotes that its local part needs
	}
	return strings.Trim(value, "<> ")
}

// Date is the time of the field Date (RFC 5322 §3.3); false where nobody can read one.
func (r *Received) Date() (time.Time, bool) {
	t, err := netmail.ParseDate(r.Get("Date"))
	return t, err == nil
}
