package check

import (
	"slices"
	"strings"

	"todoku/codes"
	"todoku/diag"
	"todoku/diag/dmarc"
	"todoku/diag/resolve"
)

// dmarcJudge turns what was seen into findings.
type dmarcJudge struct {
	*diag.Pass
	walk *dmarc.Walk
	left int // faults beyond maxDMARCFaults of a record
}

// place judges whether there is a record where receivers look for it.
func (j *dmarcJudge) place() {
	d, w := j.Domain(), j.walk
	explained := false
	if exists, known := w.Exists(); known && !exists {
		j.Report(DMARCNoDomain, d, codes.Str("domain", d)).Saw(w.Self)
		explained = true
	}
	for i := range w.Steps {
		s := &w.Steps[i]
		if !ours(s.Domain, w) {
			break
		}
		if len(s.Texts) > 1 {
			j.Report(DMARCMultiple, s.Name, codes.Str("name", s.Name), codes.Num("count", len(s.Texts)),
				codes.List("records", s.Texts)).Saw(s.Answer).Publish(target(s), "TXT", joined(s.Texts))
			explained = true
		}
		if rec, faults := s.Almost(); rec != nil {
			j.syntax(s, rec, faults)
			explained = true
		}
	}
	own := w.Own()
	if own.Err == nil && own.Record == nil && j.misplaced() {
		explained = true
	}
	absent := w.Policy == nil && w.Err == nil || w.FromSuffix()
	if absent && !explained && w.SelfErr == nil {
		j.Report(DMARCNone, d, codes.Str("domain", d)).Saw(own.Answer).Publish(own.Name, "TXT", "v=DMARC1; p=none; rua="+reportsTo(d))
	}
}

// joined is the first of several records, with the addresses for reports of all of them.
func joined(texts []string) string {
	rec, _ := dmarc.Parse(texts[0])
	for _, text := range texts[1:] {
		other, _ := dmarc.Parse(text)
		rec.RUA, rec.RUF = withAll(rec.RUA, other.RUA), withAll(rec.RUF, other.RUF)
	}
	return rec.String()
}

// withAll is a list with the addresses of another that it lacks.
func withAll(list, more []dmarc.URI) []dmarc.URI {
	for _, u := range more {
		if !slices.ContainsFunc(list, func(known dmarc.URI) bool { return known.Text == u.Text }) {
			list = append(list, u)
		}
	}
	return list
}

// ours reports whether a name of the walk belongs to the owner of the domain
// and not to the registry above.
func ours(name string, w *dmarc.Walk) bool {
	org := w.Old().Org
	return name == org || strings.HasSuffix(name, "."+org)
}

// misplaced looks for a DMARC record at the domain itself.
func (j *dmarcJudge) misplaced() bool {
	for _, r := range j.walk.Self.Records {
		if dmarc.IsDMARC(r.Text) {
			rec, _ := dmarc.Parse(r.Text)
			name := "_dmarc." + j.Domain()
			j.Report(DMARCMisplaced, j.Domain(), codes.Str("domain", j.Domain()), codes.Str("name", name),
				codes.Str("record", r.Text)).Saw(j.walk.Self).Publish(name, "TXT", rec.String())
			return true
		}
	}
	return false
}

func reportsTo(domain string) string { return "mailto:dmarc-reports@" + domain }

// target is the name that holds the record: an alias is mended where it leads.
func target(s *dmarc.Step) string {
	if n := len(s.Answer.Chain); n > 0 {
		return s.Answer.Chain[n-1]
	}
	return s.Name
}

// record judges what the record says that applies to the domain.
func (j *dmarcJudge) record() {
	s := j.walk.Policy
	if s == nil || j.walk.FromSuffix() {
		return
	}
	j.syntax(s, s.Record, s.Faults)
	j.notes(s)
	j.policy(s)
	mail := false
	for _, u := range s.Record.RUA {
		mail = mail || u.Domain != ""
	}
	if !mail && !hasFault(s.Faults, dmarc.BadURI, "rua") && !hasFault(s.Faults, dmarc.EmptyValue, "rua") {
		fixed := *s.Record
		fixed.RUA = append(fixed.RUA[:len(fixed.RUA):len(fixed.RUA)], dmarc.URI{Text: reportsTo(s.Domain)})
		j.fix(j.Report(DMARCNoRUA, s.Name, codes.Str("name", s.Name)), s, fixed)
	}
}

// fix shows the record as it is and as it should be.
func (j *dmarcJudge) fix(f *diag.Finding, s *dmarc.Step, fixed dmarc.Record) {
	f.Saw(s.Answer).Publish(target(s), "TXT", fixed.String())
}

