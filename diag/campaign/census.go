package campaign

import (
	"context"
	"hash/maphash"
	"iter"
	"slices"
	"strings"
	"sync"

	"todoku/diag"
	"todoku/diag/check"
	"todoku/diag/content"
	"todoku/diag/provider"
	"todoku/diag/resolve"
	"todoku/diag/typo"
)

// Fault is what is wrong with a recipient, or suspicious.
type Fault string

// The faults. Those up to FaultUnknown keep mail from arriving; a recipient is counted under the first that it has.
const (
	FaultSyntax    Fault = "syntax"     // no mail address
	FaultDuplicate Fault = "duplicate"  // named before
	FaultInvalid   Fault = "invalid"    // the validity flag of the history is off
	FaultNoDomain  Fault = "no_domain"  // the domain does not exist
	FaultNoMX      Fault = "no_mx"      // the domain has neither MX nor address
	FaultNullMX    Fault = "null_mx"    // the domain takes no mail (RFC 7505)
	FaultUnknown   Fault = "unknown_mx" // DNS did not tell
	FaultTypo      Fault = "typo"       // the domain looks like a slip for a well-known one
	FaultRole      Fault = "role"       // info@, sales@: read by nobody in particular
)

// Faults lists them, in the order in which they are told.
func Faults() []Fault {
	return []Fault{FaultSyntax, FaultDuplicate, FaultInvalid, FaultNoDomain, FaultNoMX, FaultNullMX, FaultUnknown, FaultTypo, FaultRole}
}

// Suspect counts recipients with a fault.
type Suspect struct {
	Fault    Fault
	Count    int
	Examples []Example // the first few
}

// Example is a recipient with a fault, and where it stands.
type Example struct {
	Address string
	Line    int    // 0 where only its domain is known
	Meant   string // of a slip: the domain that was probably meant
}

// MaxExamples is how many are kept of a fault; maxKnown is how many recipients are remembered to find those that stand twice.
const (
	MaxExamples = 5
	maxKnown    = 1_000_000
)

// Census is who the recipients are.
type Census struct {
	Total    int       // entries, those with faults too
	Usable   int       // that can get mail as far as is known
	Suspects []Suspect // those that there are, in the order of Faults
	Shares   []*Share  // by provider, the most recipients first
	Cut      bool      // too many to find all duplicates
	Err      error     // what DNS did not tell, of the first domains

	domains map[string]*domainShare
	known   map[uint64]struct{}
	seed    maphash.Seed
	faults  map[Fault]*Suspect
	options CountOptions
	mu      sync.Mutex // Err and its number
	errs    int
}

// Share is the recipients that one provider has.
type Share struct {
	Provider string // id; "" for all those of whom nothing is known
	Count    int
	Domains  map[string]int // recipients by domain
}

// domainShare is one domain of the list.
type domainShare struct {
	name    string
	count   int
	first   Example
	fault   Fault // for which no mail arrives, or ""
	id      string
	unasked bool
}

// CountOptions is what counting may be told.
type CountOptions struct {
	Invalid  func(address string) bool // the history says so; nil: there is none
	Progress func(domains int)         // how many domains were asked about; nil: nobody wants to know
	Workers  int                       // domains under way at once; 0: diag.Workers
}

// Count reads the recipients and asks for the MX of each domain, once. Its memory grows with the domains, not with the
// recipients. The error is that of reading the list, or of the context.
func Count(ctx context.Context, env diag.Env, list iter.Seq2[Line, error], counts []DomainCount, o CountOptions) (*Census, error) {
	c := &Census{domains: map[string]*domainShare{}, known: map[uint64]struct{}{}, seed: maphash.MakeSeed(),
		faults: map[Fault]*Suspect{}, options: o}
	if o.Workers == 0 {
		c.options.Workers = diag.Workers
	}
	jobs := make(chan *domainShare)
	var wg sync.WaitGroup
	for range c.options.Workers {
		wg.Go(func() {
			for d := range jobs {
				c.route(ctx, env, d)
			}
		})
	}
	err := c.read(ctx, list, counts, jobs)
	close(jobs)
	wg.Wait()
	c.known = nil
	if err == nil {
		err = diag.CauseOfEnd(ctx)
	}
	c.sum()
	return c, err
}

// read takes the recipients one by one, and hands on each new domain.
func (c *Census) read(ctx context.Context, list iter.Seq2[Line, error], counts []DomainCount, jobs chan<- *domainShare) error {
	ask := func(d *domainShare) {
		if d != nil && d.unasked {
			d.unasked = false
			select {
			case jobs <- d:
			case <-ctx.Done():
			}
		}
	}
	for line, err := range list {
		if err != nil {
			return err
		}
		if ctx.Err() != nil {
			break
		}
		ask(c.take(line))
	}
	for _, n := range counts {
		if ctx.Err() != nil {
			break
		}
		ask(c.takeCount(n))
	}
	return nil
}

