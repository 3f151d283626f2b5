package guide

import (
	"slices"
	"strings"

	"todoku/codes"
	"todoku/diag"
	"todoku/sender/mail"
)

// Message is what can be read from the mail that was sent.
type Message struct {
	From       string
	To         string
	MailFrom   string // from Return-Path, where it was received
	ID         string
	Signatures []Signature
	Size       int64
	Links      []string // domains that it links to
	Files      []string // names of attachments
	Test       string   // the name of a test text for filters that stands in it, or ""
	Beyond     Beyond
}

// Signature is a DKIM signature's domain and selector (RFC 6376 §3.5).
type Signature struct{ Domain, Selector string }

// Beyond says of what a message has more than is taken from it.
type Beyond struct {
	Signatures   int // how many more
	Links, Files bool
}

// of are the bounds that matter to a cause.
func (b Beyond) of(c *Cause) []*diag.Bounded {
	var out []*diag.Bounded
	add := func(is bool, what codes.Text, limit, left int) {
		if is {
			out = append(out, &diag.Bounded{What: what, Limit: limit, Left: left})
		}
	}
	switch c {
	case content:
		add(b.Links, codes.Text{EN: "domains of links", JA: "リンク先のドメイン"}, maxLinks, 0)
		add(b.Files, codes.Text{EN: "names of attachments", JA: "添付ファイル名"}, maxFiles, 0)
	case dkimNone, dkimBroken, dmarcUnaligned:
		add(b.Signatures > 0, codes.Text{EN: "DKIM signatures of the mail", JA: "メールのDKIM署名"}, maxSignatures, b.Signatures)
	}
	return out
}

// Bounds of what is taken from a message.
const (
	MaxMessage    = 16 << 20
	maxLinks      = 20
	maxSignatures = 10
	maxFiles      = 50
)

// ReadMessage reads what can tell a cause from a mail. The error is a *codes.UserError; data is not kept.
func ReadMessage(data []byte) (*Message, error) {
	m, err := mail.Read(data)
	if err != nil {
		return nil, err
	}
	out := &Message{From: m.Mailbox("From"), To: m.Mailbox("To"), MailFrom: m.Mailbox("Return-Path"),
		ID: m.Get("Message-Id"), Size: int64(len(data))}
	out.Signatures, out.Beyond.Signatures = signatures(m.All("DKIM-Signature"))
	text := strings.ToLower(string(m.Body))
	out.Links, out.Beyond.Links = links(text)
	out.Files, out.Beyond.Files = files(text)
	switch {
	case strings.Contains(text, "xjs*c4jdbqadn1.nsbn3*2idnen*gtube-standard-anti-ube-test-email*c.34x"):
		out.Test = "GTUBE"
	case strings.Contains(text, "eicar-standard-antivirus-test-file"):
		out.Test = "EICAR"
	}
	return out, nil
}

// signatures are those of a mail, and how many more it has.
func signatures(all []string) (list []Signature, more int) {
	for _, s := range all[:min(len(all), maxSignatures)] {
		list = append(list, Signature{tag(s, "d"), tag(s, "s")})
	}
	return list, len(all) - len(list)
}

// tag gives the value of a tag of a DKIM signature (RFC 6376 §3.2).
func tag(list, name string) string {
	for part := range strings.SplitSeq(list, ";") {
		k, v, _ := strings.Cut(part, "=")
		if strings.TrimSpace(k) == name {
			return strings.ToLower(strings.Join(strings.Fields(v), ""))
		}
	}
	return ""
}

// links are the host names in a text's URLs, each once; more tells that it has more.
func links(text string) (out []string, more bool) {
	seen := map[string]bool{}
	for rest := text; ; {
		i := strings.Index(rest, "://")
		if i < 0 {
			break
		}
		rest = rest[i+3:]
		end := strings.IndexFunc(rest, func(r rune) bool { return !(r == '.' || r == '-' || r >= '0' && r <= '9' || r >= 'a' && r <= 'z') })
		if end < 0 {
			end = len(rest)
		}
		host := strings.Trim(rest[:end], ".-")
		if strings.Contains(host, ".") && strings.Trim(host, "0123456789.") != "" && !seen[host] {
			if len(out) == maxLinks {
				return out, true
			}
			seen[host] = true
			out = append(out, host)
		}
	}
	return out, false
}

// files are the names of attachments; more tells that it has more.
func files(text string) (out []string, more bool) {
	for _, key := range [...]string{"filename=", "name="} {
		for rest := text; ; {
			i := strings.Index(rest, key)
			if i < 0 {
				break
			}
			rest = rest[i+len(key):]
			name, _, _ := strings.Cut(rest, "\n")
			name, _, _ = strings.Cut(name, ";")
			if name = strings.Trim(name, "\" \r"); slices.Contains(out, name) {
				continue
			}
			if len(out) == maxFiles {
				return out, true
			}
			out = append(out, name)
		}
	}
	return out, false
}

// dangerous is the first attachment of a kind that the big providers refuse.
func (m *Message) dangerous() string {
	for _, f := range m.Files {
		for _, kind := range [...]string{".exe", ".scr", ".bat", ".cmd", ".com", ".js", ".jse", ".vbs", ".vbe", ".msi",
			".jar", ".lnk", ".iso", ".img", ".hta", ".pif", ".cpl", ".dll", ".ps1", ".wsf", ".apk"} {
			if strings.HasSuffix(f, kind) {
				return f
			}
		}
	}
	return ""
}
