package check

import (
	"slices"

	"todoku/codes"
	"todoku/diag"
	"todoku/diag/dmarc"
)

// record judges what the record says that applies to the domain. Nobody can change a record above what is their own.
func (j *dmarcJudge) record() {
	s := j.walk.Policy
	if s == nil || j.walk.FromSuffix() || !j.walk.Ours(s.Domain) {
		return
	}
	r := j.read(s)
	r.syntax()
	r.notes()
	r.policy()
	if r.silent() {
		r.repair(j.Report(DMARCNoRUA, s.Name, codes.Str("name", s.Name)))
	}
	r.publish()
}

// dmarcRecord is a record that applies, with what is told of it. All findings about it offer one and the same record.
type dmarcRecord struct {
	*dmarcJudge
	step    *dmarc.Step
	strays  []string     // texts beside it that are meant as DMARC records
	mended  dmarc.Record // what it means
	ok      bool         // whether that can be read
	raised  *dmarc.Record
	repairs []int // findings that the mended record answers
	raises  []int // findings that a stricter policy answers
	notices []int // findings of no consequence
	torn    bool  // something is wrong: that is mended first, and a stricter policy is for later
}

func (j *dmarcJudge) read(s *dmarc.Step) *dmarcRecord {
	r := &dmarcRecord{dmarcJudge: j, step: s, strays: s.Almost()}
	r.mended, r.ok = dmarc.Mend(append([]string{s.Record.Text}, r.strays...)...)
	return r
}

// repair notes a finding that the mended record answers.
func (r *dmarcRecord) repair(f *diag.Finding) {
	f.Saw(r.step.Answer)
	r.repairs, r.torn = append(r.repairs, r.Reported()-1), true
}

// notice notes a finding that the mended record answers, but that can wait.
func (r *dmarcRecord) notice(f *diag.Finding) {
	f.Saw(r.step.Answer)
	r.notices = append(r.notices, r.Reported()-1)
}

// raise notes a finding that a stricter record answers.
func (r *dmarcRecord) raise(f *diag.Finding, change func(*dmarc.Record)) {
	f.Saw(r.step.Answer)
	r.raises = append(r.raises, r.Reported()-1)
	if r.raised == nil {
		stricter := r.mended
		r.raised = &stricter
	}
	change(r.raised)
}

// publish hangs the one record on the findings that it answers. A stricter policy is offered only for a record in which
// nothing else is wrong, and which brings reports.
func (r *dmarcRecord) publish() {
	rec, findings := r.mended, slices.Concat(r.repairs, r.notices)
	if !r.torn && r.raised != nil {
		rec, findings = *r.raised, r.raises
	}
	if len(rec.RUA) == 0 {
		rec.RUA = []dmarc.URI{{Text: reportsTo(r.step.Domain)}}
	}
	text := rec.String()
	if !r.ok || text == r.step.Record.Text {
		return
	}
	for _, i := range findings {
		r.Finding(i).Publish(target(r.step), "TXT", text)
	}
}

// silent reports whether nobody gets the reports, and no fault says why.
func (r *dmarcRecord) silent() bool {
	brings := func(u dmarc.URI) bool { return u.Domain != "" }
	meant := len(r.strays) == 0 && slices.ContainsFunc(r.mended.RUA, brings)
	return !meant && !slices.ContainsFunc(r.step.Record.RUA, brings) &&
		!slices.ContainsFunc(r.step.Faults, func(f dmarc.Fault) bool { return f.Kind.Breaks() && f.Tag == "rua" })
}

// maxDMARCFaults bounds what a hostile record can make us tell.
const maxDMARCFaults = 20

func (r *dmarcRecord) syntax() {
	told := 0
	for _, f := range r.step.Faults {
		if !f.Kind.Breaks() {
			continue
		}
		if told++; told > maxDMARCFaults {
			r.left++
		} else {
			r.repair(r.fault(r.step, f))
		}
	}
}

