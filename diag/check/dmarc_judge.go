package check

import (
	"strings"

	"todoku/codes"
	"todoku/diag"
	"todoku/diag/dmarc"
	"todoku/diag/resolve"
)

// dmarcJudge turns what was seen into findings.
type dmarcJudge struct {
	*diag.Pass
	walk  *dmarc.Walk
	wrong *dmarcPlace // where a record stands that should stand at _dmarc; nil: nowhere
	alias bool        // the alias at _dmarc was set there, and no wildcard record
	blind error       // why that is not known
	left  int         // faults beyond maxDMARCFaults of a record
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
		if !w.Ours(s.Domain) {
			break
		}
		explained = j.step(s) || explained
	}
	own := w.Own()
	if j.wrong != nil {
		j.misplaced(own)
		explained = true
	}
	absent := w.Policy == nil && w.Err == nil || w.FromSuffix()
	switch {
	case !absent || explained || w.SelfErr != nil || j.blind != nil:
	case j.alias:
		j.dangling(own)
	default:
		j.Report(DMARCNone, d, codes.Str("domain", d)).Saw(own.Answer).Publish(own.Name, "TXT", "v=DMARC1; p=none; rua="+reportsTo(d))
	}
}

// step judges the texts of one name of the walk, and reports whether they explain that no record counts.
func (j *dmarcJudge) step(s *dmarc.Step) bool {
	almost := s.Almost()
	switch {
	case len(s.Texts) > 1:
		f := j.Report(DMARCMultiple, s.Name, codes.Str("name", s.Name), codes.Num("count", len(s.Texts)),
			codes.List("records", s.Texts)).Saw(s.Answer)
		j.offer(f, s, append(s.Texts[:len(s.Texts):len(s.Texts)], almost...)...)
		return true
	case len(s.Texts) == 1 || len(almost) == 0:
		return false
	}
	// Of a text that counts for nothing the first fault is enough.
	_, faults := dmarc.Parse(almost[0])
	for _, fault := range faults {
		if fault.Kind.Breaks() {
			j.offer(j.fault(s, fault).Saw(s.Answer), s, almost...)
			return true
		}
	}
	return false
}

// offer publishes the one record that some texts mean, where it can be read.
func (j *dmarcJudge) offer(f *diag.Finding, s *dmarc.Step, texts ...string) {
	if rec, ok := dmarc.Mend(texts...); ok {
		f.Publish(target(s), "TXT", rec.String())
	}
}

// misplaced tells of a record that stands at another name.
func (j *dmarcJudge) misplaced(own *dmarc.Step) {
	f := j.Report(DMARCMisplaced, j.Domain(), codes.Str("domain", j.Domain()), codes.Str("place", j.wrong.name), codes.Str("name", own.Name),
		codes.Str("record", j.wrong.text)).Saw(j.wrong.answer)
	j.offer(f, &dmarc.Step{Name: own.Name}, j.wrong.text)
}

// dangling tells of an alias that leads to no record. A record cannot stand beside it (RFC 1034 §3.6.2): it is offered where
// the alias leads, if that is the domain's own.
func (j *dmarcJudge) dangling(own *dmarc.Step) {
	to := own.Dangling()
	f := sawAlias(j.Report(DMARCCNAMEBroken, own.Name, codes.Str("domain", j.Domain()), codes.Str("name", own.Name), codes.Str("alias", to)),
		own.Answer)
	if j.walk.Ours(to) {
		f.Publish(to, "TXT", "v=DMARC1; p=none; rua="+reportsTo(j.Domain()))
	}
}

func reportsTo(domain string) string { return "mailto:dmarc-reports@" + domain }

// target is the name that holds the record: an alias is mended where it leads.
func target(s *dmarc.Step) string {
	if n := len(s.Answer.Chain); n > 0 {
		return s.Answer.Chain[n-1]
	}
	return s.Name
}

// fault tells of one fault of a record.
func (j *dmarcJudge) fault(s *dmarc.Step, f dmarc.Fault) *diag.Finding {
	return j.Report(DMARCSyntax, s.Name, codes.Str("name", s.Name), codes.Num("offset", f.Offset), codes.Str("fault", string(f.Kind)),
		codes.Str("tag", f.Tag), codes.Str("text", f.Text), codes.Str("expected", f.Expected))
}

// report judges one destination of reports.
func (j *dmarcJudge) report(d dmarc.Destination) {
	if d.External && d.Authorised == codes.No {
		f := j.Report(DMARCRUAUnauthorised, d.URI.Domain, codes.Str("tag", d.Tag), codes.Str("uri", d.URI.Text),
			codes.Str("destination", d.URI.Domain), codes.Str("name", d.Name))
		status := absence(d.Agreement)
		switch {
		case d.Elsewhere: // a second record beside it would be one too many
			status = "elsewhere"
			f.Saw(d.Agreement)
		case len(d.Agreement.Chain) > 0:
			status = "alias"
			sawAlias(f, d.Agreement)
		default:
			f.Saw(d.Agreement).Publish(d.Name, "TXT", "v=DMARC1")
		}
		f.Data = append(f.Data, codes.Str("status", status))
	}
	if d.Receives == codes.No {
		f := j.Report(DMARCRUANoMX, d.URI.Domain, codes.Str("tag", d.Tag), codes.Str("uri", d.URI.Text),
			codes.Str("destination", d.URI.Domain)).Saw(d.MX)
		if d.MX.Status == resolve.NoData {
			f.Saw(d.Host.V4).Saw(d.Host.V6)
		}
	}
}

// absence says what stands where a TXT record was looked for in vain.
func absence(a resolve.Answer) string {
	switch a.Status {
	case resolve.NoName:
		return "nxdomain"
	case resolve.Found:
		return "other-txt"
	}
	return "nodata"
}

// readers judges whether older receivers see something else.
func (j *dmarcJudge) readers() {
	w := j.walk
	if w.FromSuffix() || len(w.Own().Texts) > 1 || !w.Differs() {
		return
	}
	old := w.Old()
	f := j.Report(DMARCPSLDiffers, j.Domain())
	now := ""
	if w.Policy != nil {
		now = w.Policy.Domain
		f.Saw(w.Policy.Answer)
	}
	published, _ := w.Published()
	f.Data = codes.Data{codes.Str("domain", j.Domain()), codes.Str("record", orNone(now)), codes.Str("org", w.Org),
		codes.Str("policy", orNone(string(published))),
		codes.Str("psl_record", orNone(old.Domain)), codes.Str("psl_org", old.Org), codes.Str("psl_policy", orNone(string(old.Policy)))}
	// With a record at the registered domain both kinds of readers end there. It begins with p=none: it is about all
	// mail of that domain, which nobody asked about (RFC 9989 §5.1.4).
	if name := "_dmarc." + old.Org; !w.Holds(old.Org) {
		f.Publish(name, "TXT", "v=DMARC1; p=none; rua="+reportsTo(old.Org))
	}
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
