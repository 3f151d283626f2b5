package check

import (
	"slices"
	"strings"

	"todoku/codes"
	"todoku/diag/bimi"
	"todoku/diag/dmarc"
)

// maxBIMIFaults bounds what a hostile record or file can make us tell.
const maxBIMIFaults = 20

// judge judges what stands at the name of the record.
func (c *bimiRun) judge() error {
	s := &c.found
	name := s.answer.Name
	if len(s.all()) > 0 {
		c.facts.Domain, c.facts.Record = c.domain, strings.Join(s.all(), "\n")
	}
	switch {
	case len(s.all()) == 0:
		return c.absent()
	case len(s.records) > 1:
		f := s.saw(c.Report(BIMIMultiple, name, codes.Str("name", name), codes.Num("count", len(s.records))))
		if text, ok := onlyBIMI(s.records); ok && sameOwner(s.place(), c.Domain()) {
			f.Publish(s.place(), "TXT", text)
		}
		return nil
	case len(s.records) == 0:
		c.syntax(s.strays[0])
		return nil
	}
	text := s.records[0]
	rec, faults := bimi.Parse(text)
	c.facts.TTL = ttlOf(s.answer, text)
	c.facts.Location, c.facts.Authority, c.facts.AVP = rec.Location, rec.Authority, string(rec.Avatar)
	if c.syntax(text) {
		return nil
	}
	c.record, c.facts.Declined = rec, rec.Declined()
	var ignored []string
	for _, f := range faults {
		if f.Kind == bimi.UnknownTag {
			ignored = append(ignored, f.Text)
		}
	}
	if ignored != nil {
		s.saw(c.Report(BIMIIgnoredTag, name, codes.Str("name", name), codes.List("tags", ignored)))
	}
	switch {
	case rec.Declined():
		s.saw(c.Report(BIMIDeclined, name, codes.Str("name", name)))
	case rec.Authority == "":
		s.saw(c.Report(BIMINoCertificate, name, codes.Str("name", name)))
	}
	return nil
}

// absent tells that there is no record, or that it stands at another name. Where that cannot be seen, neither is told.
func (c *bimiRun) absent() error {
	name := c.selector + "._bimi." + c.Domain()
	if c.walk.SelfErr != nil {
		return c.walk.SelfErr
	}
	at := statedIn(c.walk.Self, bimi.IsBIMI, bimi.Meant)
	if len(at.all()) == 0 {
		c.found.saw(c.Report(BIMINone, c.Domain(), codes.Str("domain", c.Domain()), codes.Str("name", name)))
		return nil
	}
	f := at.saw(c.Report(BIMIMisplaced, c.Domain(), codes.Str("domain", c.Domain()), codes.Str("name", name)))
	text := at.all()[0]
	if fixed, ok := bimi.Mend(text); ok {
		text = fixed
	}
	if _, faults := bimi.Parse(text); len(at.all()) == 1 && !breaksBIMI(faults) && len(c.found.answer.Chain) == 0 {
		f.Publish(name, "TXT", text)
	}
	return nil
}

// syntax tells the faults of a text, and reports whether there are any. All of them offer the one record that is meant.
func (c *bimiRun) syntax(text string) bool {
	s, told := &c.found, 0
	name := s.answer.Name
	mended, ok := bimi.Mend(text)
	_, faults := bimi.Parse(text)
	for _, x := range faults {
		if !x.Kind.Breaks() {
			continue
		}
		if told++; told > maxBIMIFaults {
			c.left++
			continue
		}
		f := s.saw(c.Report(BIMISyntax, name, codes.Str("name", name), codes.Words("fault", bimiFaultText(x)), inRecord(x.Offset)))
		if ok && len(s.all()) == 1 && sameOwner(s.place(), c.Domain()) {
			f.Publish(s.place(), "TXT", mended)
		}
	}
	return told > 0
}

func breaksBIMI(faults []bimi.Fault) bool {
	return slices.ContainsFunc(faults, func(f bimi.Fault) bool { return f.Kind.Breaks() })
}

// onlyBIMI is the one record among several that says something without a fault; ok is false where there is none or more.
func onlyBIMI(texts []string) (text string, ok bool) {
	var good []string
	for _, t := range texts {
		if _, faults := bimi.Parse(t); !breaksBIMI(faults) && !slices.Contains(good, t) {
			good = append(good, t)
		}
	}
	return strings.Join(good, ""), len(good) == 1
}

// dmarc judges whether DMARC lets receivers show a logo (section "Authentication Requirements", steps 7 to 9): the policy
// of the domain and of its organisational domain is not none, that of subdomains neither, and quarantine is for all mail.
func (c *bimiRun) dmarc() error {
	w := c.walk
	if w.Err != nil && w.Policy == nil {
		return w.Err
	}
	if w.Policy == nil {
		c.weak(w.Own(), codes.Text{EN: "there is no DMARC record", JA: "DMARCレコードがありません"})
		return nil
	}
	steps := []*dmarc.Step{w.Policy}
	for i := range w.Steps {
		if s := &w.Steps[i]; s.Domain == w.Org && s.Record != nil && s != w.Policy {
			steps = append(steps, s)
		}
	}
	for _, s := range steps {
		if says, weak := weakDMARC(s); weak {
			c.weak(s, says)
			return nil
		}
	}
	if published, known := w.Published(); known && published.Strength() <= dmarc.None.Strength() {
		c.weak(w.Policy, codes.Text{EN: "no policy applies to " + c.Domain(), JA: c.Domain() + " に適用されるポリシーがありません"})
		return nil
	}
	if w.Err != nil { // the record of the organisational domain is not known
		return w.Err
	}
	fine := true
	c.facts.DMARCOK = &fine
	return nil
}

// weakDMARC says what a record lacks for BIMI.
func weakDMARC(s *dmarc.Step) (says codes.Text, weak bool) {
	p, sp, _ := s.Record.Policies()
	quarantines := p == dmarc.Quarantine || sp == dmarc.Quarantine
	for _, f := range s.Faults {
		if quarantines && f.Kind == dmarc.RemovedTag && f.Tag == "pct" { // "pct=100" is no removed tag, but the old default
			return codes.Text{EN: f.Text + " leaves a part of the mail out", JA: f.Text + " のため、一部のメールがポリシーの対象外です"}, true
		}
	}
	switch {
	case p.Strength() <= dmarc.None.Strength():
		return codes.Text{EN: "its policy is p=none", JA: "ポリシーが p=none です"}, true
	case sp.Strength() <= dmarc.None.Strength():
		return codes.Text{EN: "its policy for subdomains is sp=none", JA: "サブドメインのポリシーが sp=none です"}, true
	case s.Record.Testing:
		return codes.Text{EN: "it is marked as a test (t=y)", JA: "テスト中の設定(t=y)です"}, true
	}
	return codes.Text{}, false
}

// weak tells what DMARC lacks. The stricter record is the DMARC check's to offer.
func (c *bimiRun) weak(s *dmarc.Step, says codes.Text) {
	no := false
	c.facts.DMARCOK = &no
	c.Report(BIMIDMARC, s.Name, codes.Str("name", s.Name), codes.Words("problem", says)).Saw(s.Answer)
}
