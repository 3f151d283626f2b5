package campaign

import (
	"cmp"
	"context"
	"slices"
	"time"

	"todoku/codes"
	"todoku/diag"
	"todoku/diag/content"
	"todoku/diag/provider"
	"todoku/diag/resolve"
)

// Options is what Judge may be told besides the campaign.
type Options struct {
	Mail     []byte    // the mail; nil: there is none
	Key      []byte    // the key that key: names; nil: there is none
	Profiles []string  // ids of providers in place of recipients; nil: those of the census, or all where there is none
	Bulk     bool      // what holds from a number of mails a day on holds
	Census   *Census   // nil: no recipients are told
	Now      time.Time // when the look began
}

// Assessment is a campaign held against what providers ask for.
type Assessment struct {
	Target       diag.Target
	Campaign     *Campaign
	Volume       int // mails a day, of all; 0 if it is not told
	Bulk         bool
	Census       *Census // nil: no recipients are told
	Providers    []Standing
	Requirements []*Requirement        // in the order of Providers
	Placeholders []content.Placeholder // of the mail, that nobody filled in
	Fixes        []Fix                 // the one that wins the most recipients first
	Pace         []Pace
	Started      time.Time
	Elapsed      time.Duration
	Queries      diag.Queries
}

// Standing is a provider with the recipients that it has.
type Standing struct {
	ID         string // "" for all servers of whom nothing is known
	Name       codes.Text
	Recipients int
	Failing    int // recipients for whom something that is required is missing
	Volume     int // mails a day; 0 if it is not told
	Status     diag.Status
}

// Requirement is one demand of one provider, judged.
type Requirement struct {
	Provider     string
	ProviderName codes.Text
	Fact         provider.Fact
	Source       provider.Source
	Status       Status
	Why          codes.Message
	Findings     []diag.Finding         // what is wrong, with evidence and records
	Evidence     []diag.Evidence        // what makes it pass
	Err          error                  // why it is unknown
	Breach       provider.Breach        // what becomes of the mail; of fail only
	Reply        provider.ExpectedReply // of fail only
	DeliveryCode string                 // of fail only; "40000" where the mail is taken all the same
	Recipients   int                    // for whom it holds
	Fix          codes.Message          // where no finding says what to do
}

// ID is the id of the requirement within its provider.
func (r *Requirement) ID() string { return r.Fact.Key() }

// Counts is how a requirement weighs: what is only recommended is a warning.
func (r *Requirement) Counts() diag.Status {
	switch {
	case r.Status == Fail && r.Fact.Level == provider.Recommended:
		return diag.Warn
	case r.Status == Fail:
		return diag.Fail
	case r.Status == Unknown && r.Fact.Level == provider.Recommended:
		return diag.Info
	case r.Status == Unknown:
		return diag.Unknown
	}
	return diag.OK
}

// Status is the worst of all.
func (a *Assessment) Status() diag.Status {
	worst := diag.OK
	for _, r := range a.Requirements {
		worst = max(worst, r.Counts())
	}
	if len(a.Placeholders) > 0 {
		worst = max(worst, diag.Warn)
	}
	switch {
	case a.Census == nil:
		return worst
	case a.Census.Total > 0 && a.Census.Usable == 0: // nothing can leave
		return diag.Fail
	}
	for _, s := range a.Census.Suspects {
		switch s.Fault {
		case FaultUnknown:
			worst = max(worst, diag.Unknown)
		case FaultRole:
			worst = max(worst, diag.Info)
		default:
			worst = max(worst, diag.Warn)
		}
	}
	return worst
}

