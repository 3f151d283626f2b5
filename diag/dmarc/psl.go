package dmarc

// Old is what a reader of RFC 7489 finds, who asks the public suffix list
// instead of walking.
type Old struct {
	Org    string // the organisational domain
	Domain string // where the record stands, "" when there is none
	Record *Record
	Policy Policy // after sp, "" when there is none
	Known  bool   // false when a question failed
}

// Old gives the result of RFC 7489 §6.6.3.
func (w *Walk) Old() Old {
	o := Old{Org: w.pslOrg, Known: true}
	for _, d := range [...]string{w.Domain, w.pslOrg} {
		s := w.step(d)
		switch {
		case s == nil:
			continue
		case s.Err != nil:
			o.Known = false
			return o
		case len(s.Texts) > 1: // RFC 7489 §6.6.3 step 5: the search ends here
			return o
		case s.Record == nil:
			continue
		}
		o.Domain, o.Record = d, s.Record
		o.Policy = old(s.Record, d != w.Domain)
		return o
	}
	return o
}

// old is the result of RFC 7489 §6.6.2 for an author domain.
func (m *mail) old(w *Walk) string {
	o := w.Old()
	switch {
	case !o.Known:
		return "temperror"
	case o.Record == nil || o.Policy == "":
		return "none"
	}
	result := "fail"
	for _, ids := range [...]struct {
		list   []Identifier
		strict bool
	}{{m.spf, o.Record.StrictSPF}, {m.dkim, o.Record.StrictDKIM}} {
		for _, id := range ids.list {
			aligned := id.Domain == w.Domain || !ids.strict && Registered(id.Domain) == o.Org
			switch {
			case aligned && id.Result == "pass":
				return "pass"
			case aligned && id.Result == "temperror":
				result = "temperror"
			}
		}
	}
	return result
}

func (w *Walk) step(domain string) *Step {
	for i := range w.asked {
		if w.asked[i].Domain == domain {
			return &w.asked[i]
		}
	}
	return nil
}

// old is the policy as RFC 7489 reads it: p is required, np and t are unknown.
func old(r *Record, sub bool) Policy {
	if r.P == "" || r.BadPolicy {
		if len(r.RUA) > 0 {
			return None // RFC 7489 §6.6.3 step 6
		}
		return ""
	}
	if sub && r.SP != "" {
		return r.SP
	}
	return r.P
}

// Differs reports whether readers of RFC 7489 and RFC 9989 judge a mail from
// this domain differently: another record, or another organisational domain
// where alignment is relaxed.
func (w *Walk) Differs() bool {
	o := w.Old()
	if !o.Known || w.Err != nil {
		return false
	}
	switch {
	case w.Policy == nil || o.Record == nil:
		return w.Policy != nil || o.Record != nil
	case w.Policy.Domain != o.Domain:
		return true
	}
	return w.Org != o.Org && !(o.Record.StrictDKIM && o.Record.StrictSPF)
}
