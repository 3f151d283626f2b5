package check

import (
	"slices"

	"todoku/codes"
	"todoku/diag"
	"todoku/diag/dmarc"
	"todoku/sender/mail"
)

// DMARCFacts is what the DMARC check saw (RFC 9989).
type DMARCFacts struct {
	Record            string        `json:"record"`
	Domain            string        `json:"domain"`     // where the record was found
	OrgDomain         string        `json:"org_domain"` // by the tree walk
	PSLOrgDomain      string        `json:"psl_org_domain"`
	PSLRecord         string        `json:"psl_record"` // what an RFC 7489 reader finds
	PSLPolicy         string        `json:"psl_policy"`
	PSLResult         string        `json:"psl_result"` // of a mail, by RFC 7489; "" without an evaluation
	Policy            string        `json:"policy"`
	SubdomainPolicy   string        `json:"subdomain_policy"`
	NonexistentPolicy string        `json:"nonexistent_policy"`
	Testing           bool          `json:"testing"`
	AlignmentSPF      string        `json:"aspf"`  // "relaxed" or "strict"
	AlignmentDKIM     string        `json:"adkim"` //
	RUA               []string      `json:"rua"`
	RUF               []string      `json:"ruf"`
	TTL               uint32        `json:"ttl"`
	Result            string        `json:"result"` // pass, fail, none, temperror, permerror; "" without an evaluation
	From              string        `json:"from"`
	SPFAligned        bool          `json:"spf_aligned"`
	DKIMAligned       bool          `json:"dkim_aligned"`
	AppliedPolicy     string        `json:"applied_policy"`
	Queries           []string      `json:"queries"` // the names that the tree walk asks, in order
	Walk              []DMARCStep   `json:"walk"`    // what came of each
	Reports           []DMARCReport `json:"reports"`

	spf, dkim []dmarc.Identifier // of the mail that was judged
	author    string             // its author domain that decides
}

func newDMARCFacts() *DMARCFacts {
	return &DMARCFacts{RUA: []string{}, RUF: []string{}, Queries: []string{}, Walk: []DMARCStep{}, Reports: []DMARCReport{}}
}

// DMARCStep is one step of the tree walk (RFC 9989 §4.10).
type DMARCStep struct {
	Name   string `json:"name"`   // _dmarc.example.test
	Status string `json:"status"` // "record", "none", "several", "error"
	Record string `json:"record"`
}

// DMARCReport is one destination of reports (RFC 9990 §4).
type DMARCReport struct {
	Tag        string `json:"tag"` // rua or ruf
	URI        string `json:"uri"`
	Domain     string `json:"domain"`
	External   bool   `json:"external"`
	Authorised string `json:"authorised"` // "yes", "no", "unknown", "not needed"
	Receives   string `json:"receives"`   // "yes", "no", "unknown": can the domain receive mail
}

// reportTo is a destination as facts have it.
func reportTo(d dmarc.Destination) DMARCReport {
	r := DMARCReport{Tag: d.Tag, URI: d.URI.Text, Domain: d.URI.Domain, External: d.External, Authorised: "not needed",
		Receives: answer(d.Receives)}
	if d.External {
		r.Authorised = answer(d.Authorised)
	}
	return r
}

// answer is one of yes, no and unknown.
func answer(t codes.Tri) string {
	switch t {
	case codes.Yes:
		return "yes"
	case codes.No:
		return "no"
	}
	return "unknown"
}

// Lines shows the record and, of a mail that was judged, how.
func (f *DMARCFacts) Lines() []diag.Line {
	var out []diag.Line
	if f.Record != "" {
		out = append(out, diag.Show("{record}", codes.Str("record", f.Record)))
	}
	if f.Domain != "" && len(f.Walk) > 0 && f.Walk[0].Status != "record" {
		out = append(out, diag.Say(codes.Text{EN: "record of {domain}", JA: "{domain} のレコード"}, codes.Str("domain", f.Domain)))
	}
	switch {
	case f.Result != "":
		return append(out, f.verdict()...)
	case f.Record == "":
		return []diag.Line{diag.NoRecord()}
	}
	return out
}

// verdict shows the evaluation of a mail, with the walk up the tree.
func (f *DMARCFacts) verdict() []diag.Line {
	out := []diag.Line{diag.Show("From {from} → DMARC {result}", codes.Str("from", mail.Words(f.From)), codes.Str("result", f.Result)),
		diag.Show("SPF: ").And(identifiersText(f.spf)).AndShow(" · DKIM: ").And(identifiersText(f.dkim))}
	if f.AppliedPolicy != "" {
		out = append(out, diag.Say(codes.Text{EN: "policy that applies: {policy}", JA: "適用されるポリシー: {policy}"}, codes.Str("policy", f.AppliedPolicy)))
	}
	for _, q := range f.Walk {
		out = append(out, diag.Show("{name}  {found}", codes.Str("name", q.Name), codes.Words("found", stepText(q.Status))).By(2))
	}
	return out
}

// identifiersText is what an authentication does for DMARC: it has to pass, and for a domain that fits.
func identifiersText(list []dmarc.Identifier) codes.Text {
	passes := func(i dmarc.Identifier) bool { return i.Result == "pass" }
	switch {
	case slices.ContainsFunc(list, dmarc.Identifier.Passes):
		return codes.Text{EN: "aligned", JA: "一致"}
	case slices.ContainsFunc(list, func(i dmarc.Identifier) bool { return i.Aligned && i.Result == "temperror" }):
		return codes.Text{EN: "not known (the domain is aligned)", JA: "確認できません(ドメインは一致)"}
	case slices.ContainsFunc(list, func(i dmarc.Identifier) bool { return i.Aligned && i.Result == "none" }):
		return codes.Text{EN: "no result (the domain is aligned)", JA: "結果なし(ドメインは一致)"}
	case slices.ContainsFunc(list, func(i dmarc.Identifier) bool { return i.Aligned }):
		return codes.Text{EN: "failed (the domain is aligned)", JA: "認証失敗(ドメインは一致)"}
	case len(list) == 0:
		return codes.Text{EN: "no result", JA: "結果なし"}
	case slices.ContainsFunc(list, passes):
		return codes.Text{EN: "not aligned", JA: "不一致"}
	}
	return codes.Text{EN: "failed, and not aligned", JA: "認証失敗(ドメインも不一致)"}
}

// stepText is what came of a step of the tree walk, in words.
func stepText(status string) codes.Text {
	switch status {
	case "record":
		return codes.Text{EN: "record", JA: "レコードあり"}
	case "none":
		return codes.Text{EN: "none", JA: "レコードなし"}
	case "several":
		return codes.Text{EN: "several", JA: "レコードが複数"}
	}
	return codes.Text{EN: "error", JA: "確認できません"}
}
