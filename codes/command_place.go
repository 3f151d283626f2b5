package codes

import (
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Place is what a command leaves open, and of which kind the value is.
type Place string

// The places.
const (
	PlaceCode            Place = "CODE"     // a delivery code: 42553
	PlaceReply           Place = "REPLY"    // what a server said, or a log line
	PlaceSender          Place = "SENDER"   // the sender's address, or its domain
	PlaceDomain          Place = "DOMAIN"   // the sender's domain
	PlaceEnvelope        Place = "ENVELOPE" // the domain of the envelope sender
	PlaceAddr            Place = "ADDR"     // the recipient's address
	PlaceMailbox         Place = "MAILBOX"  // an address of our own, whose mail we can read
	PlaceInbox           Place = "INBOX"    // where that mail is read: imaps://HOST
	PlaceRecipientDomain Place = "THEIRS"   // the recipient's domain
	PlaceIP              Place = "IP"       // the address that sends
	PlaceHost            Place = "HOST"     // a host by name, address or URL
	PlaceHELO            Place = "HELO"     // the name that our server gives in EHLO
	PlaceFile            Place = "FILE"     // a file by its name
	PlaceID              Place = "ID"       // a sending of the history, by its id
	PlaceTime            Place = "TIME"     // RFC 3339
	PlaceResolver        Place = "RESOLVER" // a DNS server
	PlaceSelector        Place = "NAME"     // of a DKIM key
	PlaceRule            Place = "RULE"     // of a check, by its id; also a pattern of the guide
)

// known reports whether a word is a place.
func (p Place) known() bool {
	switch p {
	case PlaceCode, PlaceReply, PlaceSender, PlaceDomain, PlaceEnvelope, PlaceAddr, PlaceMailbox, PlaceInbox, PlaceRecipientDomain, PlaceIP,
		PlaceHost, PlaceHELO, PlaceFile, PlaceID, PlaceTime, PlaceResolver, PlaceSelector, PlaceRule:
		return true
	}
	return false
}

// Word is what stands in a command for a value that is not known.
func (p Place) Word() string {
	if p == PlaceEnvelope { // people know of one domain of the sender
		return string(PlaceDomain)
	}
	return string(p)
}

// maxValue bounds a reply or a file name in a command, in octets: with its quotes
// the line stays within what any shell reads (POSIX _POSIX2_LINE_MAX is 2048).
const maxValue = 1500

// Takes reports whether a value may stand in the place: it is of the kind of the place, and one line of visible text.
func (p Place) Takes(v string) bool {
	switch p {
	case PlaceCode:
		return len(v) == 5 && digits(v)
	case PlaceDomain, PlaceEnvelope, PlaceRecipientDomain, PlaceHELO:
		return isDomain(v)
	case PlaceAddr, PlaceMailbox:
		return isAddress(v)
	case PlaceSender:
		return isAddress(v) || isDomain(v)
	case PlaceIP:
		ip, err := netip.ParseAddr(v)
		return err == nil && ip.Zone() == ""
	case PlaceHost:
		return isHost(v)
	case PlaceInbox:
		return isInbox(v)
	case PlaceTime:
		_, err := time.Parse(time.RFC3339, v)
		return err == nil
	case PlaceID, PlaceRule:
		return len(v) <= 64 && isName(v)
	case PlaceSelector:
		return len(v) <= 253 && isDomain(v)
	case PlaceReply, PlaceFile, PlaceResolver:
		return isLine(v) && v != "-" && len(v) <= maxValue
	}
	return false
}

func digits(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == ""
}

// isLine reports whether a shell and a terminal take a text as it stands: it is
// UTF-8, and every character of it is seen. Controls, formats (bidi, zero
// width), blanks of other kinds, line separators and what is unassigned or
// ignored are not.
func isLine(s string) bool {
	return strings.TrimSpace(s) != "" && utf8.ValidString(s) && !strings.ContainsFunc(s, func(r rune) bool {
		return !unicode.IsGraphic(r) || r != ' ' && r != '　' && unicode.Is(unicode.Zs, r) ||
			unicode.In(r, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector)
	})
}

// isName reports whether a text is a name of our own: letters, digits, "-", "_"
// and ".".
func isName(s string) bool {
	return s != "" && s[0] != '-' && !strings.ContainsFunc(s, func(r rune) bool {
		return !('a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' || strings.ContainsRune("-_.", r))
	})
}

// isDomain reports whether a text is a domain name, in ASCII or as people read
// it. Slashes, wildcards and the like, which DNS may hold, are none here.
func isDomain(s string) bool {
	const most = 4 * 253 // a letter of another script takes up to four octets
	if len(s) > most || !isLine(s) {
		return false
	}
	if _, err := netip.ParseAddr(s); err == nil {
		return false
	}
	for label := range strings.SplitSeq(strings.TrimSuffix(s, "."), ".") {
		if label == "" || label[0] == '-' || strings.ContainsFunc(label, func(r rune) bool {
			return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r) && r != '-' && r != '_'
		}) {
			return false
		}
	}
	return true
}

