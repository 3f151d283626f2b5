package check

import (
	"cmp"
	"slices"
	"strings"

	"todoku/codes"
	"todoku/diag"
	"todoku/diag/dmarc"
	"todoku/diag/resolve"
	"todoku/diag/spf"
)

// absent is a name without an SPF record, and what is there instead.
type absent struct {
	answer resolve.Answer // of the name
	status string
	alias  string         // where the name leads, as there is nothing, or ""
	texts  []string       // that are meant as SPF records
	miss   spf.Miss       // why the first is none
	place  resolve.Answer // of the other name at which it stands; without records where there is none
}

// absentSPF says what a name holds that has no SPF record.
func absentSPF(a resolve.Answer) absent {
	out := absent{answer: a, status: absence(a)}
	if n := len(a.Chain); n > 0 && a.Status != resolve.Found {
		out.status, out.alias = "alias", a.Chain[n-1]
	}
	for _, r := range a.Records[:min(len(a.Records), maxTexts)] {
		if miss := spf.NearMiss(r.Text); miss != "" {
			out.status, out.miss = "near-miss", cmp.Or(out.miss, miss)
			out.texts = append(out.texts, r.Text)
		}
	}
	return out
}

// misplaced looks for the record of the domain at the name with the domain twice. A text of the wildcard there is nobody's
// record.
func (c *spfRun) misplaced(out *absent) {
	names := twice(c.domain, c.domain, dmarc.Registered(c.domain), !out.answer.NoSuchName())
	for i, a := range askAll(c.ctx, c.dns, names) {
		texts := slices.DeleteFunc(a.Texts(), func(text string) bool { return !meantSPF(text) })
		if len(texts) == 0 {
			continue
		}
		any, err := c.dns.Ask(c.ctx, "*"+strings.TrimPrefix(names[i], c.domain), resolve.TypeTXT)
		if err == nil && !slices.Contains(any.Texts(), texts[0]) {
			out.texts, out.place = texts, a
			return
		}
	}
}

// meantSPF reports a text that is an SPF record, or meant as one.
func meantSPF(text string) bool { return spf.IsSPF(text) || spf.NearMiss(text) != "" }

// readingsOf are the records that a text may mean, the likeliest first; of several texts the one that they make together.
func readingsOf(texts []string) []string {
	var each []string
	for _, text := range texts {
		readings := spf.Meant(text)
		if spf.IsSPF(text) {
			readings = spf.Readings(text)
		}
		if len(readings) == 0 || len(texts) == 1 {
			return readings
		}
		each = append(each, readings[0])
	}
	joined, ok := spf.Join(each)
	if !ok {
		return nil
	}
	return []string{joined}
}

// saw hangs on a finding what was seen.
func (a *absent) saw(f *diag.Finding) {
	if a.miss != "" {
		sawTexts(f, a.answer, a.texts)
		return
	}
	f.Saw(a.answer)
	if a.place.Name != "" {
		sawTexts(f, a.place, a.texts)
	}
}

// text is the first that is meant as a record, or "".
func (a *absent) text() string {
	if len(a.texts) == 0 {
		return ""
	}
	return a.texts[0]
}

func (a *absent) data() []codes.Datum {
	return []codes.Datum{codes.Str("status", a.status), codes.Str("text", a.text()), codes.Str("miss", string(a.miss)),
		codes.Str("alias", a.alias), codes.Str("place", a.place.Name), codes.Words("shown", a.words())}
}

// words shows what is there: a text that is meant as an SPF record and why it is none, the name at which one stands instead,
// or where an alias leads.
func (a *absent) words() codes.Text {
	var t codes.Text
	why, known := misses()[a.miss]
	switch {
	case known:
		t = codes.Text{EN: ": \"{text}\" is meant as one, but {why}", JA: ":「{text}」はSPFレコードのつもりと思われますが、{why}"}
	case a.place.Name != "":
		t = codes.Text{EN: ": it stands at {place}, where nobody looks: the domain was added to the name once too often",
			JA: ":{place} に設定されていますが、受信側はこの名前を参照しません(ドメイン名が二重に付いています)"}
	case a.alias != "":
		t = codes.Text{EN: ": {alias}", JA: ":{alias}"}
	}
	m := codes.Say(t, codes.Start("text", a.text(), 500), codes.Words("why", why), codes.Str("place", a.place.Name),
		codes.Str("alias", a.alias))
	return codes.Text{EN: m.In(codes.English), JA: m.In(codes.Japanese)}
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