// notes judges what is no fault of syntax.
func (r *dmarcRecord) notes() {
	s := r.step
	var removed, defaults, schemes []string
	var note codes.Text // why something is ignored that is written well
	ignored := slices.Clone(r.strays)
	for _, f := range s.Faults {
		switch f.Kind {
		case dmarc.RemovedTag:
			removed = append(removed, f.Text)
		case dmarc.DefaultTag:
			defaults = append(defaults, f.Text)
		case dmarc.UnknownTag, dmarc.SizeSuffix, dmarc.BadFO, dmarc.DefaultWord:
			ignored = append(ignored, f.Text)
		case dmarc.FOWithoutRUF:
			if s.Record.FO != "" {
				note = codes.Text{EN: " (fo counts only beside ruf)", JA: "(fo は ruf と併せて指定した場合だけ有効です)"}
				ignored = append(ignored, "fo="+s.Record.FO)
			}
		case dmarc.OtherScheme:
			schemes = append(schemes, f.Text)
		case dmarc.MissingP:
			if !r.torn || !r.ok || r.mended.P == dmarc.None {
				r.repair(r.Report(DMARCPolicyMissing, s.Name, codes.Str("name", s.Name)))
			}
		case dmarc.LateP:
			r.repair(r.Report(DMARCPolicyOrder, s.Name, codes.Str("name", s.Name)))
		}
	}
	ignored = append(ignored, r.above()...)
	list := func(rule *diag.Rule, key string, words []string) *diag.Finding {
		return r.Report(rule, s.Name, codes.Str("name", s.Name), codes.List(key, words))
	}
	if removed != nil {
		r.repair(list(DMARCRemovedTag, "tags", removed))
	}
	if defaults != nil {
		r.notice(list(DMARCDefaultTag, "tags", defaults))
	}
	if len(ignored) > 0 {
		f := list(DMARCIgnoredTag, "tags", ignored)
		f.Data = append(f.Data, codes.Words("note", note))
		r.notice(f)
	}
	if schemes != nil {
		f := list(DMARCURIScheme, "uris", schemes)
		if elsewhere := func(u dmarc.URI) bool { return u.Domain == "" }; !r.ok ||
			slices.ContainsFunc(r.mended.RUA, elsewhere) || slices.ContainsFunc(r.mended.RUF, elsewhere) {
			f.Saw(s.Answer)
		} else { // the address can be read: malito:x@a.test
			r.repair(f)
		}
	}
}

// above lists the tags that count only at the organisational domain, where the record stands below it (RFC 9989 §4.7).
func (r *dmarcRecord) above() (tags []string) {
	rec := r.step.Record
	if r.walk.Org == "" || r.step.Domain == r.walk.Org {
		return nil
	}
	if rec.SP != "" {
		tags = append(tags, "sp="+string(rec.SP))
	}
	if rec.NP != "" {
		tags = append(tags, "np="+string(rec.NP))
	}
	return tags
}

// policy judges what the record asks receivers to do.
func (r *dmarcRecord) policy() {
	s, rec := r.step, r.step.Record
	p, sp, np := rec.Policies()
	published, known := r.walk.Published()
	misread := rec.P == "" && r.ok && r.mended.P != dmarc.None // a fault hides the policy that is meant
	if known && published == dmarc.None && !rec.BadPolicy && !misread {
		f := r.Report(DMARCPolicyNone, r.Domain(), codes.Str("domain", r.Domain()), codes.Str("name", s.Name))
		if r.ok && r.mended.P.Strength() > p.Strength() { // a text beside the record asks for more
			r.repair(f)
		} else {
			r.raise(f, raisePolicy)
		}
	}
	lowered := published
	for _, other := range [...]dmarc.Policy{p, sp, np} {
		if lowered.Strength() <= dmarc.None.Strength() {
			lowered = other
		}
	}
	if rec.Testing && lowered.Strength() > dmarc.None.Strength() { // t does nothing to none
		r.raise(r.Report(DMARCTesting, s.Name, codes.Str("name", s.Name), codes.Str("policy", string(lowered)),
			codes.Str("applied", string(rec.Applied(lowered)))), func(fixed *dmarc.Record) { fixed.Testing = false })
	}
	// sp and np have a meaning only at the organisational domain (RFC 9989 §4.7).
	weak, tag := sp, "sp"
	if np.Strength() < sp.Strength() {
		weak, tag = np, "np"
	}
	if weak.Strength() < p.Strength() && s.Domain == r.walk.Org {
		r.raise(r.Report(DMARCSubdomainWeaker, s.Name, codes.Str("name", s.Name), codes.Str("policy", string(p)),
			codes.Str("tag", tag), codes.Str("weaker", string(weak))), func(fixed *dmarc.Record) { fixed.SP, fixed.NP = "", "" })
	}
}

// raisePolicy asks for one level more than none, for subdomains too.
func raisePolicy(fixed *dmarc.Record) {
	if fixed.P.Strength() < dmarc.Quarantine.Strength() {
		fixed.P = dmarc.Quarantine
	}
	for _, weaker := range []*dmarc.Policy{&fixed.SP, &fixed.NP} {
		if weaker.Strength() < fixed.P.Strength() {
			*weaker = ""
		}
	}
}