// take counts a recipient, and gives its domain; nil where it has none.
func (c *Census) take(l Line) *domainShare {
	c.Total++
	at := strings.LastIndexByte(l.Address, '@')
	example := Example{Address: l.Address, Line: l.Number}
	if at < 1 {
		c.fault(FaultSyntax, 1, example)
		return nil
	}
	d := c.domain(l.Address[at+1:])
	if d == nil || !check.WellFormed(l.Address[:at], d.name) {
		c.fault(FaultSyntax, 1, example)
		return nil
	}
	if c.twice(l.Address) {
		c.fault(FaultDuplicate, 1, example)
		return nil
	}
	if c.options.Invalid != nil && c.options.Invalid(l.Address) {
		c.fault(FaultInvalid, 1, example)
		return nil
	}
	if content.IsRole(l.Address[:at]) {
		c.fault(FaultRole, 1, example)
	}
	d.add(1, example)
	return d
}

func (c *Census) takeCount(n DomainCount) *domainShare {
	c.Total += n.N
	d := c.domain(n.Domain)
	if d == nil {
		c.fault(FaultSyntax, n.N, Example{Address: n.Domain, Line: n.Number})
		return nil
	}
	d.add(n.N, Example{Address: n.Domain, Line: n.Number})
	return d
}

func (d *domainShare) add(n int, e Example) {
	if d.count == 0 {
		d.first = e
	}
	d.count += n
}

// domain finds the entry of a domain, or makes it; nil for what is no domain.
func (c *Census) domain(written string) *domainShare {
	written = resolve.Lower(written)
	if d := c.domains[written]; d != nil {
		return d
	}
	ascii, err := resolve.ToASCII(written)
	if err != nil || !strings.Contains(ascii, ".") {
		return nil
	}
	d := c.domains[ascii]
	if d == nil {
		d = &domainShare{name: strings.Clone(ascii), unasked: true}
		c.domains[d.name] = d
	}
	return d
}

// twice reports whether an address stood there before. Most servers make no difference between capitals and small letters.
func (c *Census) twice(address string) bool {
	key := maphash.String(c.seed, strings.ToLower(address))
	if _, known := c.known[key]; known {
		return true
	}
	if len(c.known) == maxKnown {
		c.Cut = true
		return false
	}
	c.known[key] = struct{}{}
	return false
}

func (c *Census) fault(f Fault, n int, e Example) {
	s := c.faults[f]
	if s == nil {
		s = &Suspect{Fault: f}
		c.faults[f] = s
	}
	s.Count += n
	if len(s.Examples) < MaxExamples {
		e.Address = strings.Clone(e.Address[:min(len(e.Address), 320)])
		s.Examples = append(s.Examples, e)
	}
}

// sum makes the totals when every domain has its answer.
func (c *Census) sum() {
	shares, by := map[string]*Share{}, owners()
	names := make([]string, 0, len(c.domains))
	for name := range c.domains {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		d := c.domains[name]
		if d.count == 0 {
			continue
		}
		e := d.first
		meant, slip := typo.Suggest(name)
		e.Meant = meant
		if d.fault != "" {
			c.fault(d.fault, d.count, e)
			if d.fault != FaultUnknown {
				continue
			}
		}
		c.Usable += d.count
		if d.fault != "" && !d.owned(by) {
			continue
		}
		if d.fault == "" && slip {
			c.fault(FaultTypo, d.count, e)
		}
		s := shares[d.id]
		if s == nil {
			s = &Share{Provider: d.id, Domains: map[string]int{}}
			shares[d.id] = s
			c.Shares = append(c.Shares, s)
		}
		s.Count += d.count
		s.Domains[name] = d.count
	}
	slices.SortStableFunc(c.Shares, func(a, b *Share) int { return b.Count - a.Count })
	for _, f := range Faults() {
		if s := c.faults[f]; s != nil {
			c.Suspects = append(c.Suspects, *s)
		}
	}
	c.domains, c.faults = nil, nil
}

// owners are the providers by their own domains.
func owners() map[string]string {
	out := map[string]string{}
	for h := range provider.Headings() {
		for _, domain := range h.Domains {
			out[domain] = h.ID
		}
	}
	return out
}

// owned takes the provider whose own domain it is, where DNS did not tell who takes its mail; false where nobody is known.
func (d *domainShare) owned(by map[string]string) bool {
	for name := d.name; name != "" && d.id == ""; name = resolve.Parent(name) {
		d.id = by[name]
	}
	return d.id != ""
}

// Suspected is how many recipients have a fault.
func (c *Census) Suspected(f Fault) int {
	for _, s := range c.Suspects {
		if s.Fault == f {
			return s.Count
		}
	}
	return 0
}
