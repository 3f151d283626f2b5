package sources

import (
	"strconv"
	"strings"

	"todoku/codes"
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
