package bundle

import (
	"bytes"
	"encoding/json"
	"net/netip"
	"slices"
	"strings"

	"todoku/diag/resolve"
	"todoku/sender/mail"
)

// redact masks what was recorded, the head and the report. It reports how many names it masked.
func (r *Recorder) redact(head *Head, report []byte) (masked []byte, count int) {
	inputs := r.read()
	c := newMaskOf(r.stray)
	for _, j := range r.exchanges {
		c.known(strings.Join(j.Records, "\n"), true)
	}
	for _, word := range head.words() {
		c.known(word, false)
		c.people(word)
	}
	for _, v := range r.visits {
		c.people(strings.Join(lines(v.To), "\n"))
		if v.Local.IsValid() {
			c.networks(v.Local.String())
			c.hosts(r.exchanges, v.Local)
		}
	}
	for i, k := range inputs {
		c.file(k.name, i+1)
		c.people(string(k.data))
		c.networks(string(k.data))
	}
	if !slices.Contains(head.Args, "--lab") {
		c.host(r.helo)
	}
	for _, j := range r.exchanges {
		c.networks(j.Server)
		if j.Error != nil {
			c.networks(string(j.Error.Text))
		}
	}
	r.leaveOutMails(head, inputs, c)
	m := c.mask()
	r.apply(m, inputs)
	head.mask(m)
	return maskJSON(report, m.report), m.count
}

// words are the parts of the head that hold what the user typed.
func (h *Head) words() []string {
	words := slices.Clone(h.Args)
	for _, f := range h.Flags {
		words = append(words, f.Value)
	}
	return words
}

// hosts takes the names that DNS has for an address of our own.
func (c *maskOf) hosts(exchanges map[resolve.Question]exchangeJSON, ip netip.Addr) {
	j := exchanges[resolve.Question{Name: resolve.Reverse(ip), Type: resolve.TypePTR}]
	for _, record := range j.Records {
		if fields := strings.Fields(record); len(fields) > 4 && fields[3] == "PTR" {
			c.host(fields[4])
		}
	}
}

// leaveOutMails takes mails out of the inputs. Their signatures hold for the whole text only, so the run cannot be replayed:
// the report alone is left, without lines of the mails.
func (r *Recorder) leaveOutMails(head *Head, inputs []*Kept, c *maskOf) {
	campaign := slices.Contains(head.Args, "campaign")
	if len(inputs) > 0 {
		head.Body = "kept"
	}
	for _, k := range inputs {
		if !campaign && !hasMail(k.data) {
			continue
		}
		head.Body, head.ReportOnly = "left_out", true
		for line := range strings.Lines(string(k.data)) {
			c.line(line)
		}
		c.mail(mail.Open(k.data), 0)
		k.data, k.whole, k.left = nil, false, true
	}
}

// maxDepth is how deep the structure of a mail is looked into.
const maxDepth = 8

// mail takes the subject and the texts of a mail.
func (c *maskOf) mail(e *mail.Entity, depth int) {
	c.line(e.Get("Subject"))
	c.line(e.Words("Subject"))
	for _, name := range []string{"From", "Sender", "Reply-To", "To", "Cc", "Return-Path"} {
		c.people(e.Words(name))
	}
	if depth > maxDepth {
		return
	}
	for _, part := range e.Parts {
		c.mail(part, depth+1)
	}
	if e.Type == "message/rfc822" {
		c.mail(e.InnerMail(depth+1), depth+1)
	}
	if strings.HasPrefix(e.Type, "text/") {
		text := e.Text()
		c.people(text)
		for line := range strings.Lines(text) {
			c.line(line)
		}
	}
}

// hasMail reports whether text looks as a mail does: fields of a header at its beginning or, as in a bounce or a mailbox, later.
func hasMail(data []byte) bool {
	known := 0
	for line := range bytes.Lines(data) {
		for _, name := range []string{"from:", "received:", "subject:", "message-id:", "dkim-signature:", "content-type:", "mime-version:"} {
			if len(line) > len(name) && strings.EqualFold(string(line[:len(name)]), name) {
				known++
			}
		}
		if known > 1 {
			return true
		}
	}
	return false
}

// apply masks what was recorded.
func (r *Recorder) apply(m *mask, inputs []*Kept) {
	exchanges := map[resolve.Question]exchangeJSON{}
	for _, j := range r.exchanges {
		x, err := j.exchange()
		if err != nil {
			continue
		}
		x, ok := x.Masked(m.name)
		if !ok {
			r.full = true
			continue
		}
		masked := keepExchange(x)
		masked.Server, masked.Error = m.text(masked.Server), masked.Error.masked(m)
		exchanges[x.Question] = masked
	}
	r.exchanges, r.masked = exchanges, m
	r.helo = m.text(r.helo)
	for _, k := range inputs {
		k.name, k.data = m.text(k.name), []byte(m.text(string(k.data)))
	}
	r.inputs = inputs
}

// mask masks what the user typed, and what the run learned elsewhere.
func (h *Head) mask(m *mask) {
	for i, arg := range h.Args {
		flag, value, _ := strings.Cut(arg, "=")
		switch {
		case !strings.HasPrefix(arg, "--"):
			h.Args[i] = m.text(arg)
		case value != "":
			h.Args[i] = flag + "=" + m.text(value)
		}
	}
	for i := range h.Flags {
		h.Flags[i].Value = m.text(h.Flags[i].Value)
	}
	h.Config = m.text(h.Config)
	for key, note := range h.Notes {
		delete(h.Notes, key)
		h.Notes[m.text(key)] = maskJSON(note, m.text)
	}
}

// literalOf is a JSON string in the form of another: reports escape characters of HTML.
func literalOf(s string, as []byte) []byte {
	line, err := json.Marshal(s)
	if !bytes.Contains(as, []byte(`\u00`)) {
		line, err = marshal(s)
	}
	if err != nil {
		return []byte(`""`)
	}
	return escape(line)
}

// ourFields hold no text from outside: words of ours, and octets in base64.
func ourFields() []string {
	return []string{"base64", "chain", "error_cause", "error_kind", "is", "kind", "known", "owner", "rule", "severity", "stage",
		"status"}
}

// maskJSON masks the strings of a JSON text, and leaves the rest as it is. The fields of ourFields stay.
func maskJSON(data []byte, text func(string) string) []byte {
	var out bytes.Buffer
	key, ours := "", ourFields()
	for i := 0; i < len(data); {
		if data[i] != '"' {
			out.WriteByte(data[i])
			i++
			continue
		}
		end := i + 1
		for end < len(data) && data[end] != '"' {
			if data[end] == '\\' {
				end++
			}
			end++
		}
		end = min(end+1, len(data))
		literal := data[i:end]
		i = end
		var s string
		isKey := bytes.HasPrefix(bytes.TrimLeft(data[end:], " \t\r\n"), []byte(":"))
		if json.Unmarshal(literal, &s) != nil || isKey || slices.Contains(ours, key) {
			if isKey {
				key = s
			}
			out.Write(literal)
			continue
		}
		other := text(s)
		if key == "local" { // of an address whose domain stands in a field of its own
			other = strings.TrimSuffix(text(s+"@"), "@")
		}
		if other != s {
			literal = literalOf(other, literal)
		}
		out.Write(literal)
	}
	return out.Bytes()
}
