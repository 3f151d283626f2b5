package check

import (
	"time"

	"todoku/codes"
	"todoku/diag"
	"todoku/diag/arc"
)

// ARCFacts is what the ARC check saw of a mail (RFC 8617).
type ARCFacts struct {
	Result         string   `json:"result"`          // none, pass, fail, temperror, neutral
	FailedInstance int      `json:"failed_instance"` // the set at which the chain breaks; 0: none
	Reason         string   `json:"reason"`          // why, or ""
	OldestPass     int      `json:"oldest_pass"`     // RFC 8617 §5.2 step 5: 0: all message signatures hold; -1: not known
	Sets           []ARCSet `json:"sets"`            // in the order in which they were made

	fault arc.Fault // the first
}

// ARCSet is what one server says.
type ARCSet struct {
	Instance int          `json:"instance"`
	Domain   string       `json:"domain"`   // that sealed
	Selector string       `json:"selector"` // of its key
	Time     string       `json:"time"`     // of the seal; "" where it tells none
	CV       string       `json:"cv"`       // what it says of the chain before: none, pass, fail
	Server   string       `json:"server"`   // that looked at the mail
	AAR      string       `json:"aar"`      // what it saw, as it stands there
	Results  []ARCResult  `json:"results"`  // the same, read
	AMS      ARCSignature `json:"ams"`
	Seal     ARCSignature `json:"seal"`
}

// ARCResult is what a server saw of one method.
type ARCResult struct {
	Method string `json:"method"`
	Result string `json:"result"`
	Domain string `json:"domain"`
}

// ARCSignature is the signature over the mail, or the seal over the sets.
type ARCSignature struct {
	Domain           string   `json:"domain"`
	Selector         string   `json:"selector"`
	Algorithm        string   `json:"algorithm"`
	KeyBits          int      `json:"key_bits"`
	Canonicalization string   `json:"canonicalization"` // of a seal ""
	SignedHeaders    []string `json:"signed_headers"`   // of a seal none
	Holds            *bool    `json:"holds"`            // null: not known
	Reasons          []string `json:"reasons"`          // why it does not hold
}

func newARCFacts(c *arc.Chain) *ARCFacts {
	f := &ARCFacts{Result: string(c.Result), FailedInstance: c.FailedInstance, Reason: string(c.Reason), Sets: []ARCSet{}, OldestPass: -1}
	if oldest, told := c.OldestPass(); told {
		f.OldestPass = oldest
	}
	if len(c.Faults) > 0 {
		f.fault = c.Faults[0]
	}
	for i := range c.Sets {
		s := &c.Sets[i]
		set := ARCSet{Instance: s.Instance, Domain: s.Seal.Domain, Selector: s.Seal.Selector, CV: s.CV, Server: s.Server, AAR: s.AAR,
			Results: []ARCResult{}, AMS: arcSignature(s.Message), Seal: arcSignature(s.Seal)}
		if t := s.Seal.Time; !t.IsZero() && t.Year() <= 9999 {
			set.Time = t.Format(time.RFC3339)
		}
		for _, r := range s.Results {
			set.Results = append(set.Results, ARCResult{r.Method, r.Result, r.Domain})
		}
		f.Sets = append(f.Sets, set)
	}
	return f
}

func arcSignature(s arc.Signature) ARCSignature {
	out := ARCSignature{Domain: s.Domain, Selector: s.Selector, Algorithm: s.Algorithm, KeyBits: s.KeyBits, Canonicalization: s.Canon,
		SignedHeaders: append([]string{}, s.Headers...), Reasons: []string{}}
	if s.State == arc.Holds || s.State == arc.Broken {
		holds := s.State == arc.Holds
		out.Holds = &holds
	}
	for _, f := range s.Faults {
		out.Reasons = append(out.Reasons, string(f.Reason))
	}
	return out
}

// Looked reports whether the mail has a chain.
func (f *ARCFacts) Looked() bool { return f.Result != string(arc.None) }

// maxARCSets bounds the sets that people are shown, maxARCResults what of each.
const (
	maxARCSets    = 10
	maxARCResults = 6
	maxARCWord    = 60
)

