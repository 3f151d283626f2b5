package campaign

import (
	"slices"
	"strings"

	"todoku/codes"
	"todoku/diag"
	"todoku/diag/check"
	"todoku/diag/dmarc"
	"todoku/diag/provider"
	"todoku/diag/spf"
)

// spfOf judges SPF of one domain. only is the result that counts as failed; "" takes all but pass.
func (s *sender) spfOf(r *diag.Result, only spf.Result) verdict {
	f, ok := r.Facts.(*check.SPFFacts)
	if !ok {
		return unknown(noAnswer(), r.Err)
	}
	switch {
	case len(s.c.IPs) > 0:
		return s.spfByAddress(r, f, only)
	case only != "" && !s.spfCounts():
		return beside(ofService())
	case only != "" && r.Err == nil && s.c.ESP != "":
		return refusedByAll(r, f)
	case len(failing(r)) > 0 && only == "":
		return failed(codes.Say(codes.Text{EN: "SPF of {domain} is not in order", JA: "{domain} のSPFに問題があります"}, codes.Str("domain", f.Domain)), failing(r)...)
	case r.Err != nil:
		return unknown(noAnswer(), r.Err)
	case s.c.ESP != "":
		return passed(codes.Say(codes.Text{EN: "SPF of {domain} includes the sending service", JA: "{domain} のSPFに配信サービスが含まれています"}, codes.Str("domain", f.Domain)))
	}
	if s.c.Guess && f.Record != "" && only == "" {
		return passed(codes.Say(codes.Text{EN: "the SPF record of {domain} is in order; which addresses send is not told", JA: "{domain} のSPFレコードに問題はありません(送信元IPアドレスは指定されていません)"}, codes.Str("domain", f.Domain)))
	}
	if s.c.Guess {
		return beside(codes.Say(codes.Text{EN: "the sending addresses are not told", JA: "送信元IPアドレスが指定されていません"}))
	}
	return open(codes.Say(codes.Text{EN: "the sending addresses are not told (ips or esp)", JA: "送信元(ips または esp)が指定されていないため、判断できません"}))
}

// refusedByAll judges whether SPF fails for a sending service: its addresses are not known, so a record that does not include it
// and ends in -all refuses it.
func refusedByAll(r *diag.Result, f *check.SPFFacts) verdict {
	missing := ofRules(r, check.SPFMissingInclude)
	record, _ := spf.Parse(f.Record)
	if all := record.All(); len(missing) > 0 && all != nil && strings.HasPrefix(all.Text, "-") {
		return failed(codes.Say(codes.Text{EN: "SPF of {domain} refuses the sending service", JA: "{domain} のSPFは配信サービスを拒否します"}, codes.Str("domain", f.Domain)), missing...)
	}
	return passed(codes.Say(codes.Text{EN: "SPF of {domain} does not refuse the sending service", JA: "{domain} のSPFは配信サービスを拒否しません"}, codes.Str("domain", f.Domain)))
}

// spfByAddress judges the evaluations for the sending addresses: all have to pass.
func (s *sender) spfByAddress(r *diag.Result, f *check.SPFFacts, only spf.Result) verdict {
	undecided := false
	for _, e := range f.Evaluations {
		switch {
		case e.Result == spf.Pass:
		case e.Result == spf.TempError || e.Result == "":
			undecided = true
		case only != "" && e.Result != only:
		default:
			v := failed(codes.Say(codes.Text{EN: "SPF of {domain} says {result} for {ip}", JA: "{domain} のSPFの結果は {ip} に対して {result} です"},
				codes.Str("ip", e.IP), codes.Str("domain", f.Domain), codes.Str("result", string(e.Result))), failing(r)...)
			v.ip = e.IP
			return v
		}
	}
	switch {
	case undecided || len(f.Evaluations) == 0:
		return unknown(noAnswer(), r.Err)
	case only != "":
		return passed(codes.Say(codes.Text{EN: "SPF of {domain} refuses no sending address", JA: "{domain} のSPFで拒否される送信元はありません"}, codes.Str("domain", f.Domain)))
	}
	return passed(codes.Say(codes.Text{EN: "SPF of {domain} passes for {ips}", JA: "{domain} のSPFは {ips} に対して成功します"},
		codes.Str("domain", f.Domain), codes.List("ips", addresses(s.c))))
}

