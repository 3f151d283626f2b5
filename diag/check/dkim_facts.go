package check

import (
	"todoku/codes"
	"todoku/diag"
)

// DKIMFacts is what the DKIM check saw of a domain's keys (RFC 6376 §3.6).
type DKIMFacts struct {
	Selectors []DKIMSelector `json:"selectors"`
	Probed    int            `json:"probed"` // selectors asked for
	expected  bool           // a selector was given, or an alias stands there: a key should be
}

// DKIMSelector is one key record that was found.
type DKIMSelector struct {
	Selector string   `json:"selector"`
	Domain   string   `json:"domain"`
	Source   string   `json:"source"` // "given", "well-known", "provider:NAME", "seen"
	KeyType  string   `json:"key_type"`
	KeyBits  int      `json:"key_bits"`
	Flags    []string `json:"flags"`
	Revoked  bool     `json:"revoked"`
	Testing  bool     `json:"testing"`
	CNAME    string   `json:"cname"` // last name of the alias chain, or ""
	Provider string   `json:"provider"`
	Record   string   `json:"record"`
	TTL      uint32   `json:"ttl"`
}

// Lines lists the keys. Without any, the findings say what was probed; a selector would help unless a key was expected
// somewhere and is not there.
func (f *DKIMFacts) Lines() []diag.Line {
	found := codes.Text{EN: "found {n} of {m} selectors probed; others may exist", JA: "試した{m}個のセレクターのうち{n}個で鍵を確認しました(ほかにもある可能性があります)"}
	if len(f.Selectors) == 0 && !f.expected {
		return []diag.Line{diag.None(codes.Text{
			EN: "looking for a key needs its selector: --selector NAME", JA: "鍵のセレクターが分かる場合は --selector NAME で指定してください"})}
	}
	head := diag.Say(found, codes.Num("n", len(f.Selectors)), codes.Num("m", f.Probed))
	head.Absent = len(f.Selectors) == 0
	out := []diag.Line{head}
	for _, s := range f.Selectors {
		out = append(out, s.line().By(2))
	}
	return out
}

// line shows a key.
func (s DKIMSelector) line() diag.Line {
	l := diag.Show("{selector}  {type}", codes.Str("selector", s.Selector), codes.Str("type", s.KeyType))
	if s.KeyBits > 0 {
		l = l.And(codes.Text{EN: "  {n} bits", JA: "  {n}ビット"}, codes.Num("n", s.KeyBits))
	}
	if s.Revoked {
		l = l.And(codes.Text{EN: "  revoked", JA: "  失効"})
	}
	if s.Testing {
		l = l.And(codes.Text{EN: "  testing", JA: "  テスト中"})
	}
	if s.CNAME != "" {
		l = l.AndShow("  → {alias}", codes.Str("alias", s.CNAME))
	}
	if s.Provider != "" {
		l = l.AndShow("  ({provider})", codes.Str("provider", s.Provider))
	}
	return l
}