func hasFault(faults []dmarc.Fault, k dmarc.Kind, tag string) bool {
	for _, f := range faults {
		if f.Kind == k && f.Tag == tag {
			return true
		}
	}
	return false
}

// maxDMARCFaults bounds what a hostile record can make us tell.
const maxDMARCFaults = 20

func (j *dmarcJudge) syntax(s *dmarc.Step, rec *dmarc.Record, faults []dmarc.Fault) {
	told := 0
	for _, f := range faults {
		if !f.Kind.Breaks() {
			continue
		}
		if told++; told > maxDMARCFaults {
			j.left++
		} else {
			j.fix(j.Report(DMARCSyntax, s.Name, codes.Str("name", s.Name), codes.Num("offset", f.Offset),
				codes.Str("fault", string(f.Kind)), codes.Str("tag", f.Tag), codes.Str("text", f.Text), codes.Str("expected", f.Expected)), s, *rec)
		}
	}
}

// notes judges what is no fault of syntax.
func (j *dmarcJudge) notes(s *dmarc.Step) {
	var removed, ignored, schemes []string
	fixed := *s.Record
	for _, f := range s.Faults {
		switch f.Kind {
		case dmarc.RemovedTag:
			removed = append(removed, f.Text)
			// RFC 9989 §A.6: what pct=0 was used for is t=y now.
			fixed.Testing = fixed.Testing || f.Text == "pct=0"
		case dmarc.UnknownTag, dmarc.SizeSuffix:
			ignored = append(ignored, f.Text)
		case dmarc.FOWithoutRUF:
			ignored = append(ignored, "fo="+s.Record.FO)
		case dmarc.OtherScheme:
			schemes = append(schemes, f.Text)
		case dmarc.MissingP:
			j.fix(j.Report(DMARCPolicyMissing, s.Name, codes.Str("name", s.Name)), s, *s.Record)
		case dmarc.LateP:
			j.fix(j.Report(DMARCPolicyOrder, s.Name, codes.Str("name", s.Name)), s, *s.Record)
		}
	}
	if removed != nil {
		j.fix(j.Report(DMARCRemovedTag, s.Name, codes.Str("name", s.Name), codes.List("tags", removed)), s, fixed)
	}
	if ignored != nil {
		j.fix(j.Report(DMARCIgnoredTag, s.Name, codes.Str("name", s.Name), codes.List("tags", ignored)), s, *s.Record)
	}
	if schemes != nil {
		j.Report(DMARCURIScheme, s.Name, codes.Str("name", s.Name), codes.List("uris", schemes)).Saw(s.Answer)
	}
}

// policy judges what the record asks receivers to do.
func (j *dmarcJudge) policy(s *dmarc.Step) {
	rec := s.Record
	p, sp, np := rec.Policies()
	published, known := j.walk.Published()
	if known && published == dmarc.None && !rec.BadPolicy {
		fixed := *rec
		if fixed.P.Strength() < dmarc.Quarantine.Strength() {
			fixed.P = dmarc.Quarantine
		}
		for _, weaker := range []*dmarc.Policy{&fixed.SP, &fixed.NP} {
			if weaker.Strength() < fixed.P.Strength() {
				*weaker = ""
			}
		}
		j.fix(j.Report(DMARCPolicyNone, j.Domain(), codes.Str("domain", j.Domain()), codes.Str("name", s.Name)), s, fixed)
	}
	lowered := published
	for _, other := range [...]dmarc.Policy{p, sp, np} {
		if lowered.Strength() <= dmarc.None.Strength() {
			lowered = other
		}
	}
	if rec.Testing && lowered.Strength() > dmarc.None.Strength() { // t does nothing to none
		fixed := *rec
		fixed.Testing = false
		j.fix(j.Report(DMARCTesting, s.Name, codes.Str("name", s.Name), codes.Str("policy", string(lowered)),
			codes.Str("applied", string(rec.Applied(lowered)))), s, fixed)
	}
	// sp and np have a meaning only at the organisational domain (RFC 9989 §4.7).
	weak, tag := sp, "sp"
	if np.Strength() < sp.Strength() {
		weak, tag = np, "np"
	}
	if weak.Strength() < p.Strength() && s.Domain == j.walk.Org {
		fixed := *rec
		fixed.SP, fixed.NP = "", ""
		j.fix(j.Report(DMARCSubdomainWeaker, s.Name, codes.Str("name", s.Name), codes.Str("policy", string(p)),
			codes.Str("tag", tag), codes.Str("weaker", string(weak))), s, fixed)
	}
}

