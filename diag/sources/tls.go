package sources

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"todoku/codes"
	"todoku/diag/resolve"
	"todoku/sender/aggregate"
)

// TLSDomain is what TLS reports say of the domain that mail went to (RFC 8460).
type TLSDomain struct {
	Name        string
	First, Last time.Time
	Reports     int64
	Successful  int64 // sessions
	Failed      int64
	Policies    []string // the kinds of policies that were met: sts, tlsa, no-policy-found
	Reporters   []TLSReporter
	Failures    []TLSFailure // the most frequent first
	More        int64        // sessions with failures beyond the bound
}

// TLSReporter is one who reports.
type TLSReporter struct {
	Org                string
	Reports            int64
	Successful, Failed int64
}

// TLSFailure is sessions that failed in one way at one host.
type TLSFailure struct {
	Type     string // a result type of RFC 8460 §4.3, or what stands in its place
	Host     string // the mail host; "" where it is not told
	Sessions int64
	Code     string // failure-reason-code of one of the reports
	Command  codes.Command
}

// The bounds of TLS reports.
const (
	maxTLSReporters = 200
	maxTLSFailures  = 200
)

// tlsTally is what is counted of a domain.
type tlsTally struct {
	TLSDomain
	reporters map[string]*TLSReporter
	failures  map[[2]string]*TLSFailure
	serial    int64 // of the report that it was in last
}

func (t *Tally) addTLS(r *aggregate.Report) {
	m := r.TLS
	if !t.anyTLS(m) {
		t.counts.Outside++
		return
	}
	c := &current{lost: r.Lost(), taken: takenTLS(m)}
	c.id, c.again = t.knownTLS(m)
	skip, cut := t.cut[c.id]
	c.skip = skip
	switch {
	case !c.again:
		t.counts.TLS++
		if c.lost {
			t.counts.Lost++
		}
	case cut:
		t.counts.Duplicates++
	default:
		t.counts.Duplicates++
		return
	}
	t.ended(c, r)
	t.serial++
	widen(&t.first, &t.last, m.Begin, m.End)
	for i := range m.Policies {
		p := &m.Policies[i]
		name := nameOf(p.Domain)
		if !t.askedTLS(m, name) {
			continue
		}
		if i >= skip {
			t.addPolicy(m, p, name)
		} else if d := t.tls[name]; d != nil { // it counted when the report was cut
			d.serial = t.serial
		}
	}
}

// anyTLS reports whether a report counts: one of its domains is asked for. One that names none counts where all are.
func (t *Tally) anyTLS(m *aggregate.TLS) bool {
	if len(m.Policies) == 0 {
		return t.askedTLS(m, "")
	}
	return slices.ContainsFunc(m.Policies, func(p aggregate.TLSPolicy) bool { return t.askedTLS(m, nameOf(p.Domain)) })
}

// askedTLS reports whether what a report says of a domain counts. Other than with DMARC, one above says nothing of it.
func (t *Tally) askedTLS(m *aggregate.TLS, name string) bool {
	o := t.options.Domain
	return t.asked(m.Begin, m.End, name) && (o == "" || resolve.Within(name, o))
}

// knownTLS reports whether a report was there before, and gives the digest of its id. RFC 8460 §4.4: the id is unique to its
// sender.
func (t *Tally) knownTLS(m *aggregate.TLS) (id uint64, there bool) {
	id = t.digest(func(h *digester) {
		h.text("tls", m.Org, m.ID)
		h.number(m.Begin.Unix(), m.End.Unix())
		if m.ID != "" {
			return
		}
		for _, p := range m.Policies {
			h.text(p.Domain, p.Type)
			h.number(p.Successful, p.Failed)
		}
	})
	return id, t.remember(id)
}

// takenTLS is how many policies of a report count: one that was cut before its sessions has nothing yet.
func takenTLS(m *aggregate.TLS) int {
	n := len(m.Policies)
	if n == 0 {
		return 0
	}
	if p := &m.Policies[n-1]; p.Successful == 0 && p.Failed == 0 && len(p.Failures) == 0 {
		n--
	}
	return n
}