func addresses(c *Campaign) []string {
	var out []string
	for _, ip := range c.IPs {
		out = append(out, ip.String())
	}
	return out
}

// spfOfMail judges SPF of the envelope sender.
func (s *sender) spfOfMail() verdict {
	if !s.spfCounts() {
		return beside(codes.Say(codes.Text{EN: "the envelope sender is the sending service's, whose SPF is its business", JA: "エンベロープ送信者は配信サービスのものであり、そのSPFは配信サービスが管理しています"}))
	}
	return s.spfOf(s.spf, "")
}

// usable lists the selectors of a domain whose keys verifiers can use.
func (k *keyring) usable() []check.DKIMSelector {
	if k.facts == nil {
		return nil
	}
	broken := failing(k.Result)
	var out []check.DKIMSelector
	for _, sel := range k.facts.Selectors {
		if !sel.Revoked && !slices.ContainsFunc(broken, func(f diag.Finding) bool { return f.Subject == sel.Selector }) {
			out = append(out, sel)
		}
	}
	return out
}

// dkimOfMail judges whether signatures can pass: there is a key at a selector that signs. passing are the domains that sign so.
func (s *sender) dkimOfMail() (v verdict, passing []string) {
	if s.mail != nil && len(s.mail.signatures) > 0 {
		if s.mail.other != "" {
			return s.otherMail(), nil
		}
		return s.mail.dkim()
	}
	if s.key != nil {
		return s.dkimByKey()
	}
	broken := s.brokenKeys()
	var names []string
	for i := range s.dkim {
		k := &s.dkim[i]
		if good := k.usable(); len(good) > 0 {
			passing = append(passing, k.domain)
			names = append(names, good[0].Selector+"._domainkey."+k.domain)
		}
	}
	told := len(s.c.Selectors) > 0
	switch {
	case len(passing) > 0 && told && len(broken) > 0:
		return open(codes.Say(codes.Text{EN: "there is a key at {names}, and none that can be used at {others}: name only the selectors that sign",
			JA: "{names} には公開鍵がありますが、{others} には利用できる公開鍵がありません。署名に使うセレクターだけを指定してください"},
			codes.List("names", names), codes.List("others", subjects(broken)))).with(broken...), nil
	case len(passing) > 0 && (told || s.c.Guess):
		return passed(codes.Say(codes.Text{EN: "there is a key at {names}", JA: "{names} に公開鍵があります"}, codes.List("names", names))), passing
	case len(passing) > 0:
		return open(codes.Say(codes.Text{EN: "nothing tells which key signs: give selectors (there is one at {names})", JA: "署名に使う鍵が分かりません。selectors を指定してください({names} に鍵があります)"}, codes.List("names", names))), nil
	case len(broken) > 0:
		return s.noUsableKey(), nil
	case s.dkimErr() != nil:
		return unknown(noAnswer(), s.dkimErr()), nil
	}
	return open(codes.Say(codes.Text{EN: "no key was found; selectors cannot be listed: give selectors", JA: "鍵が見つかりません。セレクターの一覧は取得できないため、selectors を指定してください"})), nil
}

// brokenKeys are what keeps verifiers from using keys: faults, and keys that are revoked.
func (s *sender) brokenKeys() []diag.Finding {
	var out []diag.Finding
	for _, k := range s.dkim {
		out = append(append(out, failing(k.Result)...), ofRules(k.Result, check.DKIMRevoked)...)
	}
	return out
}

// noUsableKey is the verdict on selectors of which none has a key that verifiers can use.
func (s *sender) noUsableKey() verdict {
	return failed(codes.Say(codes.Text{EN: "no key can be used with the selectors that sign", JA: "署名に使うセレクターに、利用できる公開鍵がありません"}), s.brokenKeys()...)
}

// subjects are what findings are about, each once.
func subjects(list []diag.Finding) []string {
	var out []string
	for _, f := range list {
		if !slices.Contains(out, f.Subject) {
			out = append(out, f.Subject)
		}
	}
	return out
}

