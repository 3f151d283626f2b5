package check

import (
	"context"
	"errors"
	"net/netip"
	"slices"
	"strings"
	"sync"

	"todoku/codes"
	"todoku/diag"
	"todoku/diag/dnsbl"
	"todoku/diag/resolve"
)

// DNSBLOptions is what the check of lists may be told.
type DNSBLOptions struct {
	IPs      []netip.Addr   // addresses that send
	Prefixes []netip.Prefix // networks that send, such as those of a sending service
	Domains  []string       // beside that of the target
	Lists    []string       // zones of lists to ask, in the form that DNS knows
	Public   bool           // ask the lists that answer everybody, too
	Mail     *Mail          // a mail whose sending address, senders and links are looked up
}

// Wanted reports whether there is a list to ask.
func (o DNSBLOptions) Wanted() bool { return o.Public || len(o.Lists) > 0 }

// DNSBL asks lists in DNS (RFC 5782) about the addresses that send and the domains that stand in the mail.
func DNSBL(o DNSBLOptions) *diag.Check {
	return &diag.Check{
		Name:  "dnsbl",
		Title: codes.Text{EN: "DNSBL", JA: "DNSBL"},
		Rules: []*diag.Rule{DNSBLListed, DNSBLDomainListed, DNSBLPolicyListed, DNSBLMinorListed, DNSBLRefused, DNSBLNotHeld,
			DNSBLListClosed},
		Run: func(ctx context.Context, p *diag.Pass) error { return runDNSBL(ctx, p, o) },
	}
}

// KindListRefused is the kind of an error where none of the lists answers us.
const KindListRefused resolve.Kind = "list_refused"

// dnsblRun is one run of the check.
type dnsblRun struct {
	*diag.Pass
	facts *DNSBLFacts
}

// askedList is a list with what it says about each subject that it was asked about.
type askedList struct {
	dnsbl.Source
	named    bool // by the user
	listings []dnsbl.Listing
}

func runDNSBL(ctx context.Context, p *diag.Pass, o DNSBLOptions) error {
	subjects, bounds := o.subjects(p.Domain())
	facts := &DNSBLFacts{Subjects: subjects.shown(), Lists: []DNSBLList{}, Listings: []DNSBLListing{},
		answered: map[string]bool{}, local: subjects.local}
	p.Facts(facts)
	c := &dnsblRun{Pass: p, facts: facts}
	lists := o.sources(p.Env)
	var wg sync.WaitGroup
	for i := range lists {
		wg.Go(func() { lists[i].ask(ctx, p.DNS, subjects) })
	}
	wg.Wait()
	errs := []error{bounds}
	for i := range lists {
		errs = append(errs, c.judge(&lists[i]))
	}
	c.judgeLeftOut()
	return errors.Join(append(errs, c.nobodyAnswers())...)
}

// judgeLeftOut tells of the addresses that no list holds, where others were looked up: without that they would seem to be clean.
func (c *dnsblRun) judgeLeftOut() {
	left := c.facts.leftOut()
	if len(left) == 0 || len(c.facts.answered) == 0 {
		return
	}
	var names []string
	for _, l := range c.facts.Lists {
		if l.OneFamily {
			names = append(names, l.Name)
		}
	}
	c.Report(DNSBLNotHeld, left[0], codes.List("addresses", left[:min(len(left), maxListings)]), codes.Num("count", len(left)),
		codes.List("lists", names))
}

// sources are the lists to ask, each once: those that were named, then the public ones.
func (o DNSBLOptions) sources(env diag.Env) []askedList {
	zones := o.Lists
	if o.Public {
		public := env.Lists
		if public == nil {
			public = dnsbl.Public()
		}
		zones = slices.Concat(zones, public)
	}
	var out []askedList
	for i, z := range zones {
		if !slices.Contains(zones[:i], z) {
			out = append(out, askedList{Source: dnsbl.Find(z), named: i < len(o.Lists)})
		}
	}
	return out
}

