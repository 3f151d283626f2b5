package guide

import (
	"net/netip"
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"
)

// hidden stands for what Redacted takes out.
const hidden = "***"

// Redacted hides what must not leave: names of mailboxes, addresses of private networks, the left part of the
// Message-ID, and the subject, also where the reply and the list of what was checked repeat them, in whatever case,
// width or encoding.
func (l Letter) Redacted() Letter {
	var names []string
	for _, s := range []string{l.From, l.To, strings.Trim(l.MessageID, "<>")} {
		names = append(names, mailboxNames(s)...)
	}
	hide := func(s string) string {
		s = encodedWord().ReplaceAllString(s, hidden)
		s = without(s, []string{l.Subject}, false)
		s = withoutMailboxes(s)
		s = without(s, names, true)
		return withoutPrivate(s)
	}
	l.Reply = hide(l.Reply)
	checked := slices.Clone(l.Checked)
	for i, c := range checked {
		checked[i].Line = hide(c.Line)
	}
	l.Checked, l.Subject = checked, ""
	l.From, l.To, l.MessageID = masked(l.From), masked(l.To), masked(l.MessageID)
	if private(l.IP) {
		l.IP = netip.Addr{}
	}
	if private(l.Address) {
		l.Address = netip.Addr{}
	}
	return l
}

// encodedWord is text of a header as mails carry it (RFC 2047 §2): nobody reads it, and it may say anything.
var encodedWord = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`=\?[^?\s]+\?[bBqQ]\?[^?\s]*\?=`) })

// mailboxNames are the forms of the left part of an address that a server may repeat: as it is written, without its
// quotes (RFC 5321 §4.1.2), and without its tag.
func mailboxNames(address string) []string {
	at := strings.LastIndexByte(address, '@')
	if at <= 0 {
		return nil
	}
	local := address[:at]
	bare := local
	if len(local) > 1 && local[0] == '"' && local[len(local)-1] == '"' {
		bare = backslashes.Replace(local[1 : len(local)-1])
	}
	untagged, _, _ := strings.Cut(bare, "+")
	return slices.Compact([]string{local, bare, untagged})
}

// backslashes takes out those of quoted pairs.
var backslashes = strings.NewReplacer(`\\`, `\`, `\`, ``)

// signs are the forms of the @ of an address: of Japanese keyboards, of links, of quoted-printable text.
var signs = []string{"@", "＠", "﹫", "%40", "=40"}

// masked leaves the first letter of what stands before the @.
func masked(address string) string {
	at := -1
	for _, sign := range signs {
		at = max(at, strings.LastIndex(address, sign))
	}
	if at < 0 {
		return address
	}
	local := strings.TrimPrefix(address[:at], "<")
	open := address[:at-len(local)]
	if _, n := utf8.DecodeRuneInString(local); n > 0 {
		local = local[:n] + hidden
	}
	return open + local + address[at:]
}

// withoutMailboxes masks the addresses in a text.
func withoutMailboxes(s string) string {
	var b strings.Builder
	for s != "" {
		i := strings.IndexAny(s, " \t\n<>()[]:;,\"'|/?&")
		if i < 0 {
			b.WriteString(masked(s))
			break
		}
		b.WriteString(masked(s[:i]))
		b.WriteByte(s[i])
		s = s[i+1:]
	}
	return b.String()
}
