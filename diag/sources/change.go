package sources

import (
	"cmp"
	"strconv"
	"strings"

	"todoku/codes"
	"todoku/diag/dmarc"
	"todoku/sender/aggregate"
)

// Change is a policy that is only meant. What it does not name stays as it is published.
type Change struct {
	P, SP, NP   string // none, quarantine, reject; "" where it stays
	ADKIM, ASPF string // r, s; "" where it stays
	Testing     string // y, n; "" where it stays
	Pct         int    // of the mails; 100 where it is not named
}

// ParseChange reads "p=reject,sp=quarantine,adkim=s": tags of a DMARC record (RFC 9989 §4.7; pct of RFC 7489 §6.3), with
// commas or semicolons between them. The error is a *codes.UserError.
func ParseChange(text string) (Change, error) {
	c := Change{Pct: 100}
	some := false
	for _, part := range strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == ';' || r == ' ' }) {
		tag, value, _ := strings.Cut(strings.ToLower(part), "=")
		if !c.set(tag, value) {
			return c, codes.Wrong(codes.Say(codes.Text{EN: "{value} is no tag of a DMARC policy with a value that it can have",
				JA: "{value} はDMARCポリシーのタグと値として正しくありません"}, codes.QuotedStart("value", part, 80)),
				codes.Say(codes.Text{EN: "give tags such as p=reject,sp=quarantine,adkim=s,aspf=r,t=y,pct=50",
					JA: "p=reject,sp=quarantine,adkim=s,aspf=r,t=y,pct=50 のように指定してください"}))
		}
		some = true
	}
	if !some {
		return c, codes.Wrong(codes.Say(codes.Text{EN: "no policy is named", JA: "ポリシーが指定されていません"}),
			codes.Say(codes.Text{EN: "give the policy that is meant, such as p=reject",
				JA: "p=reject のように、検討中のポリシーを指定してください"}))
	}
	return c, nil
}

// set takes a tag; false where it has no such value.
func (c *Change) set(tag, value string) bool {
	one := func(to *string, words ...string) bool {
		for _, w := range words {
			if value == w {
				*to = w
				return true
			}
		}
		return false
	}
	switch tag {
	case "p":
		return one(&c.P, "none", "quarantine", "reject")
	case "sp":
		return one(&c.SP, "none", "quarantine", "reject")
	case "np":
		return one(&c.NP, "none", "quarantine", "reject")
	case "adkim":
		return one(&c.ADKIM, "r", "s")
	case "aspf":
		return one(&c.ASPF, "r", "s")
	case "t":
		return one(&c.Testing, "y", "n")
	case "pct":
		n, err := strconv.Atoi(value)
		c.Pct = n
		return err == nil && n >= 0 && n <= 100
	}
	return false
}

// base is the policy that a change starts from: that of the record now, or where nobody knows it that of the last report.
// Reporters write sp and np where the record has none: there, what is the same is none.
func (w *work) base() (p aggregate.Policy, known bool) {
	p = w.policy
	if r := w.recordNow(); r != nil {
		p.P, p.SP, p.NP = cmp.Or(string(r.P), "none"), string(r.SP), string(r.NP)
		p.ADKIM, p.ASPF, p.Testing = letter(r.StrictDKIM, "s", "r"), letter(r.StrictSPF, "s", "r"), letter(r.Testing, "y", "n")
		return p, true
	}
	if p.NP == cmp.Or(p.SP, p.P) {
		p.NP = ""
	}
	if p.SP == p.P {
		p.SP = ""
	}
	return p, false
}

// recordNow is the record of the domain itself; nil where there is none, it is broken, or nobody knows it.
func (w *work) recordNow() *dmarc.Record {
	walk := w.orgs.walks[w.name]
	if walk == nil || walk.Err != nil || walk.Policy == nil || walk.Policy.Domain != w.name || walk.Policy.Record == nil ||
		walk.Policy.Record.BadPolicy {
		return nil
	}
	return walk.Policy.Record
}

func letter(is bool, yes, no string) string {
	if is {
		return yes
	}
	return no
}

// meant is the policy with the change made.
func (w *work) meant() aggregate.Policy {
	p, _ := w.base()
	return w.change.over(p)
}

// changed reports whether the policy of the last report is not that of the record now, as far as it decides about mails.
func (w *work) changed() bool {
	p, known := w.base()
	then := w.policy
	return known && (p.P != cmp.Or(then.P, "none") || cmp.Or(p.SP, p.P) != cmp.Or(then.SP, then.P, "none") ||
		(p.ADKIM == "s") != (then.ADKIM == "s") || (p.ASPF == "s") != (then.ASPF == "s"))
}

// over is a published policy with the change made.
func (c *Change) over(p aggregate.Policy) aggregate.Policy {
	for _, x := range []struct {
		to    *string
		meant string
	}{{&p.P, c.P}, {&p.SP, c.SP}, {&p.NP, c.NP}, {&p.ADKIM, c.ADKIM}, {&p.ASPF, c.ASPF}, {&p.Testing, c.Testing}} {
		if x.meant != "" {
			*x.to = x.meant
		}
	}
	p.Pct = strconv.Itoa(c.Pct)
	return p
}

// strength is what receivers are asked to do with mail from a domain that fails: 0 nothing, 1 quarantine, 2 reject, after sp
// and np, and after t, which lowers it by one (RFC 9989 §4.7).
func (w *work) strength(p aggregate.Policy, from string) int {
	word := policyFor(p, w.name, from)
	if p.NP != "" && from != w.name {
		if walk := w.orgs.walks[from]; walk != nil && walk.Steps != nil {
			if exists, known := walk.Exists(); known && !exists {
				word = p.NP
			}
		}
	}
	n := disposed(word)
	if p.Testing == "y" {
		n = max(0, n-1)
	}
	return n
}
