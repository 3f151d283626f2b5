package check

import (
	"net/netip"

	"todoku/codes"
	"todoku/diag"
	"todoku/diag/check"
	"todoku/diag/dmarc"
)

// The commands to look again after a change, with what the flags say of the mail. The domain or the address is left open:
// each report puts in its own.

func domainAgain(o check.DomainOptions) codes.Command {
	c := codes.Todoku("check", "domain", "DOMAIN").And(sendingAgain(o.SPF))
	for _, selector := range o.DKIM.Selectors {
		c = c.And(codes.Todoku("--selector", "NAME").With(codes.PlaceSelector, selector))
	}
	if o.DKIM.AllSelectors {
		c = c.And(codes.Todoku("--all-selectors"))
	}
	switch {
	case o.Receiving && o.Authoritative && o.DNSBL.Public:
		return c.And(codes.Todoku("--all")).And(listsAgain(o.DNSBL)).And(heloAgain(o.SPF))
	case o.DNSBL.Public:
		c = c.And(codes.Todoku("--only", "dnsbl"))
	}
	if o.Receiving {
		c = c.And(codes.Todoku("--receiving"))
	}
	if o.Authoritative {
		c = c.And(codes.Todoku("--authoritative"))
	}
	return c.And(listsAgain(o.DNSBL)).And(heloAgain(o.SPF))
}

// heloAgain is what scope.AddHELO reads.
func heloAgain(o check.SPFOptions) (c codes.Command) {
	if codes.PlaceHost.Takes(o.HELO) {
		c = codes.Todoku("--helo", "HOST").With(codes.PlaceHost, o.HELO)
	}
	return c
}

// sendingAgain is what scope.AddSending reads.
func sendingAgain(o check.SPFOptions) (c codes.Command) {
	for _, ip := range o.IPs {
		c = c.And(codes.Todoku("--ip", "IP").With(codes.PlaceIP, ip.String()))
	}
	for _, domain := range o.RequireIncludes {
		c = c.And(codes.Todoku("--require-include", "DOMAIN").With(codes.PlaceDomain, domain))
	}
	for _, p := range o.RequireIPs {
		c = c.And(requiredAgain(p))
	}
	return c
}

func requiredAgain(p netip.Prefix) codes.Command {
	return codes.Command{Args: []codes.Arg{codes.Arg{Flag: "--require-ip", Place: codes.PlaceReply}.With(p.String())}}
}

// spfAgain asks for the same identities.
func spfAgain(o check.SPFOptions, t diag.Target) codes.Command {
	c := codes.Todoku("check", "spf", "DOMAIN").And(sendingAgain(o))
	if o.MailFrom != t.ASCII && codes.PlaceSender.Takes(o.MailFrom) {
		c = c.And(codes.Todoku("--mail-from", "SENDER").With(codes.PlaceSender, o.MailFrom))
	}
	return c.And(heloAgain(o))
}

// dmarcAgain evaluates the same mail; without one it looks at the domain.
func dmarcAgain(auth *dmarc.Input) codes.Command {
	if auth == nil || !codes.PlaceReply.Takes(auth.From) {
		return codes.Todoku("check", "dmarc", "DOMAIN")
	}
	c := codes.Todoku("check", "dmarc")
	add := func(flag string, place codes.Place, label, value string) {
		c = c.And(codes.Command{Args: []codes.Arg{codes.Arg{Flag: flag, Label: label, Place: place}.With(value)}})
	}
	add("--from", codes.PlaceReply, "", auth.From)
	for _, r := range auth.SPF {
		add("--spf", codes.PlaceDomain, r.Result+":", r.Domain)
	}
	for _, r := range auth.DKIM {
		add("--dkim", codes.PlaceDomain, r.Result+":", r.Domain)
	}
	return c
}

func recipientAgain(o check.SMTPOptions) codes.Command {
	c := codes.Todoku("check", "recipient", "ADDR")
	if o.Rcpt {
		c = c.And(codes.Todoku("--rcpt"))
	}
	return c
}
