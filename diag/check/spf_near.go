package check

import (
	"slices"

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
	text   string         // what is meant as an SPF record, or ""
	miss   spf.Miss       // why it is none
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
			out.status, out.text, out.miss = "near-miss", r.Text, miss
			break
		}
	}
	return out
}

// misplaced looks for the record of the domain at the name with the domain or its zone once more behind it (a final dot
// forgotten, RFC 1035 §5.1). A text of the wildcard there is nobody's record.
func (c *spfRun) misplaced(out *absent) {
	ends := []string{c.domain}
	if zone := dmarc.Registered(c.domain); zone != c.domain {
		ends = append(ends, zone)
	}
	if out.answer.Status == resolve.NoName { // nothing is below it
		ends = ends[1:]
	}
	for _, end := range ends {
		name := c.domain + "." + end
		if len(name) > maxNameLength {
			continue
		}
		a, err := c.dns.Ask(c.ctx, name, resolve.TypeTXT)
		i := slices.IndexFunc(a.Records[:min(len(a.Records), maxTexts)], func(r resolve.Record) bool { return meantSPF(r.Text) })
		if err != nil || i < 0 {
			continue
		}
		any, err := c.dns.Ask(c.ctx, "*."+end, resolve.TypeTXT)
		if err != nil || slices.Contains(any.Texts(), a.Records[i].Text) {
			continue
		}
		out.text, out.place = a.Records[i].Text, a
		return
	}
}

// meantSPF reports a text that is an SPF record, or meant as one.
func meantSPF(text string) bool { return spf.IsSPF(text) || spf.NearMiss(text) != "" }

// readings are the records that the text may mean, the likeliest first.
func (a *absent) readings() []string {
	if spf.IsSPF(a.text) {
		return spf.Readings(a.text)
	}
	return spf.Meant(a.text)
}

// saw hangs on a finding what was seen.
func (a *absent) saw(f *diag.Finding) {
	if a.miss != "" {
		sawText(f, a.answer, a.text)
		return
	}
	f.Saw(a.answer)
	if a.place.Name != "" {
		sawText(f, a.place, a.text)
	}
}

func (a *absent) data() []codes.Datum {
	return []codes.Datum{codes.Str("status", a.status), codes.Str("text", a.text), codes.Str("miss", string(a.miss)),
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
	m := codes.Say(t, codes.Start("text", a.text, 500), codes.Words("why", why), codes.Str("place", a.place.Name), codes.Str("alias", a.alias))
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