func (s *sender) dkimErr() error {
	var list []*diag.Result
	for _, k := range s.dkim {
		list = append(list, k.Result)
	}
	return errsOf(list...)
}

// either judges whether SPF or DKIM passes.
func (s *sender) either() verdict {
	a := s.spfOfMail()
	b, _ := s.dkimOfMail()
	switch {
	case a.status == Pass:
		return a
	case b.status == Pass:
		return b
	case a.status == NotApplicable:
		return a
	case a.status == Unknown || b.status == Unknown:
		return either(a.status == Unknown, a, b)
	}
	return failed(codes.Say(codes.Text{EN: "neither SPF nor DKIM passes", JA: "SPFとDKIMのどちらの認証にも成功しません"}), append(slices.Clone(a.findings), b.findings...)...)
}

func either(first bool, a, b verdict) verdict {
	if first {
		return a
	}
	return b
}

// keyBits judges the size of the keys (RFC 8301 §3.2).
func (s *sender) keyBits() verdict {
	v, _ := s.dkimOfMail()
	for i := range s.dkim {
		if short := ofRules(s.dkim[i].Result, check.DKIMKeyShort); len(short) > 0 {
			return failed(codes.Say(codes.Text{EN: "the DKIM key has less than 1,024 bits", JA: "DKIMの鍵が1024ビット未満です"}), short...)
		}
	}
	switch v.status {
	case Pass:
		return passed(codes.Say(codes.Text{EN: "the DKIM key has 1,024 bits at least", JA: "DKIMの鍵は1024ビット以上です"}))
	case Fail:
		return beside(codes.Say(codes.Text{EN: "there is no key to measure", JA: "鍵がないため、該当しません"}))
	}
	return v
}

// record judges whether there is a DMARC record with a policy.
func (s *sender) record() verdict {
	f, ok := s.dmarc.Facts.(*check.DMARCFacts)
	switch {
	case ok && f.Record != "" && f.Policy != "":
		return passed(codes.Say(codes.Text{EN: "{record} at {domain}", JA: "{domain} に {record} があります"}, codes.Str("record", f.Record), codes.Str("domain", "_dmarc."+f.Domain)))
	case len(failing(s.dmarc)) > 0:
		return failed(codes.Say(codes.Text{EN: "{domain} has no DMARC record that counts", JA: "{domain} に有効なDMARCレコードがありません"}, codes.Str("domain", s.c.Domain)), failing(s.dmarc)...)
	case s.dmarc.Err != nil || !ok:
		return unknown(noAnswer(), s.dmarc.Err)
	}
	return failed(codes.Say(codes.Text{EN: "{domain} has no DMARC record", JA: "{domain} にDMARCレコードがありません"}, codes.Str("domain", s.c.Domain)), s.dmarc.Findings...)
}

// identifier is a domain for which the mail passes, or may.
type identifier struct {
	dmarc.Identifier
	status Status
}

// relaxed compares domains where no record says how: DMARC then evaluates nothing, and receivers that ask for alignment compare the
// organisational domains.
func (s *sender) relaxed(list []dmarc.AuthResult) []dmarc.Identifier {
	var out []dmarc.Identifier
	for _, r := range list {
		org := dmarc.Registered(r.Domain)
		out = append(out, dmarc.Identifier{AuthResult: r, Org: org, Aligned: org == dmarc.Registered(s.c.Domain)})
	}
	return out
}

// identifiers are SPF's and DKIM's, with how they stand.
func (s *sender) identifiers() (ofSPF, ofDKIM []identifier) {
	bySPF, byDKIM := s.aligned.SPF, s.aligned.DKIM
	if s.aligned.Result == "none" && len(bySPF)+len(byDKIM) == 0 {
		in := s.allPass()
		bySPF, byDKIM = s.relaxed(in.SPF), s.relaxed(in.DKIM)
	}
	a := s.spfOfMail()
	for _, i := range bySPF {
		ofSPF = append(ofSPF, identifier{i, a.status})
	}
	b, passing := s.dkimOfMail()
	for _, i := range byDKIM {
		status := b.status
		if status == Pass && !slices.ContainsFunc(passing, func(d string) bool { return strings.EqualFold(d, i.Domain) }) {
			status = Fail
		}
		ofDKIM = append(ofDKIM, identifier{i, status})
	}
	return ofSPF, ofDKIM
}

