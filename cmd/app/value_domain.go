package app

import (
	"net/netip"
	"strings"

	"todoku/codes"
	"todoku/diag"
	"todoku/diag/dkim"
	"todoku/diag/dnsbl"
)

// ParseDomain takes a domain name, also an internationalized one, and returns its ASCII form (A-labels, RFC 5890 §2.3).
func ParseDomain(s string) (string, error) {
	t, err := DomainTarget(s)
	return t.ASCII, err
}

// DomainTarget is ParseDomain for the target of a check. For a URL, a mail address or an IP address the error says what to
// leave out.
func DomainTarget(s string) (diag.Target, error) {
	s = Narrow(s)
	says := codes.Say(codes.Text{EN: "{value} is not a domain name", JA: "{value} はドメイン名ではありません"}, codes.QuotedStart("value", s, 80))
	fix := codes.Say(codes.Text{EN: "give a name such as example.jp", JA: "example.jp のような名前を指定してください"})
	switch {
	case strings.Contains(s, "://"):
		fix = codes.Say(codes.Text{EN: "give only the name of the host, without the scheme and the path", JA: "スキームやパスを除いて、ドメイン名だけを指定してください"})
	case strings.Contains(s, "@"):
		fix = codes.Say(codes.Text{EN: "give only the part after the @", JA: "@ より後ろだけを指定してください"})
	case isAddress(s):
		fix = codes.Say(codes.Text{EN: "this is an IP address: give the domain; the address that sends its mail goes to --ip", JA: "IPアドレスです。ドメイン名を指定してください。送信元のIPアドレスは --ip で指定します"})
	case s == "" || strings.ContainsFunc(s, notInNames):
	default:
		t, err := diag.DomainTarget(s)
		if err != nil {
			return diag.Target{}, &codes.UserError{Says: says, Remedy: fix, Cause: err}
		}
		switch { // of the mapped name: IDNA maps more than letters
		case endsInNumber(t.ASCII) && !isAddress(t.ASCII):
			fix = codes.Say(codes.Text{EN: "no domain name ends in a number; an IP address goes to --ip, with all four numbers", JA: "ドメイン名の末尾が数字だけになることはありません。IPアドレスは4つの数字すべてを書いて --ip で指定してください"})
		case !strings.ContainsFunc(t.ASCII, notInNames) && !isAddress(t.ASCII):
			return t, nil
		}
	}
	return diag.Target{}, codes.Wrong(says, fix)
}

// ParseBlocklist is ParseDomain for the zone of a list. What stands before a zone that takes subscribers only is a secret: an
// error shows the zone alone.
func ParseBlocklist(s string) (string, error) {
	zone, err := ParseDomain(s)
	if err == nil {
		return zone, nil
	}
	if source := dnsbl.Find(strings.ToLower(Narrow(s))); source.HasKey() {
		return "", codes.Wrong(codes.Say(codes.Text{EN: "the name before {zone} cannot be a part of a domain name",
			JA: "{zone} の前の部分は、ドメイン名として正しくありません"}, codes.Quoted("zone", source.Shown)),
			codes.Say(codes.Text{EN: "give the key as the operator of the list shows it", JA: "リストの運営者が示すとおりにキーを指定してください"}))
	}
	return "", err
}

// isAddress reports whether s is an IP address, also in brackets or with a final dot.
func isAddress(s string) bool {
	_, err := netip.ParseAddr(strings.Trim(strings.TrimSuffix(s, "."), "[]"))
	return err == nil
}

// endsInNumber reports whether the last label is all digits, as in 127.1 and 256.1.1.1: no top-level domain is
// (RFC 3696 §2).
func endsInNumber(name string) bool {
	name = strings.TrimSuffix(name, ".")
	last := name[strings.LastIndexByte(name, '.')+1:]
	return last != "" && strings.Trim(last, "0123456789") == ""
}

// notInNames reports whether a character cannot stand in a domain name (RFC 1123 §2.1; the underscore of RFC 8552 can).
// Characters beyond ASCII are left to IDNA.
func notInNames(r rune) bool {
	return r <= ' ' || r == 0x7f || strings.ContainsRune("/:;,\\\"'()<>[]{}|?=&%#!$*+^`~", r)
}

// ParseSelector takes the selector of a DKIM key, also as DNS forms and signatures show it (dkim.SplitSelector).
func ParseSelector(s string) (string, error) {
	name, _ := dkim.SplitSelector(s)
	const above = "._domainkey.selector.test" // a selector may be a number (20230601); no domain may
	selector, err := ParseDomain(strings.TrimSuffix(name, ".") + above)
	selector = strings.TrimSuffix(selector, above)
	if err != nil || selector == "_domainkey" || isAddress(name) {
		return "", codes.Wrong(codes.Say(codes.Text{EN: "{value} is no DKIM selector", JA: "{value} はDKIMセレクターではありません"}, codes.QuotedStart("value", s, 80)),
			codes.Say(codes.Text{EN: "give what stands before ._domainkey, such as s1", JA: "._domainkey の前の部分(例: s1)を指定してください"}))
	}
	return selector, nil
}
