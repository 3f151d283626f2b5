package check

import (
	"context"
	"slices"
	"sync"

	"todoku/diag/dmarc"
	"todoku/diag/resolve"
)

// dmarcPlace is a name at which a DMARC record stands by mistake.
type dmarcPlace struct {
	name, text string
	answer     resolve.Answer
}

// around looks, where no record is at the domain's own name, for what else is there: a record at a name that people write
// by mistake, and whether an alias that leads to none was set on purpose. A name that cannot be looked up decides nothing.
func (j *dmarcJudge) around(ctx context.Context) {
	own, w := j.walk.Own(), j.walk
	if own.Err != nil || own.Record != nil || len(own.Texts) > 0 || len(own.Almost()) > 0 {
		return
	}
	if w.SelfErr == nil {
		j.wrong = misplacedIn(w.Self)
	}
	exists, known := w.Exists()
	if w.Policy != nil && !w.FromSuffix() || j.wrong != nil {
		return
	}
	var wg sync.WaitGroup
	defer wg.Wait()
	if to := own.Dangling(); to != "" {
		wg.Go(func() {
			// A wildcard answers for a name that nobody has set just the same.
			other, err := j.DNS.Ask(ctx, "_domainkey."+j.Domain(), resolve.TypeTXT)
			j.alias, j.blind = !slices.Equal(other.Chain, own.Answer.Chain), err
		})
	}
	names := wrongNames("_dmarc", "dmarc", j.Domain(), w.Old().Org, exists || !known)
	if !own.Answer.NoSuchName() { // else nothing is below it
		names = append(names, "_dmarc."+own.Name)
	}
	for _, a := range askAll(ctx, j.DNS, names) {
		if j.wrong == nil {
			j.wrong = misplacedIn(a)
		}
	}
}

// askAll asks for the texts of some names at once. The answer of a name that cannot be looked up has no records.
func askAll(ctx context.Context, r resolve.Resolver, names []string) []resolve.Answer {
	answers := make([]resolve.Answer, len(names))
	var wg sync.WaitGroup
	for i, name := range names {
		wg.Go(func() {
			if a, err := r.Ask(ctx, name, resolve.TypeTXT); err == nil {
				answers[i] = a
			}
		})
	}
	wg.Wait()
	return answers
}

// misplacedIn finds a record for _dmarc in what another name says.
func misplacedIn(a resolve.Answer) *dmarcPlace {
	for _, r := range a.Records {
		if dmarc.IsDMARC(r.Text) || dmarc.Meant(r.Text) {
			return &dmarcPlace{a.Name, r.Text, a}
		}
	}
	return nil
}

// wrongNames lists names at which people put the record of a label below a domain by mistake: with the domain twice, and the
// label without its underscore.
func wrongNames(label, bare, domain, zone string, exists bool) []string {
	names := twice(label+"."+domain, domain, zone, exists)
	if exists {
		names = append(names, bare+"."+domain)
	}
	return slices.DeleteFunc(names, func(n string) bool { return len(n) > maxNameLength })
}

// twice lists the forms of a name with its domain or its zone once more behind it (a final dot forgotten, RFC 1035 §5.1).
// Nothing is below a domain that does not exist.
func twice(name, domain, zone string, exists bool) (names []string) {
	if exists {
		names = append(names, name+"."+domain)
	}
	if zone != domain && zone != "" {
		names = append(names, name+"."+zone)
	}
	return names
}

const maxNameLength = 253 // octets of a name as people write it (RFC 1035 §2.3.4)
