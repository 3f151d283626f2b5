package check

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"todoku/codes"
	"todoku/diag"
	"todoku/diag/provider"
	"todoku/diag/spf"
	"todoku/diag/traffic"
)

// fate is what becomes of mails at a provider.
type fate struct {
	breach provider.Breach        // "": all demands are met
	reply  provider.ExpectedReply // where there is one
	sure   bool                   // whether the mails are signed does not matter, or is known
}

// harm orders fates, the worst last.
func (f fate) harm() int {
	if f.breach == "" {
		return 0
	}
	return len(provider.Breaches()) - slices.Index(provider.Breaches(), f.breach)
}

// lost reports whether nobody gets the mails, or not at once.
func (f fate) lost() bool {
	return f.breach != "" && !f.breach.Accepts() && f.breach != provider.Untold
}

// loss is mails that a provider would not take any more.
type loss struct {
	traffic.Stream
	fate
}

// judge tells how the mails of a sender fare.
func (t *trafficRun) judge(f *sentFrom) {
	t.facts.Senders = append(t.facts.Senders, trafficSender(f, t.o.Before != nil))
	meant := t.o.Before != nil
	t.err = alsoErr(t.err, f.now.err, f.before.err)
	if !f.now.known() || meant && !f.before.known() {
		t.facts.Unknown += f.Accepted + f.Refused
		return
	}
	passes, passed := f.now.spf.Result == spf.Pass, f.before.spf.Result == spf.Pass
	var sure, unsigned []loss
	if meant {
		sure, unsigned = t.losses(f)
	}
	switch {
	case len(sure)+len(unsigned) > 0:
		t.tellLoss(TrafficRefused, f, sure)
		t.tellLoss(TrafficSPFLost, f, unsigned)
	case meant && passed && !passes:
		t.tell(TrafficWeaker, f, f.Accepted)
	case meant && !passed && passes:
		t.tell(TrafficMended, f, f.Accepted+f.Refused)
	case !passes:
		t.tell(TrafficSPFFails, f, f.Accepted+f.Refused)
	}
}

// losses are the mails that were taken and would not be taken any more, the most first. Those of unsigned would be taken where
// DKIM passes, and nobody knows whether they are signed.
func (t *trafficRun) losses(f *sentFrom) (sure, unsigned []loss) {
	for _, s := range f.shares {
		before, now := t.fateOf(s, f, f.before), t.fateOf(s, f, f.now)
		switch {
		case s.Accepted == 0 || !now.lost() || now.harm() <= before.harm():
		case now.sure:
			sure = append(sure, loss{s, now})
		default:
			unsigned = append(unsigned, loss{s, now})
		}
	}
	return sure, unsigned
}

// fateOf is what becomes of mails with this standing. Where nobody knows whether they are signed, it is that of mails without
// a signature.
func (t *trafficRun) fateOf(s traffic.Stream, f *sentFrom, st standing) fate {
	page, ok := t.pages[s.Provider]
	if !ok {
		page = provider.PageOrOthers(s.Provider)
		t.pages[s.Provider] = page
	}
	worst := func(signed bool) fate {
		var w fate
		for _, d := range page.Requirements() {
			holds := d.Level != provider.Recommended && d.Topic == provider.Demand && d.Volume <= s.PerDay() && (!d.IPv6 || f.IP.Is6())
			if !holds || st.meets(d.Needs, signed) {
				continue
			}
			x := fate{breach: d.Breach, reply: d.Expected().Filled(f.Domain, f.Domain, f.IP.String())}
			if d.Needs == "dmarc_policy" && st.dmarc.Applied == "quarantine" {
				x = fate{breach: provider.Junk}
			}
			if x.harm() > w.harm() {
				w = x
			}
		}
		return w
	}
	w := worst(st.signs == codes.Yes)
	w.sure = st.signs != codes.Unknown || worst(true).harm() == w.harm()
	return w
}

// meets reports whether mails meet what a provider asks for. What cannot be told from a log counts as met.
func (s standing) meets(needs string, signed bool) bool {
	pass := s.spf.Result == spf.Pass
	switch needs {
	case "spf", "spf_from":
		return pass
	case "spf_not_fail":
		return s.spf.Result != spf.Fail
	case "spf_or_dkim", "dmarc_pass", "alignment":
		return pass || signed
	case "dmarc_policy":
		return pass || signed || s.dmarc.Result != "fail" || s.dmarc.Applied == "none" || s.dmarc.Applied == ""
	case "dmarc":
		return s.dmarc.Result == "temperror" || s.dmarc.Walk != nil && s.dmarc.Walk.Policy != nil
	case "dkim":
		return s.signs != codes.No
	}
	return true
}

// maxReceivers bounds the providers that a finding names.
const maxReceivers = 8

// tellLoss reports mails that would not be taken any more.
func (t *trafficRun) tellLoss(rule *diag.Rule, f *sentFrom, lost []loss) {
	if len(lost) == 0 {
		return
	}
	mails := 0
	var en, ja []string
	for i, l := range lost {
		mails += l.Accepted
		t.facts.lose(l)
		if i < maxReceivers {
			name := t.pages[l.Provider].Name
			en = append(en, fmt.Sprintf("%s (%d)", strings.Join(append([]string{name.EN}, l.short()...), " "), l.Accepted))
			ja = append(ja, fmt.Sprintf("%s(%d通)", strings.Join(append([]string{name.JA}, l.short()...), " "), l.Accepted))
		}
	}
	if more := len(lost) - maxReceivers; more > 0 {
		en, ja = append(en, fmt.Sprintf("and %d more", more)), append(ja, fmt.Sprintf("ほか%d社", more))
	}
	t.tell(rule, f, mails, codes.Words("receivers", codes.Text{EN: strings.Join(en, ", "), JA: strings.Join(ja, "、")}))
}

// short is the code of the reply: "550", "5.7.26".
func (f fate) short() []string {
	if !f.reply.Is() {
		return nil
	}
	return strings.Fields(strconv.Itoa(f.reply.Code) + " " + f.reply.Enhanced)
}

// tell reports a finding about mails of a sender.
func (t *trafficRun) tell(rule *diag.Rule, f *sentFrom, mails int, more ...codes.Datum) {
	if t.told == maxTrafficTold {
		t.untold++
		return
	}
	t.told++
	subject := f.IP.String()
	if f.Domain != t.Domain() {
		subject = f.Domain + " " + subject
	}
	t.Report(rule, subject, append([]codes.Datum{upTo("mails", mails, f.atMost), codes.Num("all", t.facts.Mails),
		codes.Words("span", t.facts.span()), codes.Str("domain", f.Domain), codes.Str("ip", f.IP.String()),
		codes.Str("was", string(f.before.spf.Result)), codes.Str("result", string(f.now.spf.Result)),
		codes.Str("mechanism", f.before.spf.Mechanism)}, more...)...)
}

// upTo is a number of mails; atMost: the log does not tell which of several addresses sent them.
func upTo(name string, mails int, atMost bool) codes.Datum {
	if !atMost {
		return codes.Num(name, mails)
	}
	n := strconv.Itoa(mails)
	return codes.Words(name, codes.Text{EN: "up to " + n, JA: "最大" + n})
}