// Judge asks about the sending side and decides each requirement of each provider. The error is a *codes.UserError: a key that is
// none, a sending service that nobody knows.
func Judge(ctx context.Context, env diag.Env, c *Campaign, o Options) (*Assessment, error) {
	if err := c.Check(env.Providers); err != nil {
		return nil, err
	}
	session := resolve.NewSession(env.DNS)
	env.DNS = session
	env.Eager = true
	var key *ownKey
	if o.Key != nil {
		var err error
		if key, err = readKey(o.Key); err != nil {
			return nil, &codes.UserError{Place: c.Places["key"], Says: codes.Say(codes.Text{EN: "this is no key of DKIM", JA: "DKIMの鍵として読めません"}),
				Remedy: codes.Say(codes.Text{EN: "give a private or public key in PEM, RSA or Ed25519", JA: "PEM形式の秘密鍵または公開鍵(RSAまたはEd25519)を指定してください"})}
		}
	}
	a := &Assessment{Campaign: c, Census: o.Census, Bulk: o.Bulk, Started: o.Now,
		Target: diag.Target{Kind: "domain", Name: resolve.ToUnicode(c.Domain), ASCII: c.Domain}}
	var mail *mailFacts
	if o.Mail != nil {
		mail = readMail(ctx, env, c.Domain, o.Mail)
		a.Placeholders = mail.placeholders()
	}
	s := look(ctx, env, c, mail, key)
	if err := diag.CauseOfEnd(ctx); err != nil {
		return nil, err
	}
	a.volume()
	a.table(s, o.Profiles)
	a.fixes()
	a.pace()
	a.Queries.Sent, a.Queries.Unique = session.Counts()
	a.Elapsed = env.Now().Sub(o.Now)
	return a, nil
}

// Check looks at what needs the catalogue: that the sending service is known.
func (c *Campaign) Check(known *provider.Catalogue) error {
	ids := known.Known()
	if c.ESP == "" || slices.Contains(ids, c.ESP) {
		return nil
	}
	return &codes.UserError{Place: c.Places["esp"],
		Says:   codes.Say(codes.Text{EN: "no sending service has the id {id}", JA: "{id} という配信サービスのIDはありません"}, codes.QuotedStart("id", c.ESP, 60)),
		Remedy: codes.DidYouMean(c.ESP, "", ids, codes.Say(codes.Text{EN: "give its addresses with ips instead, and its envelope domain with envelope", JA: "代わりに、送信元IPアドレスを ips で、エンベロープのドメインを envelope で指定してください"}))}
}

// volume is how many mails leave in a day: what the file says, else one for each recipient.
func (a *Assessment) volume() {
	a.Volume = a.Campaign.Volume
	if a.Volume == 0 && a.Census != nil {
		a.Volume = a.Census.Usable
	}
}

// sample is how many times more mails than recipients make the recipients a sample.
const sample = 10

// volumeOf is the part of a provider. Where the file names more mails than recipients, the parts grow with it; where the recipients
// are only a sample, nobody knows the parts, and each may be the whole.
func (a *Assessment) volumeOf(recipients int) int {
	switch {
	case a.Census == nil || a.Volume > sample*a.Census.Usable:
		return a.Volume
	case a.Volume <= a.Census.Usable:
		return recipients
	}
	return int(int64(recipients) * int64(a.Volume) / int64(a.Census.Usable))
}

// table lists the requirements of each provider that there is.
func (a *Assessment) table(s *sender, profiles []string) {
	memo := map[string]verdict{}
	for _, share := range a.shares(profiles) {
		page := provider.PageOrOthers(share.Provider)
		st := Standing{ID: share.Provider, Name: page.Name, Recipients: share.Count, Volume: a.volumeOf(share.Count)}
		for _, f := range page.Requirements() {
			n, holds := share.of(f.Domains)
			if !holds {
				continue
			}
			r := &Requirement{Provider: page.ID, ProviderName: page.Name, Fact: f, Source: sourceOf(page, f), Recipients: n}
			a.judge(s, r, memo)
			st.Status = max(st.Status, r.Counts())
			if r.Counts() == diag.Fail {
				st.Failing = max(st.Failing, n)
			}
			a.Requirements = append(a.Requirements, r)
		}
		a.Providers = append(a.Providers, st)
	}
}

