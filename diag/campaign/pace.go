package campaign

import (
	"todoku/codes"
	"todoku/diag/provider"
)

// Pace is how the mail to one provider may be spread.
type Pace struct {
	Provider    string
	Name        codes.Text
	Volume      int // mails a day that go there
	Connections int // at a time, at most; 0: nothing is known
	Each        int // mails in one connection, at most; 0: nothing is known
	Recipients  int // in one mail, at most; 0: nothing is known
	Published   bool
	Days        []int // mails a day while the sending address is new, until all of Volume goes
}

// paced is the number of mails a day to one provider from which a pace is worth a line. Providers publish no such number.
const paced = 1000

// The first day of an address that is new, and the growth from day to day, as sending services advise.
const (
	firstDay = 200
	growth   = 2
	maxDays  = 30
)

// pace plans the sending to each provider that gets much.
func (a *Assessment) pace() {
	for _, st := range a.Providers {
		if st.Volume < paced || st.ID == "" {
			continue
		}
		p := Pace{Provider: st.ID, Name: st.Name, Volume: st.Volume, Days: warmUp(st.Volume)}
		page := provider.PageOrOthers(st.ID)
		for _, f := range page.Facts {
			if f.Topic == provider.Limit {
				p.limit(f, sourceOf(page, f))
			}
		}
		a.Pace = append(a.Pace, p)
	}
}

func (p *Pace) limit(f provider.Fact, s provider.Source) {
	into := map[string]*int{"connections": &p.Connections, "messages_per_connection": &p.Each, "recipients": &p.Recipients}[f.Unit]
	if into == nil || *into > 0 {
		return
	}
	*into = int(f.Max)
	p.Published = p.Published || s.Certainty == codes.Documented
}

// warmUp doubles the mails of a new address day by day.
func warmUp(volume int) []int {
	var out []int
	for day := firstDay; day < volume && len(out) < maxDays; day *= growth {
		out = append(out, day)
	}
	return append(out, volume)
}
