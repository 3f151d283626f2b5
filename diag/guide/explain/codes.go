package explain

import (
	"slices"
	"strconv"
	"strings"

	"todoku/codes"
)

// delivery reads a delivery code: 42553.
func (x Explainer) delivery(word string) []Reading {
	code, err := strconv.Atoi(word)
	if len(word) != 5 || err != nil {
		return nil
	}
	d, ok := x.Delivery(word)
	if reply := code - 42000; !ok && 400 <= reply && reply < 600 { // 42 and a reply that nobody documents
		d = x.Classify(codes.Reply{Code: reply}, codes.Context{}).Delivery
		d.Meaning = digitMeaning(reply)
		d.Title = codes.Text{EN: "Reply " + word[2:] + " (not standard)", JA: "応答コード" + word[2:] + "(標準外)"}
	}
	if d.ID == "" {
		return nil
	}
	return []Reading{x.deliveryReading(d)}
}

func (x Explainer) deliveryReading(d codes.Delivery) Reading {
	out := Reading{Kind: KindDelivery, ID: d.ID, Title: d.Title, Meaning: d.Meaning, Certainty: d.Certainty,
		Delivery: d}
	for _, id := range d.Reasons {
		if r, ok := x.Reason(id); ok {
			out.Reasons = append(out.Reasons, r)
		}
	}
	out.Pattern, _ = x.Pattern(d.Pattern)
	out.Causes = out.Pattern.Causes
	steps := d.Steps
	if len(steps) == 0 {
		steps = out.Pattern.Steps
	}
	if len(out.Causes) == 0 {
		for _, r := range out.Reasons {
			out.Causes = append(out.Causes, codes.Cause{Text: r.Meaning})
		}
	}
	if len(out.Reasons) > 0 {
		if first := out.Reasons[0]; len(steps) == 0 && d.Result == "error" {
			steps = first.Remedies
		}
	}
	out.Steps = x.remedies(steps)
	code, _ := strconv.Atoi(d.ID)
	if basic, ok := x.Basic(code - 42000); ok {
		out.Permanent = replyPermanent(basic.Code)
		if basic.Ref != "" {
			out.Refs = []codes.Text{codes.Same(basic.Ref)}
		}
		out.See = []string{strconv.Itoa(basic.Code)}
	}
	out.Action = x.deliveryAction(d)
	return out
}

// deliveryAction is what a code asks for by itself: what its pattern begins with.
func (x Explainer) deliveryAction(d codes.Delivery) codes.Action {
	switch d.Pattern {
	case "A":
		if slices.Contains(d.Steps, "countermeasure_spf") {
			return codes.ActionFixDNS
		}
		return codes.ActionCorrectAddress
	case "B":
		return codes.ActionWait
	case "C":
		return codes.ActionContactAdmin
	case "G":
		return codes.ActionCorrectAddress
	}
	if d.Result == "ok" || len(d.Reasons) == 0 {
		return codes.ActionNone
	}
	r, _ := x.Reason(d.Reasons[0])
	return r.Action
}

// replyCode reads a bare SMTP reply code: 550. It leads to a delivery code.
func (x Explainer) replyCode(word string) []Reading {
	code, err := strconv.Atoi(word)
	if len(word) != 3 || err != nil || code < 200 || code > 599 {
		return nil
	}
	basic, known := x.Basic(code)
	v := x.Classify(codes.Reply{Code: code}, codes.Context{})
	if code == 250 { // what people ask about is the last reply
		v = x.Classify(codes.Reply{Code: code}, codes.Context{Stage: codes.StageBody})
	}
	out := Reading{Kind: KindReplyCode, ID: word, Title: basic.Title, Meaning: digitMeaning(code),
		Certainty: codes.Documented, Reason: v.Reason, Permanent: v.Permanent, Action: v.Action, Steps: v.Remedies}
	switch {
	case !known:
		out.Certainty, out.Title = codes.Inferred, codes.Text{EN: "No standard defines this code", JA: "標準の規格にないコード"}
	case basic.Ref == "":
		out.Certainty = codes.Observed
	default:
		out.Refs = []codes.Text{codes.Same(basic.Ref)}
	}
	if code < 400 {
		out.Delivery, out.Steps, out.Action = v.Delivery, nil, codes.ActionNone
		if code != 250 {
			out.Delivery, out.Reason = codes.Delivery{}, codes.Reason{}
		}
		return []Reading{out}
	}
	delivery := x.delivery("42" + word)[0] // every refusal has its code
	out.Delivery, out.Pattern, out.Causes = v.Delivery, delivery.Pattern, delivery.Causes
	if v.Reason.ID == "unspecified" {
		out.Reason = codes.Reason{ID: v.Reason.ID, Class: v.Reason.Class, Title: v.Reason.Title}
		out.Action, out.Steps = delivery.Action, delivery.Steps
	}
	return []Reading{out, delivery}
}

