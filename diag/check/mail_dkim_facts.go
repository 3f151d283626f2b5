package check

import (
	"encoding/base64"
	"time"

	"todoku/codes"
	"todoku/diag"
	"todoku/diag/dkim"
)

// MailDKIMFacts is what the signatures of a mail say (RFC 6376).
type MailDKIMFacts struct {
	Signatures []MailSignature `json:"signatures"`
	DKIM2      int             `json:"dkim2_signatures"` // fields DKIM2-Signature, which are not judged
	Reported   []AuthReport    `json:"reported"`         // by the receiver's own servers
}

// MailSignature is one signature of a mail.
type MailSignature struct {
	Domain           string   `json:"domain"`
	Selector         string   `json:"selector"`
	Identity         string   `json:"identity"`
	Result           string   `json:"result"` // pass, fail, permerror, temperror, neutral
	Reason           string   `json:"reason"` // the first of reasons; "" where it passes
	Reasons          []string `json:"reasons"`
	Algorithm        string   `json:"algorithm"`
	KeyBits          int      `json:"key_bits"`
	Canonicalization string   `json:"canonicalization"`
	BodyHash         string   `json:"body_hash"`
	ComputedBodyHash string   `json:"computed_body_hash"`
	SignedHeaders    []string `json:"signed_headers"`
	Oversigned       []string `json:"oversigned"`    // names of which one more field would break it
	UnsignedBody     int64    `json:"unsigned_body"` // octets behind l=
	Signed           string   `json:"signed"`        // t=, RFC 3339; "" where it is not given
	Expires          string   `json:"expires"`       // x=
	Testing          bool     `json:"testing"`
	// Changed is what changed since it was made, where it fails by that; certain ones first told of the header, then of the body.
	Changed []MailChange `json:"changed"`
	Bounds  []string     `json:"changed_bounds"` // limits of ours that the search for it reached
}

func newMailDKIMFacts(m *Mail, v dkim.Report) *MailDKIMFacts {
	f := &MailDKIMFacts{Signatures: []MailSignature{}, DKIM2: len(dkim.DKIM2(m.Raw)), Reported: m.reports("dkim")}
	for _, s := range v.Signatures {
		g := MailSignature{Domain: s.Domain, Selector: s.Selector, Identity: s.Identity, Result: string(s.Result), Reason: string(s.Reason),
			Reasons: []string{}, Algorithm: string(s.Algorithm), KeyBits: s.KeyBits(), Canonicalization: s.Canon,
			BodyHash: base64.StdEncoding.EncodeToString(s.BodyHash), ComputedBodyHash: base64.StdEncoding.EncodeToString(s.Computed),
			SignedHeaders: notNil(s.Signed), Oversigned: notNil(s.Absent), UnsignedBody: s.Unsigned, Signed: stamp(s.Time),
			Expires: stamp(s.Expires), Testing: s.Testing(), Changed: []MailChange{}, Bounds: []string{}}
		for _, r := range s.Reasons {
			g.Reasons = append(g.Reasons, string(r))
		}
		f.Signatures = append(f.Signatures, g)
	}
	return f
}

// notNil is a list that is [] in JSON where it is empty.
func notNil(list []string) []string { return append([]string{}, list...) }

func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

// Looked reports whether there is a signature to look at. Its absence is told by a finding.
func (f *MailDKIMFacts) Looked() bool { return len(f.Signatures) > 0 }

// Lines shows each signature, and what the receiver's servers said.
func (f *MailDKIMFacts) Lines() []diag.Line {
	if len(f.Signatures) == 0 {
		return append([]diag.Line{diag.None(codes.Text{EN: "no signature", JA: "署名なし"})}, reportLines(f.Reported)...)
	}
	var out []diag.Line
	for _, s := range f.Signatures {
		out = append(out, s.line())
		for _, r := range s.Reasons[min(1, len(s.Reasons)):] {
			out = append(out, diag.Say(codes.Text{EN: "also: {reason}", JA: "ほかの理由: {reason}"}, codes.Words("reason", DKIMReason(dkim.Reason(r)))).By(2))
		}
	}
	return append(out, reportLines(f.Reported)...)
}

// line shows a signature and its result.
func (s MailSignature) line() diag.Line {
	l := diag.Show("{domain}  s={selector}  {algorithm}", codes.Str("domain", s.Domain), codes.Str("selector", s.Selector),
		codes.Str("algorithm", s.Algorithm))
	if s.KeyBits > 0 {
		l = l.And(codes.Text{EN: "  {n} bits", JA: "  {n}ビット"}, codes.Num("n", s.KeyBits))
	}
	l = l.AndShow("  → {result}", codes.Str("result", s.Result))
	if s.Reason != "" {
		l = l.And(codes.Text{EN: ": {reason}", JA: "({reason})"}, codes.Words("reason", DKIMReason(dkim.Reason(s.Reason))))
	}
	return l
}
