package guide

import (
	"context"
	"slices"
	"sync"

	"todoku/codes"
	"todoku/diag"
	"todoku/diag/dnsbl"
)

var content = &Cause{
	ID: "content", Fault: FaultOurs, Looks: lookLinks, Answers: refusal,
	Reasons: []string{"spam", "virus", "content_refused", "message_format", "policy", "unspecified", "domain_reputation", "delivered"},
	Steps:   []string{"change_content"},
	Check:   codes.Todoku("diagnose", "--last", "--verify"),
	Title:   codes.Text{EN: "the content of the mail", JA: "メールの内容"},
	Says:    codes.Text{EN: "the mail holds {what}", JA: "メールに{what}が含まれていること"},
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
		if f := e.Message.dangerous(); f != "" && (slices.Contains(e.reasons, "content_refused") || slices.Contains(e.reasons, "virus")) {
			return what("the attachment "+f+", a kind that receivers refuse", "受信側が拒否する種類の添付ファイル "+f)
		}
		for _, l := range e.links {
			if l.Listed {
				return what("a link to "+l.Subject+", which "+l.Zone+" lists", l.Zone+" に登録されたリンク先 "+l.Subject).
					shown(diag.Seen(l.Answer)...)
			}
		}
		return open(nil).because("message", codes.Text{EN: "nothing that can be looked up speaks against the content", JA: "確認できる範囲では、内容に問題は見つかりません"})
	},
}

// askLinks asks the lists of domains about what the mail links to.
func (e *evidence) askLinks(ctx context.Context) []dnsbl.Listing {
	zones := namedZones(e.Reply.Text())
	if len(zones) == 0 {
		zones = slices.Concat(e.env.DomainLists, e.env.Asked)
	}
	var out []dnsbl.Listing
	for _, z := range zones {
		for _, d := range e.Message.Links {
			out = append(out, dnsbl.Listing{Zone: z, Subject: d})
		}
	}
	var wg sync.WaitGroup
	for i := range out {
		wg.Go(func() { out[i] = dnsbl.Domain(ctx, e.env.DNS, out[i].Zone, out[i].Subject) })
	}
	wg.Wait()
	return out
}