// alignment judges whether something that passes has the domain of From.
func (s *sender) alignment() verdict {
	a, b := s.identifiers()
	return s.alignedAmong(append(a, b...))
}

// dkimAlignment judges whether a signature that passes has the domain of From.
func (s *sender) dkimAlignment() verdict {
	_, b := s.identifiers()
	if v, _ := s.dkimOfMail(); v.status == Fail {
		return beside(codes.Say(codes.Text{EN: "no signature passes at all: see DKIM", JA: "DKIMの認証に成功しないため、該当しません(DKIMの要件を参照)"}))
	}
	return s.alignedAmong(b)
}

func (s *sender) alignedAmong(list []identifier) verdict {
	var err error
	undecided := false
	var others []string
	for _, i := range list {
		switch {
		case i.Aligned && i.status == Pass:
			return passed(codes.Say(codes.Text{EN: "{domain} is aligned with {from}", JA: "{domain} は {from} と一致しています"}, codes.Str("domain", i.Domain), codes.Str("from", s.c.Domain)))
		case i.status == Unknown && (i.Aligned || i.Err != nil), i.status == Pass && i.Err != nil:
			undecided, err = true, i.Err
		case !i.Aligned && !slices.Contains(others, i.Domain):
			others = append(others, i.Domain)
		}
	}
	switch {
	case s.aligned.Err != nil:
		return unknown(noAnswer(), s.aligned.Err)
	case undecided && err != nil:
		return unknown(noAnswer(), err)
	case undecided:
		return open(codes.Say(codes.Text{EN: "it depends on what is not known of SPF or DKIM", JA: "SPFまたはDKIMが確認できないため、判断できません"}))
	case len(others) > 0:
		return failed(codes.Say(codes.Text{EN: "{domains} is not aligned with {from}", JA: "{domains} は {from} と一致していません"}, codes.List("domains", others), codes.Str("from", s.c.Domain))).
			mend(codes.Say(codes.Text{EN: "sign with DKIM d={from}, or send with an envelope sender of {from}", JA: "d={from} のDKIM署名を付けるか、エンベロープ送信者を {from} のアドレスにしてください"}, codes.Str("from", s.c.Domain)))
	}
	return failed(codes.Say(codes.Text{EN: "nothing that passes has the domain {from}", JA: "{from} のドメインで成功する認証がありません"}, codes.Str("from", s.c.Domain)), s.authFindings()...)
}

// authFindings are what keeps SPF and DKIM from passing.
func (s *sender) authFindings() []diag.Finding {
	a := s.spfOfMail()
	b, _ := s.dkimOfMail()
	return append(slices.Clone(a.findings), b.findings...)
}

// dmarcPass judges whether DMARC passes.
func (s *sender) dmarcPass() verdict {
	record := s.record()
	aligned := s.alignment()
	switch {
	case record.status == Fail:
		return record
	case aligned.status == Fail:
		return aligned
	case record.status != Pass:
		return record
	}
	return aligned
}

// dmarcPolicy judges whether a receiver that follows the policy takes the mail.
func (s *sender) dmarcPolicy() verdict {
	f, ok := s.dmarc.Facts.(*check.DMARCFacts)
	aligned := s.alignment()
	switch {
	case aligned.status == Pass:
		return passed(codes.Say(codes.Text{EN: "DMARC passes", JA: "DMARCの認証に成功します"}))
	case !ok || s.dmarc.Err != nil && f.Record == "":
		return unknown(noAnswer(), s.dmarc.Err)
	case f.AppliedPolicy == "reject":
		return aligned
	case f.AppliedPolicy == "quarantine":
		return aligned.becomes(provider.Junk)
	}
	return passed(codes.Say(codes.Text{EN: "the domain's policy asks for nothing", JA: "ドメインのポリシーによる拒否はありません"}))
}
