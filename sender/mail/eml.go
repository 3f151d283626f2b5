package mail

import (
	"bytes"
	"errors"
	"io"
	"mime"
	netmail "net/mail"
	"slices"
	"strings"
	"unicode/utf8"

	"todoku/codes"
)

// MaxMessage is how large a mail, or a part of one, may be at most, in octets. Whoever reads it from outside sees to that.
const MaxMessage = 64 << 20

// ParseEML takes a mail as it is, and keeps data. Only a bare LF or CR becomes
// CRLF, as it would on the wire, so that a signature covers what arrives; and Bcc
// is left out. What the mail lacks or what a server may refuse stands in Notes.
func ParseEML(data []byte) (*Message, error) {
	raw := crlf(data)
	m := &Message{}
	if bytes.Count(data, []byte("\r")) != bytes.Count(data, []byte("\r\n")) {
		m.note("there is a CR without LF: it goes out as the end of a line (RFC 5321 §2.3.8)",
			"LF を伴わない CR があります。改行として送信します(RFC 5321 §2.3.8)")
	}
	head, body := raw, []byte(nil)
	if at := bytes.Index(raw, []byte("\r\n\r\n")); at >= 0 {
		head, body = raw[:at+2:at+2], raw[at+2:]
	}
	all := splitFields(head)
	list := slices.DeleteFunc(slices.Clone(all), isBcc)
	if len(list) == 0 || !isField(list[0]) {
		return nil, noHeaderError("eml")
	}
	if len(list) < len(all) {
		head = bytes.Join(list, nil)
		m.note("the headers Bcc and Resent-Bcc are not sent, as everybody would see them: whom they name gets the mail "+
			"only as a recipient that is given",
			"Bcc・Resent-Bcc ヘッダーは、受信者全員に見えてしまうため送信しません。"+
				"記載されたアドレスに送信するには、宛先として指定してください")
	}
	m.head, m.body = head, [][]byte{body}
	m.utf8 = slices.ContainsFunc(head, func(c byte) bool { return c >= utf8.RuneSelf })
	m.eightBit = slices.ContainsFunc(body, func(c byte) bool { return c >= utf8.RuneSelf })
	m.read(list)
	m.addNotes()
	return m, nil
}

// isBcc reports whether a field names recipients that nobody is to see (RFC 5322
// §3.6.3, §3.6.6).
func isBcc(field []byte) bool {
	name, _, ok := bytes.Cut(field, []byte(":"))
	name = bytes.Trim(name, " \t\r\n") // also folded before the colon, as obsolete syntax has it
	return ok && (bytes.EqualFold(name, []byte("Bcc")) || bytes.EqualFold(name, []byte("Resent-Bcc")))
}

// crlf makes CRLF of each bare LF or CR and ends the last line.
func crlf(data []byte) []byte {
	pairs := bytes.Count(data, []byte("\r\n"))
	if bytes.Count(data, []byte("\n")) == pairs && bytes.Count(data, []byte("\r")) == pairs && bytes.HasSuffix(data, []byte("\r\n")) {
		return data
	}
	out := make([]byte, 0, len(data)+len(data)/32+2)
	for i, c := range data {
		switch {
		case c == '\n' && (i == 0 || data[i-1] != '\r'), c == '\r':
			out = append(out, '\r', '\n')
		case c != '\n':
			out = append(out, c)
		}
	}
	if len(out) > 0 && !bytes.HasSuffix(out, []byte("\r\n")) {
		out = append(out, "\r\n"...)
	}
	return out
}

// splitFields cuts a header into its fields, each with its folded lines.
func splitFields(head []byte) [][]byte {
	var out [][]byte
	start, at := 0, 0
	for l := range bytes.Lines(head) {
		if at > start && l[0] != ' ' && l[0] != '\t' {
			out = append(out, head[start:at:at])
			start = at
		}
		at += len(l)
	}
	if at > start {
		out = append(out, head[start:at:at])
	}
	return out
}

func reverse(list [][]byte) [][]byte {
	slices.Reverse(list)
	return list
}

func isField(f []byte) bool {
	name, _, ok := bytes.Cut(f, []byte(":"))
	_, err := newHeaderName(strings.TrimRight(string(name), " \t"))
	return ok && err == nil
}

// read fills in what the history and the envelope want to know.
func (m *Message) read(list [][]byte) {
	words := &mime.WordDecoder{CharsetReader: jisReader}
	for _, f := range list {
		name, value, ok := cutField(f)
		if !ok {
			continue
		}
		switch strings.ToLower(strings.TrimSpace(name)) {
		case "from":
			if list := mailboxes(words, value); len(list) > 0 {
				m.From = list[0]
			}
		case "to":
			m.To = append(m.To, mailboxes(words, value)...)
		case "cc":
			m.Cc = append(m.Cc, mailboxes(words, value)...)
		case "reply-to":
			m.ReplyTo = append(m.ReplyTo, mailboxes(words, value)...)
		case "subject":
			if s, err := words.DecodeHeader(value); err == nil {
				value = s
			}
			m.Subject = value
		case "message-id":
			m.ID = strings.Trim(value, "<> ")
		}
	}
}

// mailboxes reads what can be read of a list.
func mailboxes(words *mime.WordDecoder, value string) []Address {
	parser := netmail.AddressParser{WordDecoder: words}
	parsed, err := parser.ParseList(value)
	if err != nil {
		if a, err := ParseAddress("", value); err == nil {
			return []Address{a}
		}
		return nil
	}
	var out []Address
	for _, p := range parsed {
		if a, err := ParseAddress("", p.String()); err == nil {
			out = append(out, a)
		}
	}
	return out
}

func (m *Message) note(en, ja string) { m.Notes = append(m.Notes, codes.Text{EN: en, JA: ja}) }

// addNotes notes what servers refuse or mend.
func (m *Message) addNotes() {
	for _, f := range []struct {
		name  string
		there bool
	}{{"From", !m.From.IsZero()}, {"Message-ID", m.ID != ""}, {"Date", hasField(m.head, "Date")}} {
		if !f.there {
			m.note("the message has no readable "+f.name, "メッセージに有効な "+f.name+" ヘッダーがありません")
		}
	}
	longest, null := 0, false
	for _, piece := range m.Pieces() {
		for l := range bytes.Lines(piece) {
			longest = max(longest, len(l)-2)
		}
		null = null || bytes.IndexByte(piece, 0) >= 0
	}
	if longest > 998 { // RFC 5322 §2.1.1
		m.note("a line is longer than 998 bytes: many servers refuse or break it",
			"998バイトを超える行があります。多くのサーバーで拒否されるか、途中で改行されます")
	}
	if null {
		m.note("there is a NUL: many servers refuse it", "NUL 文字があります。多くのサーバーで拒否されます")
	}
}

func hasField(head []byte, name string) bool {
	return slices.ContainsFunc(splitFields(head), func(f []byte) bool {
		n, _, ok := strings.Cut(string(f), ":")
		return ok && strings.EqualFold(strings.TrimSpace(n), name)
	})
}

func jisReader(charset string, r io.Reader) (io.Reader, error) {
	if strings.EqualFold(charset, string(ISO2022JP)) {
		return decoder().Reader(r), nil
	}
	return nil, errors.New("unknown charset " + charset)
}
