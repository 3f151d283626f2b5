package check

import (
	"strings"
	"time"

	"todoku/codes"
	"todoku/diag"
	"todoku/diag/bimi"
)

// BIMIFacts is what a domain publishes for its logo.
type BIMIFacts struct {
	Domain      string    `json:"domain"` // where the record was found
	OrgDomain   string    `json:"org_domain"`
	Selector    string    `json:"selector"`
	Record      string    `json:"record"`
	TTL         uint32    `json:"ttl"`
	Location    string    `json:"location"`  // l=
	Authority   string    `json:"authority"` // a=
	AVP         string    `json:"avp"`       // "brand" or "personal"; "" without a record
	Declined    bool      `json:"declined"`
	DMARCOK     *bool     `json:"dmarc_ok"` // null: not known
	Visited     bool      `json:"visited"`  // the files were fetched, or that was tried
	SVG         *BIMILogo `json:"svg"`      // null: not seen
	Certificate *BIMIMark `json:"certificate"`
	Result      string    `json:"result"` // pass, fail, none, declined, skipped, temperror; "" where the files were not fetched
}

// BIMILogo is the logo at l= (draft-svg-tiny-ps-abrotman).
type BIMILogo struct {
	URL        string      `json:"url"` // where it was in the end
	Type       string      `json:"content_type"`
	Bytes      int         `json:"bytes"` // unpacked
	Compressed bool        `json:"compressed"`
	SHA256     string      `json:"sha256"`
	Title      string      `json:"title"`
	Width      float64     `json:"width"`
	Height     float64     `json:"height"`
	Faults     []BIMIFault `json:"faults"`
}

// BIMIFault is one kind of fault of a logo or a certificate.
type BIMIFault struct {
	Kind     string `json:"kind"`
	Line     int    `json:"line"`  // of a logo: of the first
	Count    int    `json:"count"` // how often
	Name     string `json:"name"`
	Value    string `json:"value"`
	Expected string `json:"expected"`
}

// BIMIMark is the mark certificate at a= (draft-fetch-validation-vmc-wchuang).
type BIMIMark struct {
	URL          string      `json:"url"`
	Type         string      `json:"type"` // "vmc", "cmc" or ""
	MarkType     string      `json:"mark_type"`
	Subject      string      `json:"subject"`
	Issuer       string      `json:"issuer"`
	Names        []string    `json:"names"`
	Expires      string      `json:"expires"`
	Trusted      *bool       `json:"trusted"`      // null: not judged, as where no roots were given
	Transparency bool        `json:"transparency"` // it holds proofs, which are not verified
	Logo         *bool       `json:"logo_matches"` // the logo in it and the one at l= are one; null: not known
	Faults       []BIMIFault `json:"faults"`

	leaf bool // it is a mark certificate
}

// Looked reports whether there was a record to look at.
func (f *BIMIFacts) Looked() bool { return f.Record != "" }

// takeSVG takes what was seen of the logo.
func (f *BIMIFacts) takeSVG(file *bimiFile, s *bimi.SVG) {
	f.SVG = &BIMILogo{URL: file.url, Type: file.page.Type, Bytes: len(s.Data), Compressed: s.Compressed, SHA256: s.SHA256,
		Title: shortened(s.Title),
		Width: s.Width, Height: s.Height, Faults: []BIMIFault{}}
	for _, x := range s.Faults {
		f.SVG.Faults = append(f.SVG.Faults, BIMIFault{string(x.Kind), x.Line, x.Count, x.Name, shortened(x.Value), x.Expected})
	}
}