// ask asks the list about everything that it is for. A list of domains is never asked about an address, nor one of addresses
// about a domain.
func (l *askedList) ask(ctx context.Context, r resolve.Resolver, s dnsblSubjects) {
	var questions []func() dnsbl.Listing
	kinds := l.Kinds(ctx, r)
	if !l.Closed.IsZero() || len(kinds) == 0 { // a closed list, and one of something else, tell so without a question
		kinds = nil
		questions = append(questions, func() dnsbl.Listing { return l.Domain(ctx, r, "") })
	}
	if slices.Contains(kinds, dnsbl.Addresses) {
		for _, ip := range s.ips {
			questions = append(questions, func() dnsbl.Listing { return l.Address(ctx, r, ip) })
		}
	}
	if slices.Contains(kinds, dnsbl.Domains) {
		for _, d := range s.domains {
			questions = append(questions, func() dnsbl.Listing { return l.Domain(ctx, r, d) })
		}
	}
	l.listings = make([]dnsbl.Listing, len(questions))
	var wg sync.WaitGroup
	for i, ask := range questions {
		wg.Go(func() { l.listings[i] = ask().Strict() })
	}
	wg.Wait()
}

// judge takes over what one list says. The error is the first of the questions that it left open.
func (c *dnsblRun) judge(l *askedList) (err error) {
	f := DNSBLList{ID: l.ID, Name: l.Name, Zone: l.Shown, Kind: l.Kind}
	var refusal *dnsbl.Refusal
	var dead *dnsbl.Dead
	proven := false
	var answered []string
	for i := range l.listings {
		listing := &l.listings[i]
		var broken *dnsbl.Dead
		var refused *dnsbl.Refusal
		switch {
		case listing.Err == nil:
			f.Answered = true
			f.Asked++
			answered = append(answered, listing.Subject)
			proven = proven || !listing.Untested || len(listing.Entries) > 0
			c.judgeListing(listing)
		case errors.As(listing.Err, &refused):
			f.Asked++
			refusal = refused
		case errors.As(listing.Err, &broken) && broken.End == dnsbl.NoFamily:
			f.OneFamily = true
			c.facts.passed = append(c.facts.passed, listing.Subject)
		case errors.As(listing.Err, &broken):
			dead = broken
		default:
			f.Asked++
			if err == nil {
				err = listing.Err
			}
		}
	}
	if f.Answered && !proven {
		dead, f.Answered = &dnsbl.Dead{Zone: l.Shown, End: dnsbl.Empty}, false
	}
	if f.Answered {
		c.facts.count(answered)
	}
	data := []codes.Datum{codes.Str("list", l.Name), codes.Str("zone", l.Shown)}
	if refusal != nil {
		f.Refused = refusal.Why
		c.Report(DNSBLRefused, l.Shown, append(data, codes.Words("problem", refusal.Says()), codes.Str("kind", string(refusal.Why)))...)
	}
	if dead != nil {
		f.Closed = dead.End
	}
	if dead != nil && (l.named || dead.End != dnsbl.Empty) { // of those that nobody named a line is enough: there may be no such list here
		c.Report(DNSBLListClosed, l.Shown, append(data, codes.Words("problem", dead.Says()), codes.Str("kind", string(dead.End)))...)
	}
	c.facts.Asked += f.Asked
	c.facts.Lists = append(c.facts.Lists, f)
	return err
}

// nobodyAnswers is the error where no list answers, and one of them does not serve us, or what came is no answer of a list:
// nothing is known then. A resolver that answers for names that do not exist looks like that.
func (c *dnsblRun) nobodyAnswers() error {
	refused, foreign := "", ""
	for _, l := range c.facts.Lists {
		switch {
		case l.Answered:
			return nil
		case l.Refused != "" && refused == "":
			refused = l.Zone
		case l.Closed == dnsbl.NotAList && foreign == "":
			foreign = l.Zone
		}
	}
	switch {
	case refused != "":
		return &resolve.Error{Kind: KindListRefused, Name: refused, Type: "A", Says: codes.Text{
			EN: "the list does not answer us, and no other list does", JA: "このリストから回答を得られず、ほかに回答したリストもありません"}}
	case foreign != "":
		return &resolve.Error{Kind: KindListRefused, Name: foreign, Type: "A", Says: codes.Text{
			EN: "what came is no answer of a list, and no other list answers", JA: "リストの回答ではない応答が返され、ほかに回答したリストもありません"}}
	}
	return nil
}