// shares are the providers with their recipients: those of the census; without one those that are asked for, or all.
func (a *Assessment) shares(profiles []string) []*Share {
	if a.Census != nil {
		return merged(a.Census.Shares)
	}
	var out []*Share
	for h := range provider.Headings() {
		if profiles == nil || slices.Contains(profiles, h.ID) {
			out = append(out, &Share{Provider: h.ID})
		}
	}
	if profiles != nil {
		slices.SortStableFunc(out, func(x, y *Share) int {
			return cmp.Compare(slices.Index(profiles, x.Provider), slices.Index(profiles, y.Provider))
		})
	}
	return out
}

// merged puts together the providers of whom nothing is published: they have no page.
func merged(list []*Share) []*Share {
	var out []*Share
	rest := &Share{Domains: map[string]int{}}
	for _, s := range list {
		if _, known := provider.PageOf(s.Provider); known {
			out = append(out, s)
			continue
		}
		rest.Count += s.Count
		for d, n := range s.Domains {
			rest.Domains[d] += n
		}
	}
	if rest.Count > 0 {
		out = append(out, rest)
	}
	slices.SortStableFunc(out, func(x, y *Share) int { return y.Count - x.Count })
	return out
}

// of is how many of the recipients have addresses of some domains; with none, all. holds is false where nobody has.
func (s *Share) of(domains []string) (n int, holds bool) {
	if s.Domains == nil || len(domains) == 0 {
		return s.Count, true
	}
	for d, count := range s.Domains {
		if slices.ContainsFunc(domains, func(of string) bool { return resolve.Within(d, of) }) {
			n += count
		}
	}
	return n, n > 0
}

func sourceOf(p provider.Page, f provider.Fact) provider.Source {
	if f.Source < 0 || f.Source >= len(p.Sources) {
		return provider.Source{}
	}
	return p.Sources[f.Source]
}

// judge decides one requirement. What several providers ask for is decided once.
func (a *Assessment) judge(s *sender, r *Requirement, memo map[string]verdict) {
	f := r.Fact
	if volume := a.volumeOf(r.Recipients); f.Volume > 0 && !a.Bulk && volume < f.Volume {
		r.Status = NotApplicable
		r.Why = codes.Say(codes.Text{EN: "it holds from {limit} mails a day on, and {n} go there", JA: "1日{limit}通以上が対象です(この宛先には{n}通)"},
			codes.Num("limit", f.Volume), codes.Num("n", volume))
		if a.Census == nil && a.Volume == 0 {
			r.Why = codes.Say(codes.Text{EN: "it holds from {limit} mails a day on, and no volume is told", JA: "1日{limit}通以上が対象です(通数が指定されていません)"}, codes.Num("limit", f.Volume))
		}
		return
	}
	key := f.Needs
	if f.IPv6 || f.Max > 0 {
		key = r.Provider + " " + f.Key()
	}
	v, known := memo[key]
	if !known {
		v = s.decide(f)
		if v.status == Pass {
			v.evidence = s.evidence(f.Needs)
		}
		memo[key] = v
	}
	r.Status, r.Why, r.Findings, r.Evidence, r.Err, r.Fix = v.status, v.why, v.findings, v.evidence, v.err, v.fix
	if r.Status == Fail {
		r.Breach = cmp.Or(v.breach, f.Breach)
		if r.Breach == f.Breach {
			r.Reply = f.Expected().Filled(a.Campaign.Domain, s.envelopeDomain(), cmp.Or(v.ip, firstIP(a.Campaign)))
		}
		r.DeliveryCode = r.Reply.DeliveryCode()
		if r.Breach.Accepts() {
			r.DeliveryCode = "40000"
		}
	}
}

func firstIP(c *Campaign) string {
	if len(c.IPs) == 0 {
		return ""
	}
	return c.IPs[0].String()
}
