package dmarc

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"todoku/diag/resolve"
)

// Identifier is a domain that SPF or DKIM spoke about, beside the author's.
type Identifier struct {
	AuthResult
	Org     string // its organisational domain; "" when it was not needed or is unknown
	Strict  bool   // the author's record wants the same domain
	Aligned bool   // with the author domain, whatever the result
	Err     error  // why Org is unknown
}

// Passes reports whether the identifier makes the mail pass.
func (i Identifier) Passes() bool { return i.Aligned && i.Result == "pass" }

// Evaluation is DMARC's verdict on a mail (RFC 9989 §5.3).
type Evaluation struct {
	// Result is pass, fail, none (no record applies), temperror (something that
	// decides could not be looked up) or permerror (the From field has no
	// author domain that can be asked).
	Result      string
	Domain      string   // the author domain that decides
	Domains     []string // all author domains
	SPFAligned  bool     // SPF passed for an aligned domain
	DKIMAligned bool     // a signature passed for an aligned domain
	Applied     Policy   // that governs the mail after sp, np and t, whatever the result; "" for none
	SPF, DKIM   []Identifier
	Old         string // the result for a reader of RFC 7489, who takes the organisational domains from the public suffix list
	Walk        *Walk  // of Domain; nil for permerror
	FromErr     error  // what is wrong with the From field
	Err         error  // what could not be looked up
}

// Evaluate gives DMARC's verdict on a mail with these results of SPF and DKIM.
// Of several author domains each is evaluated; the worst result and the
// strictest policy of those that fail count (RFC 9989 §11.5).
func Evaluate(ctx context.Context, r resolve.Resolver, in Input) Evaluation {
	domains, err := FromDomains(in.From)
	if err != nil {
		return Evaluation{Result: "permerror", Old: "permerror", FromErr: err}
	}
	m := mail{authors: make([]*Walk, len(domains)), walks: map[string]*Walk{}}
	var wg sync.WaitGroup
	for i, d := range domains {
		wg.Go(func() { m.authors[i] = Discover(ctx, r, d) })
	}
	m.spf, m.dkim = identifiers(in.SPF), identifiers(in.DKIM)
	var mu sync.Mutex
	for _, name := range m.names(domains) {
		wg.Go(func() {
			w := organisational(ctx, r, name)
			mu.Lock()
			m.walks[name] = w
			mu.Unlock()
		})
	}
	wg.Wait()
	var worst Evaluation
	for i, w := range m.authors {
		e := m.judge(w)
		switch {
		case i == 0 || badness(e.Result) > badness(worst.Result):
			worst = e
		case e.Result == worst.Result && e.Applied.Strength() > worst.Applied.Strength():
			worst = e
		}
	}
	worst.Domains = domains
	return worst
}

func badness(result string) int {
	switch result {
	case "pass":
		return 0
	case "none":
		return 1
	case "temperror":
		return 2
	}
	return 3
}

// mail is a mail under evaluation.
type mail struct {
	authors   []*Walk
	spf, dkim []Identifier
	walks     map[string]*Walk // of the identifiers
}

// identifiers takes the domains as DNS knows them; "" where there is none.
func identifiers(list []AuthResult) []Identifier {
	out := make([]Identifier, len(list))
	for i, a := range list {
		domain, _ := hostName(a.Domain[strings.LastIndexByte(a.Domain, '@')+1:])
		out[i] = Identifier{AuthResult: AuthResult{Result: strings.ToLower(a.Result), Domain: domain}}
	}
	return out
}

// names lists the domains whose organisational domains can matter: those that
// passed, or might have (RFC 9989 §4.10.2).
func (m *mail) names(authors []string) []string {
	var out []string
	for _, list := range [][]Identifier{m.spf, m.dkim} {
		for _, id := range list {
			decides := id.Result == "pass" || id.Result == "temperror"
			if decides && id.Domain != "" && !slices.Contains(out, id.Domain) && (len(authors) > 1 || id.Domain != authors[0]) {
				out = append(out, id.Domain)
			}
		}
	}
	return out
}

// judge evaluates one author domain.
func (m *mail) judge(w *Walk) Evaluation {
	e := Evaluation{Domain: w.Domain, Walk: w, Old: m.old(w)}
	published, known := w.Published()
	switch {
	case w.Policy == nil && !known:
		e.Result, e.Err = "temperror", w.Err
		return e
	case w.Policy == nil || known && published == "":
		// RFC 9989 §4.10.1: no record, or a broken one that nobody wants
		// reports about: DMARC does not apply.
		e.Result = "none"
		return e
	case known:
		e.Applied = w.Policy.Record.Applied(published)
	default:
		e.Err = w.SelfErr
	}
	e.SPF = m.align(w, m.spf, w.Policy.Record.StrictSPF)
	e.DKIM = m.align(w, m.dkim, w.Policy.Record.StrictDKIM)
	e.SPFAligned, e.DKIMAligned = passes(e.SPF), passes(e.DKIM)
	if e.SPFAligned || e.DKIMAligned {
		e.Result = "pass"
		return e
	}
	e.Result = "fail"
	if err := errors.Join(undecided("SPF", e.SPF), undecided("DKIM", e.DKIM)); err != nil {
		// RFC 9989 §5.3.6: neither pass nor fail.
		e.Result, e.Err = "temperror", errors.Join(e.Err, err)
	}
	return e
}

func passes(list []Identifier) bool {
	for _, id := range list {
		if id.Passes() {
			return true
		}
	}
	return false
}

// undecided tells why one of the identifiers could have made the mail pass.
func undecided(method string, list []Identifier) error {
	for _, id := range list {
		switch {
		case id.Err != nil:
			return id.Err
		case id.Aligned && id.Result == "temperror":
			return fmt.Errorf("the result of %s for %s is temperror", method, id.Domain)
		}
	}
	return nil
}

// align compares identifiers with the author domain (RFC 9989 §4.4).
func (m *mail) align(w *Walk, list []Identifier, strict bool) []Identifier {
	out := make([]Identifier, len(list))
	for i, id := range list {
		id.Strict = strict
		other := m.walks[id.Domain]
		if other != nil {
			id.Org = other.Org
		}
		switch {
		case id.Domain == w.Domain:
			id.Aligned, id.Org = true, w.Org
		case strict || other == nil:
		case other.Err != nil:
			id.Err = other.Err
		case w.Err != nil:
			id.Err = w.Err
		default:
			id.Aligned = w.Org == other.Org
		}
		out[i] = id
	}
	return out
}
