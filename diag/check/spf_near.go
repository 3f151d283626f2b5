package check

import (
	"todoku/codes"
	"todoku/diag/spf"
)

// missWords shows a text that is meant as an SPF record, and says why it is none; nothing where there is no such text.
func missWords(text string, near spf.Miss) codes.Text {
	why, ok := misses()[near]
	if !ok {
		return codes.Text{}
	}
	show := func(l codes.Lang) string {
		t := codes.Text{EN: ": \"{text}\" is meant as one, but {why}", JA: ":「{text}」はSPFレコードのつもりと思われますが、{why}"}
		return t.Fill(l, codes.Data{codes.Start("text", text, 500), codes.Words("why", why)}, func(d codes.Datum) string { return d.In(l) })
	}
	return codes.Text{EN: show(codes.English), JA: show(codes.Japanese)}
}

// misses says why a text is no SPF record.
func misses() map[spf.Miss]codes.Text {
	return map[spf.Miss]codes.Text{
		spf.MissBefore:  {EN: "a blank or an invisible character stands before v=spf1", JA: "v=spf1 の前に空白または見えない文字があります"},
		spf.MissQuotes:  {EN: "quotation marks belong to its text", JA: "引用符がレコードの値に含まれています"},
		spf.MissWidth:   {EN: "it is not written in ASCII (full-width or similar characters)", JA: "全角などASCII以外の文字が使われています"},
		spf.MissBlank:   {EN: "v=spf1 must be followed by a blank", JA: "v=spf1 の直後は半角の空白でなければなりません"},
		spf.MissVersion: {EN: "it does not begin with v=spf1", JA: "v=spf1 で始まっていません"},
		spf.MissNone:    {EN: "v=spf1 is missing at its start", JA: "先頭の v=spf1 がありません"},
		spf.MissInside:  {EN: "v=spf1 stands behind other text", JA: "v=spf1 の前にほかの文字列があります"},
	}
}
