package guide

import (
	"context"
	"slices"

	"todoku/diag"
	"todoku/diag/check"
)

// lookAtNameServers asks the name servers of the recipient's domain themselves why nothing is known of it.
func lookAtNameServers(ctx context.Context, e *evidence) nameServers {
	target, err := diag.DomainTarget(e.toDomain())
	if err != nil {
		return nameServers{}
	}
	return nameServers{diag.Run(ctx, e.env.Env, target, []*diag.Check{check.NS(check.NSOptions{ZoneOnly: true})})}
}

// nameServers is what the name servers of the recipient's domain say; nil where they were not asked.
type nameServers struct{ report *diag.Report }

// broken are findings that show that nobody can read the domain: DNSSEC does not let it pass, or none of its name
// servers has the zone. Where one of them has it, or could not be heard, they show nothing.
func (s nameServers) broken() []diag.Finding {
	if s.report == nil {
		return nil
	}
	r, facts := diag.FactsOf[*check.NSFacts](s.report)
	if bogus := r.Found(check.NSBogus); len(bogus) > 0 {
		return bogus
	}
	lame := r.Found(check.NSLame)
	has := func(s check.NSServer) bool { return s.Authoritative }
	if slices.ContainsFunc(facts.Servers, has) || len(lame) != len(facts.Servers) {
		return nil
	}
	return lame
}

// maxServerProofs is how many of these findings are told.
const maxServerProofs = 3

// proved adds what the name servers themselves show.
func (s nameServers) proved(o Outcome) Outcome {
	broken := s.broken()
	for _, f := range broken[:min(len(broken), maxServerProofs)] {
		o = o.because("dns", f.Rule.Says, f.Data...).shown(f.Evidence...)
	}
	return o
}
