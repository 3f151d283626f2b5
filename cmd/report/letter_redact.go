package report

import (
	"net/netip"
	"strings"
	"unicode"
	"unicode/utf8"
)

// hidden stands for what Redacted takes out.
const hidden = "***"

// Redacted hides what must not leave: names of mailboxes, addresses of private
// networks, the left part of the Message-ID, and the subject, also where the
// reply and the list of what was checked repeat them.
func (l Letter) Redacted() Letter {
	var secrets []string
	for _, s := range []string{l.From, l.To, strings.Trim(l.MessageID, "<>")} {
		if at := strings.LastIndexByte(s, '@'); at > 0 {
			secrets = append(secrets, s[:at])
		}
	}
	hide := func(s string) string {
		if len(l.Subject) > 1 {
			s = strings.ReplaceAll(s, l.Subject, hidden)
		}
		s = withoutMailboxes(s)
		for _, secret := range secrets {
			s = withoutWord(s, secret)
		}
		return withoutPrivate(s)
	}
	l.Reply = hide(l.Reply)
	checked := make([]string, len(l.Checked))
	for i, c := range l.Checked {
		checked[i] = hide(c)
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

func private(ip netip.Addr) bool {
	ip = ip.Unmap()
	shared := netip.PrefixFrom(netip.AddrFrom4([4]byte{100, 64}), 10) // RFC 6598 §7
	return ip.IsPrivate() || ip.IsLoopback() || ip.IsLinkLocalUnicast() || shared.Contains(ip)
}

// masked leaves the first letter of what stands before the @.
func masked(address string) string {
	at := strings.LastIndexByte(address, '@')
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
	return eachWord(s, " \t\n<>()[]:;,\"'", masked)
}

// withoutPrivate hides the addresses of private networks in a text.
func withoutPrivate(s string) string {
	return eachWord(s, " \t\n<>()[];,\"'/=()、。", func(w string) string {
		bare := strings.TrimRight(w, ".:")
		if ip, err := netip.ParseAddr(bare); err == nil && private(ip) {
			return hidden + w[len(bare):]
		}
		if at, err := netip.ParseAddrPort(bare); err == nil && private(at.Addr()) {
			return hidden + w[len(bare):]
		}
		return w
	})
}

// eachWord puts every word of a text through change; ends are what stands
// between words.
func eachWord(s, ends string, change func(string) string) string {
	var b strings.Builder
	for s != "" {
		i := strings.IndexAny(s, ends)
		if i < 0 {
			b.WriteString(change(s))
			break
		}
		b.WriteString(change(s[:i]))
		_, n := utf8.DecodeRuneInString(s[i:])
		b.WriteString(s[i : i+n])
		s = s[i+n:]
	}
	return b.String()
}

// withoutWord hides a secret where it is a word of its own. One letter is not
// hidden: masked shows it, too.
func withoutWord(s, secret string) string {
	if len(secret) < 2 {
		return s
	}
	part := func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }
	var b strings.Builder
	for {
		i := strings.Index(s, secret)
		if i < 0 {
			return b.String() + s
		}
		end := i + len(secret)
		before, _ := utf8.DecodeLastRuneInString(s[:i])
		after, _ := utf8.DecodeRuneInString(s[end:])
		b.WriteString(s[:i])
		if i > 0 && part(before) || end < len(s) && part(after) {
			b.WriteString(secret)
		} else {
			b.WriteString(hidden)
		}
		s = s[end:]
	}
}
