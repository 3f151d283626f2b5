package guide

import (
	"bytes"
	"io"
	"net/mail"
	"strings"
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
}

// Signature is a DKIM signature's domain and selector (RFC 6376 §3.5).
type Signature struct{ Domain, Selector string }

// Bounds of what is taken from a message.
const (
	MaxMessage    = 16 << 20
	maxLinks      = 20
	maxSignatures = 10
	maxFiles      = 50
)

// ReadMessage reads a mail.
func ReadMessage(data []byte) (*Message, error) {
	m, err := mail.ReadMessage(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	body, err := io.ReadAll(m.Body)
	if err != nil {
		return nil, err
	}
	out := &Message{From: address(m.Header.Get("From")), To: address(m.Header.Get("To")), MailFrom: address(m.Header.Get("Return-Path")), ID: m.Header.Get("Message-Id"), Size: int64(len(data))}
	for _, s := range m.Header["Dkim-Signature"][:min(len(m.Header["Dkim-Signature"]), maxSignatures)] {
		out.Signatures = append(out.Signatures, Signature{tag(s, "d"), tag(s, "s")})
	}
	text := strings.ToLower(string(body))
	out.Links, out.Files = links(text), files(text)
	switch {
	case strings.Contains(text, "xjs*c4jdbqadn1.nsbn3*2idnen*gtube-standard-anti-ube-test-email*c.34x"):
		out.Test = "GTUBE"
	case strings.Contains(text, "eicar-standard-antivirus-test-file"):
		out.Test = "EICAR"
	}
	return out, nil
}

// address is the first address in the value of a header field.
func address(field string) string {
	if list, err := mail.ParseAddressList(field); err == nil && len(list) > 0 {
		return list[0].Address
	}
	return strings.Trim(field, "<> ")
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

// links are the host names in a text's URLs, each once.
func links(text string) []string {
	var out []string
	seen := map[string]bool{}
	for rest := text; len(out) < maxLinks; {
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
			seen[host] = true
			out = append(out, host)
		}
	}
	return out
}

// files are the names of attachments.
func files(text string) []string {
	var out []string
	for _, key := range [...]string{"filename=", "name="} {
		for rest := text; len(out) < maxFiles; {
			i := strings.Index(rest, key)
			if i < 0 {
				break
			}
			rest = rest[i+len(key):]
			name, _, _ := strings.Cut(rest, "\n")
			name, _, _ = strings.Cut(name, ";")
			out = append(out, strings.Trim(name, "\" \r"))
		}
	}
	return out
}

// dangerous is the first attachment of a kind that the big providers refuse.
func (m *Message) dangerous() string {
	for _, f := range m.Files {
		for _, kind := range [...]string{".exe", ".scr", ".bat", ".cmd", ".com", ".js", ".jse", ".vbs", ".vbe", ".msi", ".jar", ".lnk", ".iso", ".img", ".hta", ".pif", ".cpl", ".dll", ".ps1", ".wsf", ".apk"} {
			if strings.HasSuffix(f, kind) {
				return f
			}
		}
	}
	return ""
}