// isAddress reports whether a text is a mail address. Dots may stand anywhere:
// there are such mailboxes.
func isAddress(s string) bool {
	at := strings.LastIndexByte(s, '@')
	if at < 1 || !isLine(s) {
		return false
	}
	local, host := s[:at], s[at+1:]
	const most = 256 // RFC 5321 §4.5.3.1.1 has 64, but those of bounces are longer
	if len(local) > most || !isDomain(host) && !isLiteral(host) {
		return false
	}
	if inner, ok := strings.CutPrefix(local, `"`); ok {
		inner, ok = strings.CutSuffix(inner, `"`)
		return ok && quotedText(inner)
	}
	return !strings.ContainsFunc(local, func(r rune) bool {
		return r <= ' ' || strings.ContainsRune(`()<>[]:;@\,"`, r) || r >= utf8.RuneSelf && unicode.IsSpace(r)
	})
}

// quotedText is what stands between the quotes of a local part (RFC 5321
// §4.1.2).
func quotedText(s string) bool {
	escaped := false
	for _, r := range s {
		switch {
		case escaped:
			escaped = false
		case r == '\\':
			escaped = true
		case r == '"':
			return false
		}
	}
	return !escaped && s != ""
}

// isLiteral reports whether a text is an address literal: [192.0.2.1].
func isLiteral(s string) bool {
	inner, ok := strings.CutPrefix(s, "[")
	inner, end := strings.CutSuffix(inner, "]")
	ip, err := netip.ParseAddr(strings.TrimPrefix(inner, "IPv6:"))
	return ok && end && err == nil && ip.Zone() == ""
}

// isHost reports whether a text is a host, with its port and the scheme of a
// mail server where they are given.
func isHost(s string) bool {
	if scheme, rest, ok := strings.Cut(s, "://"); ok {
		if !slices.Contains([]string{"smtp", "smtps", "submission", "submissions"}, scheme) {
			return false
		}
		s = rest
	}
	if ap, err := netip.ParseAddrPort(s); err == nil {
		return ap.Addr().Zone() == ""
	}
	if ip, err := netip.ParseAddr(s); err == nil {
		return ip.Zone() == ""
	}
	if host, port, ok := strings.Cut(s, ":"); ok {
		n, err := strconv.Atoi(port)
		return err == nil && digits(port) && n > 0 && n < 1<<16 && isDomain(host)
	}
	return isDomain(s)
}

// isInbox reports whether a value is a mailbox on a server: "imaps://mail.example.jp", "pop3s://mail.example.jp:995".
func isInbox(s string) bool {
	scheme, rest, ok := strings.Cut(s, "://")
	return ok && slices.Contains([]string{"imap", "imaps", "pop3", "pop3s"}, scheme) && !strings.Contains(rest, "://") && isHost(rest)
}
