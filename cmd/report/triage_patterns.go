package report

import (
	"todoku/codes"
	"todoku/diag/triage"
)

// patternText is what the numbers of a group tell, in words.
func patternText(r *triage.Triage, g *triage.Group, p triage.Pattern, o Options) codes.Text {
	at := providerName(g.Provider, o)
	data := func(name string) codes.Data {
		return codes.Data{codes.Str("provider", name), codes.Str("at", clock(r, p.At)), figure("before", p.Before), figure("some", p.Some),
			figure("of", p.Of), codes.Str("value", shown(p.Value)), codes.Num("many", p.Many)}
	}
	says := patternWords()[p.Kind]
	return codes.Text{EN: fill(says, data(at.EN), codes.English), JA: fill(says, data(at.JA), codes.Japanese)}
}

// patternWords are the patterns in words.
func patternWords() map[triage.PatternKind]codes.Text {
	return map[triage.PatternKind]codes.Text{
		triage.ArrivedLater: {EN: "{some} of these {of} mails arrived later: nothing to do", JA: "これらのメール{of}件のうち{some}件は、その後届いています。対応は不要です"},
		triage.Sudden: {EN: "it began at {at}; before that, {before} mails arrived at {provider}. Something changed then: look at our side first (records, sending address, content, volume)",
			JA: "{at}に始まりました。それまでに{provider}宛ての{before}件は届いています。この時刻に何かが変わっています。まず送信側(DNSレコード、送信元IPアドレス、本文、送信量)を確認してください"},
		triage.Over:       {EN: "it ended at {at}: since then, {before} mails arrived at {provider}", JA: "{at}に収まりました。その後は{provider}宛ての{before}件が届いています"},
		triage.Always:     {EN: "not one mail arrived at {provider} in this time: it is no matter of single addresses", JA: "この期間に{provider}宛てで届いたメールは1件もありません。個々の宛先の問題ではありません"},
		triage.Everywhere: {EN: "the same at {many} providers, which know nothing of each other: the cause is on our side", JA: "互いに無関係な{many}社で同じエラーです。要因は送信側にあります"},
		triage.OldList:    {EN: "spread over {many} domains: the list is old or was never confirmed. Remove these addresses", JA: "{many}ドメインにわたっています。宛先リストが古いか、登録時の確認がされていません。これらの宛先をリストから外してください"},
		triage.OneDomain:  {EN: "only {value}, and no other domain: look at that receiver first", JA: "{value} だけで、ほかのドメインでは起きていません。まず受信側を確認してください"},
		triage.OneSender:  {EN: "only mails from {value}: the other senders are not refused for this", JA: "送信元が {value} のメールだけです。ほかの送信元では起きていません"},
		triage.OneAddress: {EN: "only mails that left from {value}: our other addresses are not refused for this", JA: "{value} から送信したメールだけです。ほかの送信元IPアドレスでは起きていません"},
	}
}