func (t *Tally) addPolicy(m *aggregate.TLS, p *aggregate.TLSPolicy, name string) {
	d := t.tls[name]
	if d == nil {
		if len(t.tls) >= MaxDomains {
			t.counts.TLSBeyond = sum(t.counts.TLSBeyond, sum(p.Successful, p.Failed))
			return
		}
		name = strings.Clone(name)
		d = &tlsTally{TLSDomain: TLSDomain{Name: name}, reporters: map[string]*TLSReporter{}, failures: map[[2]string]*TLSFailure{}}
		t.tls[name] = d
	}
	first := d.serial != t.serial // a domain may have several policies in a report
	d.serial = t.serial
	if first {
		d.Reports++
	}
	widen(&d.First, &d.Last, m.Begin, m.End)
	d.Successful, d.Failed = sum(d.Successful, p.Successful), sum(d.Failed, p.Failed)
	if kind := word(p.Type); !slices.Contains(d.Policies, kind) && len(d.Policies) < 8 {
		d.Policies = append(d.Policies, kind)
	}
	r := d.reporters[m.Org]
	if r == nil && len(d.reporters) < maxTLSReporters {
		org := strings.Clone(m.Org[:min(len(m.Org), maxName)])
		r = &TLSReporter{Org: org}
		d.reporters[org] = r
	}
	if r != nil {
		if first {
			r.Reports++
		}
		r.Successful, r.Failed = sum(r.Successful, p.Successful), sum(r.Failed, p.Failed)
	}
	for i := range p.Failures {
		d.addFailure(&p.Failures[i])
	}
}

func (d *tlsTally) addFailure(f *aggregate.TLSFailure) {
	key := [2]string{word(f.ResultType), nameOf(f.ReceivingHost)}
	have := d.failures[key]
	if have == nil {
		if len(d.failures) >= maxTLSFailures {
			d.More = sum(d.More, f.Count)
			return
		}
		have = &TLSFailure{Type: key[0], Host: strings.Clone(key[1]), Code: strings.Clone(f.Code[:min(len(f.Code), 200)])}
		d.failures[have.key()] = have
	}
	have.Sessions = sum(have.Sessions, f.Count)
}

func (f *TLSFailure) key() [2]string { return [2]string{f.Type, f.Host} }

// judgeTLS gives what TLS reports say, the domain with the most failures first.
func (t *Tally) judgeTLS() []*TLSDomain {
	var out []*TLSDomain
	for _, d := range t.tls {
		r := &d.TLSDomain
		r.Reporters, r.Failures = nil, nil
		for _, x := range d.reporters {
			r.Reporters = append(r.Reporters, *x)
		}
		slices.SortFunc(r.Reporters, func(a, b TLSReporter) int {
			return cmp.Or(cmp.Compare(b.Failed, a.Failed), compare(a.Successful, b.Successful, a.Org, b.Org))
		})
		for _, x := range d.failures {
			f := *x
			f.Command = tlsCommand(f.Type, r.Name)
			r.Failures = append(r.Failures, f)
		}
		slices.SortFunc(r.Failures, func(a, b TLSFailure) int { return compare(a.Sessions, b.Sessions, a.Type+a.Host, b.Type+b.Host) })
		out = append(out, r)
	}
	slices.SortFunc(out, func(a, b *TLSDomain) int {
		return cmp.Or(cmp.Compare(b.Failed, a.Failed), compare(a.Successful, b.Successful, a.Name, b.Name))
	})
	return out
}

// tlsCommand looks at what failed.
func tlsCommand(kind, domain string) codes.Command {
	var c codes.Command
	switch kind {
	case "sts-policy-fetch-error", "sts-policy-invalid", "sts-webpki-invalid":
		c = codes.Todoku("check", "domain", "DOMAIN", "--receiving", "--only", "mtasts")
	case "tlsa-invalid", "dnssec-invalid", "dane-required":
		c = codes.Todoku("check", "domain", "DOMAIN", "--receiving", "--only", "dane,smtp")
	default:
		c = codes.Todoku("check", "domain", "DOMAIN", "--receiving", "--only", "smtp,mtasts")
	}
	return c.With(codes.PlaceDomain, domain)
}
