package guide

import (
	"context"
	"net/netip"
	"slices"
	"strings"
	"sync"

	"todoku/codes"
	"todoku/diag"
	"todoku/diag/check"
	"todoku/diag/dmarc"
	"todoku/diag/dnsbl"
)

var mailContent = &Cause{
	ID: "content", Fault: FaultOurs, Looks: lookLinks, Answers: refusal,
	Reasons: []string{"spam", "virus", "content_refused", "message_format", "policy", "unspecified", "domain_reputation", "delivered"},
	Steps:   []string{"change_content"},
	Check:   codes.Todoku("diagnose", "--last", "--verify"),
	Title:   codes.Text{EN: "the content of the mail", JA: "メールの内容"},
	Says:    codes.Text{EN: "something in the mail is not accepted: {what}", JA: "メールの内容に問題({what})があること"},
	judge: func(e *evidence) Outcome {
		if e.Message == nil {
			return open(nil, needMessage()).because("input", codes.Text{EN: "what a filter thinks of a mail cannot be looked up", JA: "フィルターの判定内容は外部から確認できません"})
		}
		what := func(en, ja string) Outcome {
			return confirmed(codes.Words("what", codes.Text{EN: en, JA: ja})).because("message", codes.Text{EN: "in the mail: {what}", JA: "メールの内容: {what}"}, codes.Words("what", codes.Text{EN: en, JA: ja}))
		}
		if e.Message.Test != "" {
			return what("the test text "+e.Message.Test+" that every filter refuses", "テスト用の文字列("+e.Message.Test+")")
		}
		for _, l := range e.mail.links {
			if l.Has(dnsbl.Bad) {
				return what("a link to "+l.Subject+", which "+l.Zone+" lists", l.Zone+" に登録されたリンク先 "+l.Subject).
					shown(diag.Seen(l.Answer)...)
			}
		}
		return contentView{e}.judge()
	},
}

// contentView looks at the form and content of the mail.
type contentView struct{ *evidence }

// judge holds the mail against what the error complains of.
func (v contentView) judge() Outcome {
	for _, c := range v.complained() {
		if found := v.shownBy(c); len(found) > 0 {
			o := confirmed(codes.Words("what", c.what)).ofMail(found...)
			o.steps = c.steps
			return o
		}
	}
	r, facts := diag.FactsOf[*check.ContentFacts](v.mail.form)
	if r == nil {
		return open(nil, needMessage())
	}
	if v.Message.HeaderOnly {
		return open(nil, needMessage()).because("message", codes.Text{EN: "only the header of the mail came back: nothing in it is what the error complains of", JA: "返送されたのはヘッダーだけです。ヘッダーには、エラーに該当する問題は見つかりません"})
	}
	return open(nil).because("message", codes.Text{EN: "looked at: {links} links, {files} attachments, placeholders, the form of the mail; nothing there that the error complains of", JA: "リンク{links}件、添付ファイル{files}件、差し込み項目、メールの形式を確認しましたが、エラーに該当する問題は見つかりません"},
		codes.Num("links", len(facts.Links)), codes.Num("files", len(facts.Files))).hinted(habits(r))
}

// habits are the findings about the content that filters hold against a mail, whatever the error complains of.
func habits(r *diag.Result) []diag.Finding {
	warned := slices.DeleteFunc(slices.Clone(r.Findings), func(f diag.Finding) bool { return f.Rule.Severity < diag.Warn })
	return warned[:min(len(warned), maxShown)]
}

// hinted tells findings that decide nothing.
func (o Outcome) hinted(list []diag.Finding) Outcome {
	for _, f := range list {
		o = o.because("message", f.Rule.Says, f.Data...)
	}
	return o
}

// maxLinks is of how many hosts that a mail links to lists are asked.
const maxLinks = 20

// links are the hosts of the web that the mail links to, each once; more tells that it has more.
func (v contentView) links() (out []string, more bool) {
	_, f := diag.FactsOf[*check.ContentFacts](v.mail.form)
	if f == nil || f.Content == nil {
		return nil, false
	}
	for _, l := range f.Links {
		_, err := netip.ParseAddr(l.Host)
		if err == nil || l.Scheme != "http" && l.Scheme != "https" || !strings.Contains(l.Host, ".") || slices.Contains(out, l.Host) {
			continue
		}
		if len(out) == maxLinks {
			return out, true
		}
		out = append(out, l.Host)
	}
	return out, f.More.Links > 0
}

// askLinks asks the lists of domains about what the mail links to.
func (v contentView) askLinks(ctx context.Context) {
	var hosts []string
	hosts, v.mail.moreLinks = v.links()
	for _, h := range hosts { // most lists hold the domain that was registered
		if d := dmarc.Registered(h); !slices.Contains(hosts, d) {
			hosts = append(hosts, d)
		}
	}
	zones := namedZones(v.Reply.Text())
	if len(zones) == 0 {
		zones = slices.Concat(v.env.publicZones(), v.env.Asked)
	}
	var sources []dnsbl.Source
	for _, z := range zones {
		if s := dnsbl.Find(z); s.Takes(dnsbl.Domains) {
			sources = append(sources, s)
		}
	}
	out := make([]dnsbl.Listing, len(sources)*len(hosts))
	var wg sync.WaitGroup
	for i := range out {
		wg.Go(func() { out[i] = sources[i/len(hosts)].Domain(ctx, v.env.DNS, hosts[i%len(hosts)]) })
	}
	wg.Wait()
	v.mail.links = out
}
