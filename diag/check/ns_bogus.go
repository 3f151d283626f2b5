package check

import (
	"context"
	"errors"
	"slices"

	"todoku/codes"
	"todoku/diag"
	"todoku/diag/ns"
	"todoku/diag/resolve"
)

// falseToResolver reports that a resolver which validates refuses the zone. It says so itself by an extended error; where it
// says SERVFAIL only, the zone must be signed, and the resolver must answer once it is told not to validate. The error is why
// nothing is known of the zone itself.
func (c *nsRun) falseToResolver(ctx context.Context) (*diag.Finding, error) {
	for _, k := range c.known {
		var fail *resolve.Error
		if !errors.As(k.err, &fail) || fail.Kind != resolve.KindServFail {
			continue
		}
		code := fail.Extended()
		if code == edeBogus && c.unmatched() { // that is more than the resolver says
			code = edeNoKey
		}
		why, says := bogusText(code)
		if !says && fail.EDE == "" && len(c.delegation.DS) > 0 && c.answersUnchecked(ctx, k.Question) {
			why, says = codes.Text{EN: "the resolver answers only when it does not validate (SERVFAIL otherwise)",
				JA: "リゾルバーが、検証を無効にした場合にだけ回答します(有効な場合はSERVFAIL)"}, true
		}
		if says {
			return c.reportBogus(k.Question, why, diag.Evidence{Kind: "dns", Name: k.Name, Type: k.Type.String(),
				Value: bogusValue(fail)}), nil
		}
	}
	return nil, c.known[0].err
}

// bogusValue is what the resolver said.
func bogusValue(fail *resolve.Error) string {
	if fail.EDE == "" {
		return fail.Rcode
	}
	return fail.Rcode + " (EDE " + fail.EDE + ")"
}

func (c *nsRun) reportBogus(q ns.Question, why codes.Text, seen diag.Evidence) *diag.Finding {
	f := c.Report(NSBogus, q.Name, codes.Str("zone", c.delegationZone()), codes.Str("name", q.Name), codes.Str("type", q.Type.String()),
		codes.Words("problem", why))
	f.Evidence = append(f.Evidence, seen)
	return f
}

// delegationZone is the zone, or the domain where no zone was found.
func (c *nsRun) delegationZone() string {
	if c.delegation.Zone == "" {
		return c.Domain()
	}
	return c.delegation.Zone
}

// answersUnchecked reports whether the resolver has records for a question once it does not validate.
func (c *nsRun) answersUnchecked(ctx context.Context, q ns.Question) bool {
	r, can := c.DNS.(resolve.Unchecked)
	if !can {
		return false
	}
	a, err := r.AskUnchecked(ctx, q.Name, q.Type)
	return err == nil && a.Status == resolve.Found
}

// signing is the evidence that the zone above says that the zone is signed.
func (c *nsRun) signing() []diag.Evidence {
	var out []diag.Evidence
	for _, r := range c.delegation.DS {
		out = append(out, diag.Evidence{Kind: "dns", Name: c.delegation.Zone, Type: "DS", Value: r.Text, TTL: r.TTL, Server: c.delegation.From})
	}
	return out
}

// judgeKeys tells that no key of the zone is one of those that the zone above vouches for, whatever our resolver makes of it:
// all who validate refuse the zone. A resolver that validated it has seen other keys.
func (c *nsRun) judgeKeys() {
	if c.facts.Bogus || slices.ContainsFunc(c.known, func(k resolved) bool { return k.answer.Authentic }) || !c.unmatched() {
		return
	}
	c.facts.Bogus = true
	q := c.survey.Questions[len(c.survey.Questions)-1]
	why, _ := bogusText(edeNoKey)
	f := c.reportBogus(q, why, diag.Evidence{})
	f.Evidence = append(groupEvidence(q.Name, q.Type, c.survey.Compare(len(c.survey.Questions)-1, nil)), c.signing()...)
}

// unmatched reports that all servers of the zone were heard, and none has a key that the zone above vouches for.
func (c *nsRun) unmatched() bool {
	if c.survey == nil || c.delegation.ErrDS != nil || len(c.delegation.DS) == 0 {
		return false
	}
	heard := 0
	for _, v := range c.survey.Servers {
		standing, _ := c.survey.Standing(v)
		switch r := v.Replies[len(v.Replies)-1]; {
		case standing == ns.Lame:
		case standing == ns.Unheard || r.Err != nil || !r.Said.Answered(): // its keys may be others
			return false
		case !ns.Unmatched(c.delegation.DS, r.Said.Records):
			return false
		default:
			heard++
		}
	}
	return heard > 0
}

// Extended errors of RFC 8914 that are told apart here.
const (
	edeBogus = 6
	edeNoKey = 9
)

// bogusText is an extended error that says that DNSSEC does not let records pass (RFC 8914 §4.7 to §4.13); ok is false where
// it says something else.
func bogusText(code int) (says codes.Text, ok bool) {
	switch code {
	case edeBogus:
		return codes.Text{EN: "the signatures do not hold", JA: "署名の検証に失敗しました"}, true
	case 7:
		return codes.Text{EN: "the signatures have expired", JA: "署名の有効期限が切れています"}, true
	case 8:
		return codes.Text{EN: "the signatures are not valid yet", JA: "署名の有効期間がまだ始まっていません"}, true
	case edeNoKey:
		return codes.Text{EN: "no key (DNSKEY) is one that the zone above names (DS)", JA: "上位ゾーンのDSレコードに対応する鍵(DNSKEY)がありません"}, true
	case 10:
		return codes.Text{EN: "the signatures are missing", JA: "署名(RRSIG)がありません"}, true
	case 11:
		return codes.Text{EN: "its keys are not marked as keys of a zone", JA: "鍵にゾーンの鍵を示すフラグがありません"}, true
	case 12:
		return codes.Text{EN: "the proof that there is no record is missing", JA: "レコードが存在しないことの証明(NSEC・NSEC3)がありません"}, true
	}
	return codes.Text{}, false
}
