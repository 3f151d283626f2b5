package watch

import (
	"cmp"
	"errors"
	"net/netip"
	"slices"
	"strings"

	"golang.org/x/net/publicsuffix"

	"todoku/codes"
	"todoku/diag"
	"todoku/diag/check"
	"todoku/diag/resolve"
)

// said is what a finding says, in both languages.
func (c *comparison) said(f diag.Finding) codes.Text {
	if c.look.Says != nil {
		return c.look.Says(f)
	}
	return inBoth(codes.Say(f.Rule.Says, f.Data...))
}

// inBoth fills in a message in both languages.
func inBoth(m codes.Message) codes.Text {
	return codes.Text{EN: m.In(codes.English), JA: m.In(codes.Japanese)}
}

// culprit is what a finding of a check has in common with those of other domains: the organisation of the first name in its
// evidence that is not of the domain's own, or an address; where the domain lost most of its records, that of its name servers.
func (c *comparison) culprit(of string, f diag.Finding) string {
	if _, err := netip.ParseAddr(f.Subject); err == nil {
		if cause, follows := c.causeOf(f); follows {
			return c.culprit(of, cause)
		}
		return f.Subject
	}
	names := []string{f.Subject}
	for _, e := range f.Evidence {
		names = append(names, e.Name)
	}
	for _, name := range names {
		for _, a := range c.look.Answers {
			if len(a.Chain) > 0 && strings.EqualFold(a.Name, name) {
				names = append(names, a.Chain...)
				break
			}
		}
	}
	if of == "spf" {
		names = append(names, c.policies()...)
	}
	return c.foreign(append(names, c.look.Parked...))
}

// policies are the names of SPF records of others that are not as they were, where the domain's own is: it is by theirs that
// limits are reached.
func (c *comparison) policies() (names []string) {
	for _, p := range c.out.Past {
		if p.Type != resolve.TypeTXT.String() || !slices.ContainsFunc(p.Values, isSPF) {
			continue
		}
		if resolve.Within(p.Name, c.look.Domain) {
			return nil
		}
		names = append(names, p.Name)
	}
	return names
}

// isSPF reports whether a text is meant as an SPF record (RFC 7208 §4.5).
func isSPF(s string) bool { return strings.HasPrefix(strings.ToLower(strings.Trim(s, `"`)), "v=spf1") }

// causeOf is the finding from which another one follows: that an address gets no pass from a record in which something else is
// wrong says nothing about the address. Of several it is one that others may suffer from, too.
func (c *comparison) causeOf(f diag.Finding) (cause diag.Finding, follows bool) {
	if f.Rule.ID != check.SPFIPFail.ID {
		return diag.Finding{}, false
	}
	for _, res := range c.look.Report.Results {
		for _, other := range res.Findings {
			if res.Check.Name != "spf" || other.Rule.ID == f.Rule.ID || other.Rule.Severity != diag.Fail {
				continue
			}
			if !follows || c.culprit("spf", cause) == "" {
				cause, follows = other, true
			}
		}
	}
	return cause, follows
}

// foreign is the organisation of the first name that is not of the domain's own; "" where all are.
func (c *comparison) foreign(names []string) string {
	own := organisation(c.look.Domain)
	for _, name := range names {
		name = strings.ToLower(strings.TrimSuffix(name, "."))
		if org := organisation(name); strings.Contains(name, ".") && org != own && !strings.HasSuffix(name, ".arpa") {
			return org
		}
	}
	return ""
}

// organisation is the domain that somebody registered to have a name; the name itself where there is none.
func organisation(name string) string {
	org, err := publicsuffix.EffectiveTLDPlusOne(name)
	if err != nil {
		return name
	}
	return org
}

// silence is a check that could not look, since this look.
func (c *comparison) silence(res diag.Result) Silence {
	s := Silence{Check: res.Check.Name, Kind: "other", Since: c.look.At, Last: c.lastSeen(res.Check.Name), Message: c.look.Words(res.Err)}
	if e, ok := errors.AsType[*resolve.Error](res.Err); ok {
		s.Kind, s.Culprit = string(e.Kind), c.unheard(e)
	}
	return s
}

// unheard is what others may suffer from, too, to whom a question of DNS was not answered: the resolver where it answered no
// question at all; else the organisation of a name that is not of the domain's own; else again the resolver where it answered
// nothing about the domain; else the organisation to which an own name is known to lead (RFC 1034 §3.6.2); else the resolver
// where it is silent.
func (c *comparison) unheard(e *resolve.Error) string {
	others := c.foreign([]string{e.Name})
	switch {
	case c.look.Reach == Nothing:
		return cmp.Or(e.Server, others)
	case others != "":
		return others
	case c.look.Reach == Foreign:
		return e.Server
	}
	if others = c.foreign(c.aliases(e.Name)); others == "" && (e.Kind == resolve.KindTimeout || e.Kind == resolve.KindNetwork) {
		return e.Server
	}
	return others
}

// aliases are the names to which a name led before.
func (c *comparison) aliases(name string) (names []string) {
	for _, v := range c.old.Values {
		if v.Type == resolve.TypeCNAME.String() && strings.EqualFold(v.Name, name) {
			names = append(names, v.Values...)
		}
	}
	return names
}