// takeCertificate takes what was seen of the certificate.
func (f *BIMIFacts) takeCertificate(file *bimiFile, e *bimi.Evidence, trust bimi.Trust, faults []bimi.CertFault) {
	c := &BIMIMark{URL: file.url, Names: []string{}, Faults: []BIMIFault{}}
	f.Certificate = c
	for _, x := range faults {
		value := shortened(x.Value)
		if !x.At.IsZero() {
			value += " " + x.At.UTC().Format(time.RFC3339)
		}
		c.Faults = append(c.Faults, BIMIFault{Kind: string(x.Kind), Count: 1, Value: value, Expected: shortened(x.Expected)})
	}
	if e.Leaf == nil {
		return
	}
	c.leaf, c.Type, c.MarkType = true, string(e.Mark), shortened(e.MarkType)
	c.Subject, c.Issuer = shortened(e.Subject()), shortened(e.Issuer())
	for _, n := range e.Leaf.DNSNames[:min(len(e.Leaf.DNSNames), maxBIMINames)] {
		c.Names = append(c.Names, shortened(n))
	}
	c.Expires, c.Transparency = e.Leaf.NotAfter.UTC().Format(time.RFC3339), e.SCTs
	if trust != bimi.TrustUnset {
		yes := trust == bimi.Trusted
		c.Trusted = &yes
	}
}

// maxBIMINames bounds the names of a certificate that are shown.
const maxBIMINames = 100

// shortened is the beginning of a value from outside that is long enough to know it.
func shortened(s string) string {
	const most = 200
	if len(s) <= most {
		return s
	}
	return strings.ToValidUTF8(s[:most], "") + "…"
}

// Unseen implements diag.Unseen: without a visit nothing is known of the files.
func (f *BIMIFacts) Unseen(_, subject string) bool {
	return f.Location != "" && !f.Visited && strings.HasPrefix(subject, "https://")
}

// Lines shows the record, the logo and the certificate.
func (f *BIMIFacts) Lines() []diag.Line {
	if f.Record == "" {
		return []diag.Line{diag.NoRecord()}
	}
	var out []diag.Line
	for record := range strings.SplitSeq(f.Record, "\n") {
		out = append(out, diag.Show("{record}", codes.Str("record", record)))
	}
	if f.Location != "" && !f.Visited {
		out[0] = out[0].And(codes.Text{EN: " · logo not fetched (--receiving fetches it)", JA: " · ロゴは取得していません(--receiving で取得)"})
	}
	if f.Domain != f.OrgDomain || f.Selector != bimiDefault {
		out = append(out, diag.Say(codes.Text{EN: "record of {name}", JA: "{name} のレコード"},
			codes.Str("name", f.Selector+"._bimi."+f.Domain)))
	}
	if f.SVG != nil {
		out = append(out, f.SVG.line())
	}
	if f.Certificate != nil && f.Certificate.leaf {
		out = append(out, f.Certificate.lines()...)
	}
	return out
}

func (l *BIMILogo) line() diag.Line {
	title := l.Title
	if title == "" {
		title = "-"
	}
	return diag.Say(codes.Text{EN: "logo: {title} · {n} bytes", JA: "ロゴ: {title} · {n}バイト"}, codes.Str("title", title), codes.Num("n", l.Bytes))
}

func (c *BIMIMark) lines() []diag.Line {
	kind := codes.Text{EN: "certificate", JA: "証明書"}
	if c.Type != "" {
		kind = codes.Same(strings.ToUpper(c.Type))
	}
	l := diag.Say(codes.Text{EN: "{kind}: {subject} · issued by {issuer} · valid to {expires} · ",
		JA: "{kind}: {subject} · 発行者 {issuer} · 有効期限 {expires} · "}, codes.Words("kind", kind), codes.Str("subject", c.Subject),
		codes.Str("issuer", c.Issuer), codes.Str("expires", c.Expires[:min(len(c.Expires), len("2006-01-02"))]))
	switch {
	case c.Trusted == nil:
		l = l.And(codes.Text{EN: "chain not held against roots (--bimi-roots FILE)", JA: "ルート証明書との照合なし(--bimi-roots FILE で照合)"})
	case *c.Trusted:
		l = l.And(codes.Text{EN: "trusted", JA: "信頼済み"})
	default:
		l = l.And(codes.Text{EN: "not trusted", JA: "信頼できません"})
	}
	return []diag.Line{l, diag.Say(codes.Text{EN: "revocation and transparency are not looked up", JA: "失効と証明書の透明性(CT)は確認していません"}).By(2)}
}