// digitMeaning is what the first digit says by itself (RFC 5321 §4.2.1).
func digitMeaning(code int) codes.Text {
	switch code / 100 {
	case 2:
		return codes.Text{EN: "The server did what it was asked to do.", JA: "サーバーが要求を正常に処理しました。"}
	case 3:
		return codes.Text{EN: "The server waits for more: the message, or the next step of a login.", JA: "サーバーが続き(メール本文や認証の次の手順)を待っています。"}
	case 4:
		return codes.Text{EN: "The server refuses for now; the same mail may pass later.", JA: "サーバーが一時的に拒否しました。同じメールでも後で届く可能性があります。"}
	}
	return codes.Text{EN: "The server refuses for good; the same mail will be refused again. The text behind the code says why.", JA: "サーバーが恒久的に拒否しました。同じメールは再び拒否されます。理由は、コードの後に続く文言で分かります。"}
}

func replyPermanent(code int) codes.Tri {
	switch code / 100 {
	case 4:
		return codes.No
	case 5:
		return codes.Yes
	}
	return codes.Unknown
}

// maxReadings bounds the provider's own senses of a code that are told in full.
const maxReadings = 3

// enhanced reads an enhanced status code: 5.7.26, or X.7.26 of any class.
func (x Explainer) enhanced(word string) []Reading {
	anyClass := strings.HasPrefix(word, "x.")
	number := word
	if anyClass {
		number = "5" + word[1:]
	}
	e, ok := codes.ParseEnhanced(number)
	if !ok {
		return nil
	}
	code := 0
	if !anyClass {
		code = e.Class * 100
	}
	status, known := x.Status(e)
	v := x.Classify(codes.Reply{Enhanced: e}, codes.Context{})
	reason, _ := x.Reason(status.Reason)
	out := Reading{Kind: KindEnhanced, ID: strings.ToUpper(word), Title: status.Title, Meaning: reason.Meaning,
		Reason: reason, Certainty: codes.Documented, Refs: []codes.Text{codes.Same(status.Ref)}, Permanent: replyPermanent(code),
		Action: reason.Action, Steps: x.remedies(reason.Remedies), Causes: []codes.Cause{{Text: reason.Meaning}}}
	if !known {
		out.Certainty, out.Refs, out.Reason = codes.Inferred, []codes.Text{codes.Same("RFC 3463")}, v.Reason
		out.Title, out.Meaning = codes.Text{EN: "Not in the registry", JA: "登録簿にないコード"}, subjectMeaning(e)
		out.Causes, out.Steps, out.Action = []codes.Cause{{Text: out.Meaning}}, v.Remedies, v.Action
	}
	switch e.Class {
	case 2:
		out.Steps, out.Action, out.Causes, out.Reason, out.Meaning = nil, codes.ActionNone, nil, codes.Reason{}, digitMeaning(code)
	case 4:
		if out.Action == codes.ActionCorrectAddress {
			out.Action = codes.ActionWait
		}
	}
	list := []Reading{out}
	for i, r := range x.naming(e) {
		if i < maxReadings {
			list = append(list, x.wordingReading(r))
		} else {
			list[0].See = append(list[0].See, r.ID)
		}
	}
	return list
}

// naming lists the providers' rules that are about this very code.
func (x Explainer) naming(e codes.Enhanced) []*codes.Rule {
	var out []*codes.Rule
	for _, r := range x.Rules() {
		on := strings.Fields(r.On)
		if r.Provider == "" {
			continue
		}
		if slices.Contains(on, e.String()) || slices.Contains(on, "X."+e.Status()) {
			out = append(out, r)
		}
	}
	return out
}

// subjectMeaning is what the first two numbers say by themselves (RFC 3463 §2).
func subjectMeaning(e codes.Enhanced) codes.Text {
	about := []codes.Text{
		{}, {EN: "the address", JA: "アドレス"}, {EN: "the mailbox", JA: "メールボックス"}, {EN: "the receiving system", JA: "受信側のシステム"},
		{EN: "network or routing", JA: "ネットワークまたは経路"}, {EN: "the SMTP session", JA: "SMTPの通信手順"}, {EN: "the content or form of the mail", JA: "メールの内容または形式"}, {EN: "security or policy", JA: "セキュリティまたはポリシー"},
	}
	if e.Subject == 0 || e.Subject >= len(about) {
		return digitMeaning(e.Class * 100)
	}
	return codes.Text{EN: "The second number says that it is about " + about[e.Subject].EN + ".", JA: "2番目の数字は、" + about[e.Subject].JA + "に関するものであることを示します。"}
}
