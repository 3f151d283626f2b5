package check

import (
	"context"
	"net/mail"
	"strings"

	"todoku/codes"
	"todoku/diag"
	"todoku/diag/typo"
)

// Address looks at the recipient's address itself: its form, and slips of the
// fingers in the names of well-known providers.
func Address() *diag.Check {
	return &diag.Check{
		Name:  "address",
		Title: codes.Text{EN: "Address", JA: "宛先"},
		Rules: []*diag.Rule{AddressSyntax, AddressDots, AddressTypo},
		Run: func(_ context.Context, p *diag.Pass) error {
			local := p.Target.Local()
			facts := &AddressFacts{Address: p.Target.Name, Local: local, Domain: p.Domain()}
			p.Facts(facts)
			switch wellFormed(local, p.Domain()) {
			case malformed:
				p.Report(AddressSyntax, p.Target.Name, codes.Str("address", p.Target.Name))
			case dotted:
				p.Report(AddressDots, p.Target.Name, codes.Str("address", p.Target.Name))
			}
			if near, ok := typo.Suggest(p.Domain()); ok {
				facts.Suggestion = local + "@" + near
				p.Report(AddressTypo, p.Target.Name, codes.Str("domain", p.Target.Name[len(local)+1:]), codes.Str("near", near))
			}
			return nil
		},
	}
}

// maxLocal is the longest local part, in octets (RFC 5321 §4.5.3.1.1).
const maxLocal = 64

// form is how an address is written.
type form uint8

const (
	regular   form = iota
	dotted         // dots at the end or in a row, which mobile carriers once gave out
	malformed      // no mailbox of RFC 5321 §4.1.2
)

// OldDots reports whether an address has dots as its carrier once gave them out: no standard allows them, and mail goes
// there.
func OldDots(local, domain string) bool { return wellFormed(local, domain) == dotted }

// WellFormed reports whether an address can be that of a mailbox (RFC 5321 §4.1.2), or is an old one of a carrier.
func WellFormed(local, domain string) bool { return wellFormed(local, domain) != malformed }

// wellFormed judges the form of an address.
func wellFormed(local, domain string) form {
	switch {
	case len(local) <= maxLocal && mailbox(local):
		return regular
	case !strings.HasPrefix(local, ".") && len(local) <= maxLocal && gaveDots(domain) &&
		mailbox(strings.Join(strings.FieldsFunc(local, func(r rune) bool { return r == '.' }), ".")):
		return dotted
	}
	return malformed
}

// mailbox reports whether a local part stands for itself: net/mail also takes
// comments and names, which a server does not.
func mailbox(local string) bool {
	a, err := mail.ParseAddress(local + "@a.test")
	return err == nil && a.Name == "" && (strings.HasPrefix(local, `"`) || a.Address == local+"@a.test")
}

// gaveDots reports whether a carrier gave out addresses with dots at the end or
// in a row, many of which are in use.
func gaveDots(domain string) bool {
	return domain == "docomo.ne.jp" || domain == "ezweb.ne.jp" || domain == "au.com"
}

// The rules of the address check (RFC 5321 §4.1.2).
var (
	AddressSyntax = &diag.Rule{
		ID: "address-syntax", Severity: diag.Fail, Owner: diag.OwnerSender, Ref: "RFC 5321 §4.1.2",
		Codes: []string{"42550", "42553", "42501", "5.1.3"},
		Says: codes.Text{
			EN: "{address} is not written as an address has to be",
			JA: "{address} は、メールアドレスの書式に合っていません"},
		Why: codes.Text{
			EN: "servers refuse it before they look for the mailbox (501, 553, 5.1.3)",
			JA: "サーバーはメールボックスを探す前に拒否します(501、553、5.1.3)"},
		Fix: codes.Text{
			EN: "check it for blanks, full-width characters, dots at the ends or in a row before the @, and brackets",
			JA: "空白、全角文字、@の直前や先頭のピリオド、連続するピリオド、かっこがないか確認してください"},
	}

	AddressDots = &diag.Rule{
		ID: "address-dots", Severity: diag.Warn, Owner: diag.OwnerSender, Ref: "RFC 5321 §4.1.2",
		Codes: []string{"42550", "42553", "42501", "5.1.3"},
		Says: codes.Text{
			EN: "{address} has dots in a row or right before the @: old addresses of this carrier look like that, and no standard allows it",
			JA: "{address} は、ピリオドが連続しているか、@の直前にピリオドがあります。この携帯電話会社の古いアドレスにある形で、RFCに準拠していません(いわゆるRFC違反アドレス)"},
		Why: codes.Text{
			EN: "some relays and sending services refuse it before the carrier sees it (501, 553, 5.1.3)",
			JA: "携帯電話会社に届く前に、中継サーバーや配信サービスが拒否することがあります(501、553、5.1.3)"},
		Fix: codes.Text{
			EN: "check the dots with the customer; if the address is right, ask for another one should mail not arrive",
			JA: "ピリオドの位置をお客様に確認してください。正しい場合で届かないときは、別のアドレスを確認してください"},
	}

	AddressTypo = &diag.Rule{
		ID: "address-typo", Severity: diag.Warn, Owner: diag.OwnerSender, Ref: "RFC 5321 §4.1.2",
		Codes: []string{"41605", "42550", "42521", "5.1.2"},
		Says: codes.Text{
			EN: "{domain} looks like a typo of {near}",
			JA: "{domain} は {near} の入力誤りのように見えます"},
		Why: codes.Text{
			EN: "mail to a mistyped domain goes nowhere (41605), or to a stranger who waits for such mail",
			JA: "誤ったドメイン宛てのメールは届かない(41605)か、入力誤りを狙った第三者に届きます"},
		Fix: codes.Text{
			EN: "ask the customer for the right address, and send to {near} if that was meant",
			JA: "お客様に正しいアドレスを確認し、{near} の誤りであれば修正してください"},
	}
)
