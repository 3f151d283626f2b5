package spf

// FaultKind names what is wrong at one place of a record. Any fault makes the
// record a permerror (RFC 7208 §4.6).
type FaultKind string

// The faults.
const (
	FaultVersion     FaultKind = "version"            // it does not begin with v=spf1 (§4.5)
	FaultCharacter   FaultKind = "character"          // a control character or one outside ASCII (§3.1, §4.6.1)
	FaultMechanism   FaultKind = "unknown-mechanism"  // no such mechanism (§4.6.1)
	FaultModifier    FaultKind = "modifier-name"      // a name before "=" that is none (§4.6.1)
	FaultColon       FaultKind = "modifier-colon"     // redirect: or exp: instead of "=" (§6)
	FaultEquals      FaultKind = "modifier-equals"    // redirect or exp alone, without "=" and a name (§6)
	FaultBlank       FaultKind = "blank-inside"       // a blank within a term: "include: a.test", "- all" (§4.6.1)
	FaultNoArgument  FaultKind = "missing-argument"   // include, exists, ip4, ip6, redirect, exp need one; a ":" too
	FaultArgument    FaultKind = "extra-argument"     // all takes none, ptr and include no prefix length (§5)
	FaultIP4         FaultKind = "ip4-address"        // (§5.6)
	FaultIP6         FaultKind = "ip6-address"        // (§5.6)
	FaultCIDR        FaultKind = "prefix-length"      // (§5.3, §5.6)
	FaultMacro       FaultKind = "macro"              // a "%" that begins no macro (§7.1)
	FaultMacroLetter FaultKind = "macro-letter"       // an unknown letter, or one for explanations only (§7.2)
	FaultDomain      FaultKind = "domain"             // a domain that ends in no top-level label (§7.1)
	FaultAddress     FaultKind = "address-as-domain"  // a:192.0.2.1 where ip4:192.0.2.1 is meant
	FaultDuplicate   FaultKind = "duplicate-modifier" // a second redirect= or exp= (§6)
)

// Fault is one thing wrong with a record, as data.
type Fault struct {
	Kind   FaultKind
	Offset int    // octets from the start of the record
	Text   string // what stands there
}

// LintKind names what is allowed in a record and yet unwise.
type LintKind string

// The lints.
const (
	LintNoAll      LintKind = "no-all"      // neither all nor redirect: the rest of the world is neutral (§4.7)
	LintNeutralAll LintKind = "neutral-all" // ?all says nothing
	LintPTR        LintKind = "ptr"         // slow and unreliable (§5.5)
	LintAfterAll   LintKind = "after-all"   // never reached (§5.1, §6.1)
	LintMacro      LintKind = "macro"       // the answer depends on %{l}, %{s} or %{p} (§7.3, §11.5)
	LintGlued      LintKind = "glued"       // a name that nobody can have: blanks are missing in it
	LintVersion    LintKind = "version"     // a second v=spf1: two records were joined, and it is an unknown modifier (§6)
	LintIgnored    LintKind = "ignored"     // a mechanism's name with "=": an unknown modifier that nobody reads (§6)
	LintLong       LintKind = "long"        // the answer may not fit in 512 octets (§3.4)
	LintTooLong    LintKind = "too-long"    // the record alone does not fit in 512 octets
)

// Lint is one unwise thing in a record, as data.
type Lint struct {
	Kind   LintKind
	Offset int
	Text   string
}

// The lengths that lints look at (RFC 7208 §3.4).
const (
	LongRecord    = 450
	TooLongRecord = 512
)

// Lints finds what is unwise in a record.
func (r *Record) Lints() []Lint {
	var out []Lint
	add := func(k LintKind, t *Term) { out = append(out, Lint{Kind: k, Offset: t.Offset, Text: t.Text}) }
	all := r.All()
	for i := range r.Terms {
		t := &r.Terms[i]
		if all != nil && t != all && (t.Offset > all.Offset && t.IsMechanism() || t.Kind == Redirect) {
			add(LintAfterAll, t)
			continue
		}
		if k := t.lint(t == all); k != "" {
			add(k, t)
		}
		if t.Kind != Exp && t.Kind != Unknown && t.Domain.fragile() {
			add(LintMacro, t)
		}
	}
	if all == nil && r.Redirect() == nil {
		out = append(out, Lint{Kind: LintNoAll, Offset: len(r.Text)})
	}
	if n := len(r.Text); n > TooLongRecord {
		out = append(out, Lint{Kind: LintTooLong, Offset: TooLongRecord})
	} else if n > LongRecord {
		out = append(out, Lint{Kind: LintLong, Offset: LongRecord})
	}
	return out
}

// lint says what is unwise about a term by itself, "" where nothing is; last tells that it is the all that ends the record.
func (t *Term) lint(last bool) LintKind {
	switch {
	case last && t.Qualifier == '?':
		return LintNeutralAll
	case t.Kind == PTR:
		return LintPTR
	case t.ignored():
		return LintIgnored
	case t.slip() != "" && t.Kind == Unknown:
		return LintVersion
	case t.slip() != "":
		return LintGlued
	}
	return ""
}

// fragile reports whether a macro makes the answer differ by local part, which
// no report and no cache foresees, or by %{p}, which must not be used
// (RFC 7208 §7.3).
func (s Spec) fragile() bool {
	if s.HasMacro() {
		for p := range s.Parts() {
			if l := p.Macro.Letter; l == 'l' || l == 's' || l == 'p' {
				return true
			}
		}
	}
	return false
}