// report judges one destination of reports.
func (j *dmarcJudge) report(d dmarc.Destination) {
	s := j.walk.Policy
	if d.External && d.Authorised == codes.No {
		j.Report(DMARCRUAUnauthorised, d.URI.Domain, codes.Str("tag", d.Tag), codes.Str("uri", d.URI.Text),
			codes.Str("destination", d.URI.Domain), codes.Str("name", d.Name)).
			Saw(d.Agreement).Publish(d.Name, "TXT", "v=DMARC1")
	}
	if d.Receives == codes.No {
		f := j.Report(DMARCRUANoMX, d.URI.Domain, codes.Str("tag", d.Tag), codes.Str("uri", d.URI.Text),
			codes.Str("destination", d.URI.Domain)).Saw(d.MX)
		if d.MX.Status == resolve.NoData {
			f.Saw(d.Host.V4).Saw(d.Host.V6)
		}
		if !d.External {
			f.Publish(d.URI.Domain, "MX", "10 mail."+fqdn(d.URI.Domain))
			return
		}
		fixed := *s.Record
		fixed.RUA, fixed.RUF = instead(fixed.RUA, d.URI, s.Domain), instead(fixed.RUF, d.URI, s.Domain)
		f.Publish(target(s), "TXT", fixed.String())
	}
}

// instead lists the addresses with an own one in place of one of them.
func instead(list []dmarc.URI, bad dmarc.URI, domain string) []dmarc.URI {
	out := append([]dmarc.URI{}, list...)
	for i, u := range out {
		if u.Text == bad.Text {
			out[i] = dmarc.URI{Text: reportsTo(domain)}
		}
	}
	return out
}

// readers judges whether older receivers see something else.
func (j *dmarcJudge) readers() {
	w := j.walk
	if w.FromSuffix() || len(w.Own().Texts) > 1 || !w.Differs() {
		return
	}
	old := w.Old()
	now, before := "", old.Domain
	record := "v=DMARC1; p=none; rua=" + reportsTo(old.Org)
	f := j.Report(DMARCPSLDiffers, j.Domain())
	if w.Policy != nil {
		now = w.Policy.Domain
		record = w.Policy.Record.String()
		f.Saw(w.Policy.Answer)
	}
	published, _ := w.Published()
	f.Data = codes.Data{codes.Str("domain", j.Domain()), codes.Str("record", orNone(now)), codes.Str("org", w.Org),
		codes.Str("policy", orNone(string(published))),
		codes.Str("psl_record", orNone(before)), codes.Str("psl_org", old.Org), codes.Str("psl_policy", orNone(string(old.Policy)))}
	// With a record at the registered domain both kinds of readers end there.
	f.Publish("_dmarc."+old.Org, "TXT", record)
}

func orNone(s string) string {
	if s == "" {
		return "none"
	}
	return s
}

// verdict judges the evaluation of a mail.
func (j *dmarcJudge) verdict(e dmarc.Evaluation, from string) {
	if e.FromErr != nil {
		j.Report(DMARCFromInvalid, from, codes.Str("from", from), codes.Str("problem", e.FromErr.Error()))
		return
	}
	if len(e.Domains) > 1 {
		j.Report(DMARCFromSeveral, from, codes.Str("from", from), codes.List("domains", e.Domains))
	}
	if e.Result != "fail" {
		return
	}
	org := e.Walk.Org
	if org == "" { // unknown, and it did not matter
		org = e.Domain
	}
	j.Report(DMARCFail, e.Domain, codes.Str("from", e.Domain), codes.Str("org", org),
		codes.Str("spf", identifiersShown(e.SPF, e.Domain, org, "aspf=s")),
		codes.Str("dkim", identifiersShown(e.DKIM, e.Domain, org, "adkim=s")),
		codes.Str("policy", orNone(string(e.Applied)))).Saw(e.Walk.Policy.Answer)
}

// identifiersShown tells in the words of the field what SPF or DKIM said and why it does not count:
// "pass esp.test ≠ kaisha.test".
func identifiersShown(list []dmarc.Identifier, domain, org, strict string) string {
	var out []string
	for _, id := range list {
		s := strings.TrimSpace(id.Result + " " + id.Domain)
		switch {
		case id.Result != "pass" || id.Aligned:
		case id.Strict:
			s += " ≠ " + domain + " (" + strict + ")"
		default:
			s += " ≠ " + org
		}
		out = append(out, s)
	}
	return orNone(strings.Join(out, ", "))
}