// judgeListing takes over what a list says about one subject.
func (c *dnsblRun) judgeListing(l *dnsbl.Listing) {
	for _, e := range l.Entries {
		c.facts.Listings = append(c.facts.Listings, DNSBLListing{Subject: l.Subject, List: l.List.ID, Zone: l.Zone, Code: e.Code.String(),
			Entry: e.Word, Meaning: e.Says.EN, Sense: e.Sense, Says: l.Reason, Page: l.List.RemovalPage(), Receivers: receiversOf(l.List),
			name: l.List.Name, words: e.Says})
	}
	_, err := netip.ParseAddr(l.Subject)
	domain := err != nil
	for _, s := range [...]struct {
		sense           dnsbl.Sense
		address, domain *diag.Rule
	}{{dnsbl.Bad, DNSBLListed, DNSBLDomainListed}, {dnsbl.Policy, DNSBLPolicyListed, DNSBLDomainListed},
		{dnsbl.Minor, DNSBLMinorListed, DNSBLMinorListed}} {
		if !l.Has(s.sense) {
			continue
		}
		rule := s.address
		if domain {
			rule = s.domain
		}
		f := c.Report(rule, l.Subject, c.data(l, s.sense)...).Saw(l.Answer)
		if l.Reason != "" {
			f.Evidence = append(f.Evidence, diag.Evidence{Kind: "dns", Name: l.Answer.Name, Type: "TXT", Value: l.Reason})
		}
	}
}

// data is what a finding about an entry holds.
func (c *dnsblRun) data(l *dnsbl.Listing, s dnsbl.Sense) codes.Data {
	var found, words []string
	for _, e := range l.Entries {
		if e.Sense != s {
			continue
		}
		if code := e.Code.String(); !slices.Contains(found, code) {
			found = append(found, code)
		}
		if e.Word != "" {
			words = append(words, e.Word)
		}
	}
	ids := receiversOf(l.List)
	return codes.Data{codes.Str("address", l.Subject), codes.Str("list", l.List.Name), codes.Str("zone", l.Zone), codes.List("code", found),
		codes.List("entry", words), codes.Words("meaning", l.Meaning(s)), codes.Str("says", l.Reason), c.page(l.List),
		codes.List("receivers", ids), codes.Words("used", c.used(ids)), codes.Words("note", note(l.List))}
}

// page is where the removal is asked for.
func (c *dnsblRun) page(l *dnsbl.List) codes.Datum {
	if page := l.RemovalPage(); page != "" {
		return codes.Str("page", page)
	}
	return codes.Words("page", codes.Text{EN: "the operator of the list", JA: "リストの運営者"})
}

// note is how an entry ends, in brackets; empty where nothing is known.
func note(l *dnsbl.List) codes.Text {
	if l.Note.IsZero() {
		return codes.Text{}
	}
	return codes.Text{EN: " (" + l.Note.EN + ")", JA: "(" + l.Note.JA + ")"}
}

// used says which large receivers refuse by a list.
func (c *dnsblRun) used(ids []string) codes.Text {
	if len(ids) == 0 {
		return codes.Text{EN: "which large receivers use it is not known", JA: "このリストを使う大手の受信側は確認できていません"}
	}
	var en, ja []string
	for _, id := range ids {
		name := codes.Same(id)
		if p, ok := c.Providers.ByID(id); ok {
			name = p.Name
		}
		en, ja = append(en, name.EN), append(ja, name.JA)
	}
	return codes.Text{EN: "known to use it: " + strings.Join(en, ", "), JA: "このリストを使うことが知られている受信側: " + strings.Join(ja, "、")}
}

// receiversOf are the ids of the providers that refuse by a list.
func receiversOf(l *dnsbl.List) []string {
	out := make([]string, len(l.Users))
	for i, u := range l.Users {
		out[i] = u.Provider
	}
	return out
}