// Lines tell in order who said what.
func (f *ARCFacts) Lines() []diag.Line {
	if !f.Looked() {
		return []diag.Line{diag.None(codes.Text{EN: "no ARC header field", JA: "ARCヘッダーなし"})}
	}
	out := []diag.Line{f.head()}
	if f.Result == string(arc.Neutral) {
		return out
	}
	for i := range f.Sets {
		if i == maxARCSets {
			out = append(out, diag.More(len(f.Sets)-i).By(2))
			break
		}
		out = append(out, f.Sets[i].saw().By(2), f.Sets[i].sealed().By(5))
		if what := f.change(i); !what.IsZero() && what != f.change(i+1) { // what came later does not fit the older sets either
			out = append(out, diag.Say(codes.Text{EN: "the mail was changed afterwards: {what}", JA: "その後メールが変更されています: {what}"},
				codes.Words("what", what)).By(5))
		}
	}
	return append(out, diag.Say(codes.Text{
		EN: "ARC is being retired (draft-ietf-dmarc-arc-to-historic): Gmail asks forwarders for it no more since March 2026, others still do",
		JA: "ARCは廃止に向かっています(draft-ietf-dmarc-arc-to-historic)。Gmailは2026年3月に転送者への推奨を取り下げましたが、推奨を続けている事業者もあります"}))
}

// head says how many sets there are and whether the chain holds.
func (f *ARCFacts) head() diag.Line {
	n := codes.Num("n", len(f.Sets))
	switch arc.Result(f.Result) {
	case arc.Pass:
		return diag.Say(codes.Text{EN: "chain of {n}: holds", JA: "セット{n}個: 検証に成功"}, n)
	case arc.Fail:
		return diag.Say(codes.Text{EN: "does not hold, set {i}: {why}", JA: "検証に失敗({i}番目のセット): {why}"},
			codes.Num("i", f.FailedInstance), codes.Words("why", arcFault(f.fault)))
	case arc.Neutral:
		return diag.Say(codes.Text{EN: "not known: the mail has more header fields than are read", JA: "ヘッダーが多すぎて一部を読み取れないため、検証できません"})
	}
	return diag.Say(codes.Text{EN: "chain of {n}: not known, as DNS gave no key", JA: "セット{n}個: 公開鍵を取得できず、検証できません"}, n)
}

// change is what was changed in the mail after a set was made; nothing where nothing was, or beyond the last set.
func (f *ARCFacts) change(i int) codes.Text {
	if i >= len(f.Sets) {
		return codes.Text{}
	}
	return arcChange(f.Sets[i].AMS.Reasons)
}

// saw is what the server of a set saw.
func (s *ARCSet) saw() diag.Line {
	l := diag.Show("{i}  {server}", codes.Num("i", s.Instance), codes.Start("server", s.Server, maxARCWord))
	var words []string
	for i, r := range s.Results {
		if i == maxARCResults {
			words = append(words, "…")
			break
		}
		w := r.Method + "=" + r.Result
		if r.Domain != "" {
			w += " (" + r.Domain + ")"
		}
		words = append(words, codes.Start("", w, maxARCWord).String())
	}
	if len(words) == 0 {
		return l.And(codes.Text{EN: " no results", JA: " 認証結果の記載なし"})
	}
	return l.AndShow("  {results}", codes.List("results", words))
}

// sealed says who sealed the set and when.
func (s *ARCSet) sealed() diag.Line {
	l := diag.Say(codes.Text{EN: "sealed by {domain} (selector {selector})", JA: "{domain} が署名(セレクター {selector})"},
		codes.Start("domain", s.Domain, maxARCWord), codes.Start("selector", s.Selector, maxARCWord))
	if s.Time != "" {
		l = l.AndShow(" {time}", codes.Str("time", s.Time))
	}
	switch {
	case s.Domain == "":
		return diag.None(codes.Text{EN: "no seal", JA: "ARC-Seal がありません"})
	case s.Seal.Holds == nil:
		return l.AndShow(" ?")
	case *s.Seal.Holds:
		return l.AndShow(" ✓")
	}
	return l.And(codes.Text{EN: " (does not hold)", JA: "(検証に失敗)"})
}
