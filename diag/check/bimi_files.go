package check

import (
	"context"
	"fmt"
	"net/url"
	"sync"
	"time"

	"todoku/codes"
	"todoku/diag"
	"todoku/diag/bimi"
	"todoku/diag/probe"
	"todoku/diag/resolve"
)

// Bounds of a visit.
const (
	maxBIMIRedirects = 3
	bimiSoon         = 30 * 24 * time.Hour // before the end of a certificate: time to order the next one
)

// bimiFile is what came of fetching a file.
type bimiFile struct {
	url     string // where it was in the end
	moved   string // where the first redirect led, or ""
	page    probe.Page
	problem codes.Text // why it cannot be had, which is knowledge
	err     error      // why that is not known
}

// had reports whether the file is there.
func (f *bimiFile) had() bool { return f != nil && f.err == nil && f.problem == codes.Text{} }

// visit fetches the files and judges them.
func (c *bimiRun) visit(ctx context.Context) error {
	if c.Web == nil {
		return offline(c.Domain(), "HTTPS")
	}
	c.facts.Visited = true
	var logo, cert *bimiFile
	var wg sync.WaitGroup
	if c.record.Authority != "" {
		wg.Go(func() { cert = c.fetch(ctx, c.record.Authority, bimi.MaxEvidence) })
	}
	logo = c.fetch(ctx, c.record.Location, bimi.MaxSVG)
	wg.Wait()
	c.fetched(logo, c.record.Location)
	err := logo.err
	var svg *bimi.SVG
	if logo.had() {
		var more error
		svg, more = c.logo(logo)
		err = alsoErr(err, more)
	}
	if cert != nil {
		c.fetched(cert, c.record.Authority)
		err = alsoErr(err, cert.err)
		if cert.had() {
			err = alsoErr(err, c.certificate(cert, svg))
		}
	}
	return err
}

// fetch gets a file, and follows a few redirects: receivers may do so (draft-brotman-ietf-bimi-guidance, "Limited use of
// HTTP Redirects").
func (c *bimiRun) fetch(ctx context.Context, address string, most int) *bimiFile {
	f := &bimiFile{url: address}
	for hops := 0; ; hops++ {
		f.page = fetch(ctx, c.Pass, f.url, most)
		next := f.read(ctx)
		switch {
		case next == "":
			return f
		case hops == maxBIMIRedirects:
			f.problem = codes.Text{EN: "the web server redirects again and again", JA: "リダイレクトが繰り返されます"}
			return f
		case f.moved == "":
			f.moved = next
		}
		f.url = next
	}
}

// read says what came of a page: a problem, ignorance, or where to go next.
func (f *bimiFile) read(ctx context.Context) (next string) {
	p := &f.page
	f.err = noPage(ctx, p)
	switch {
	case f.err != nil:
	case p.Missing:
		f.problem = codes.Text{EN: "DNS knows no address of the web server", JA: "ウェブサーバーのアドレスがDNSにありません"}
	case p.Status == 0:
		f.problem = codes.Text{EN: "TLS: " + p.TLS.Problem, JA: "TLS: " + p.TLS.Problem}
	case p.Status == 200:
	case p.Status >= 300 && p.Status < 400 && p.Location != "":
		return f.follow()
	case p.Status == 408 || p.Status == 425 || p.Status == 429 || p.Status >= 500:
		f.err = &resolve.Error{Kind: KindWebBusy, Name: f.url, Type: "HTTPS", Server: serverOf(p), Message: fmt.Sprintf("HTTP %d", p.Status),
			Says: codes.Text{EN: "the web server cannot answer now", JA: "ウェブサーバーが現在応答できません"}}
	default:
		f.problem = codes.Same(fmt.Sprintf("HTTP %d", p.Status))
	}
	return ""
}

// KindWebBusy says that a web server has trouble, or enough of us.
const KindWebBusy resolve.Kind = "web_busy"

func (f *bimiFile) follow() (next string) {
	base, err := url.Parse(f.url)
	if err == nil {
		var to *url.URL
		if to, err = base.Parse(f.page.Location); err == nil && to.Scheme == "https" && to.Host != "" {
			return to.String()
		}
	}
	to := shortened(f.page.Location)
	f.problem = codes.Text{EN: "it redirects to " + to + ", which is not https", JA: "https ではない " + to + " にリダイレクトされます"}
	return ""
}

// fetched tells what came of fetching a file.
func (c *bimiRun) fetched(f *bimiFile, address string) {
	switch {
	case f.err != nil:
	case !f.had():
		c.Report(BIMIFetch, address, codes.Str("url", address), codes.Words("problem", f.problem))
	case f.moved != "":
		c.Report(BIMIRedirect, address, codes.Str("url", address), codes.Str("to", f.url))
	}
}

// logo judges the logo (section "Indicator Validation").
func (c *bimiRun) logo(file *bimiFile) (*bimi.SVG, error) {
	at := c.record.Location
	s := bimi.ReadSVG(file.page.Body)
	if file.page.Cut {
		s.Bound, s.Faults = bimi.BoundBytes, nil
	}
	c.facts.takeSVG(file, s)
	if s.Large() || s.Bound == bimi.BoundBytes {
		c.Report(BIMILogoLarge, at, codes.Str("url", at), codes.Num("octets", len(s.Data)), codes.Num("limit", bimi.LargeSVG))
	}
	told := 0
	for _, x := range s.Faults {
		rule := BIMISVG
		if !x.Kind.Breaks() {
			rule = BIMILogoShape
		}
		if told++; told > maxBIMIFaults {
			c.left++
			continue
		}
		c.Report(rule, at, codes.Str("url", at), codes.Num("line", x.Line), codes.Words("what", svgText(x)))
	}
	return s, c.unread(s.Bound)
}

// unread says which bound kept a logo from being read.
func (c *bimiRun) unread(b bimi.Bound) error {
	beyond := func(what codes.Text, limit int) error {
		return &diag.Bounded{Domain: c.Domain(), Type: "BIMI", What: what, Limit: limit}
	}
	switch b {
	case bimi.BoundBytes:
		return beyond(codes.Text{EN: "octets of a logo", JA: "ロゴのバイト数"}, bimi.MaxSVG)
	case bimi.BoundElements:
		return beyond(codes.Text{EN: "elements of a logo", JA: "ロゴの要素"}, bimi.MaxSVGElements)
	case bimi.BoundDepth:
		return beyond(codes.Text{EN: "levels of elements of a logo", JA: "ロゴの要素の階層"}, bimi.MaxSVGDepth)
	case bimi.BoundFaults:
		return beyond(codes.Text{EN: "kinds of faults of a logo", JA: "ロゴの誤りの種類"}, bimi.MaxSVGFaults)
	case bimi.BoundEncoding:
		return &resolve.Error{Kind: resolve.KindMangled, Name: c.record.Location, Type: "SVG",
			Says: codes.Text{EN: "the logo is written in a character encoding that is not read here", JA: "ロゴの文字コードに対応していないため、確認できません"}}
	}
	return nil
}

// certificate judges the mark certificate. Of its logo it is told what breaks it, where that is not the logo at l=.
func (c *bimiRun) certificate(file *bimiFile, svg *bimi.SVG) error {
	at := c.record.Authority
	e := bimi.ReadEvidence(file.page.Body)
	if e.Cut || file.page.Cut { // what seems to be missing may stand behind the bound
		return &diag.Bounded{Domain: c.Domain(), Type: "BIMI", What: codes.Text{EN: "certificates of a file", JA: "ファイル内の証明書"},
			Limit: bimi.MaxEvidenceCerts}
	}
	claim := bimi.Claim{Author: c.Domain(), Org: c.org(), Selector: c.selector, Now: c.Now(), Roots: c.o.Roots}
	if claim.Roots == nil {
		claim.Roots = c.MarkRoots
	}
	whole := svg != nil && (svg.Bound == "" || svg.Bound == bimi.BoundFaults)
	if whole {
		claim.Logo = svg.Data
	}
	trust, faults := e.Judge(claim)
	same := whole && e.Logo != nil && bimi.Same(e.Logo, svg.Data)
	if e.Logo != nil && !same {
		inside := bimi.ReadSVG(e.Logo)
		for _, x := range inside.Faults {
			if x.Kind.Breaks() {
				faults = append(faults, bimi.CertFault{Kind: bimi.CertLogoFault, Value: svgText(x).EN, Expected: svgText(x).JA})
				break
			}
		}
	}
	c.facts.takeCertificate(file, e, trust, faults)
	if whole && e.Logo != nil {
		c.facts.Certificate.Logo = &same
	}
	for _, x := range faults {
		rule := BIMICertificate
		if !x.Kind.Breaks() {
			rule = BIMICertificateProfile
		}
		c.Report(rule, at, codes.Str("url", at), codes.Words("problem", certText(x)), codes.Str("kind", string(x.Kind)))
	}
	if e.Leaf != nil {
		if left := e.Leaf.NotAfter.Sub(c.Now()); left > 0 && left < bimiSoon {
			c.Report(BIMICertificateExpiring, at, codes.Str("url", at), codes.Num("days", int(left.Hours()/24)),
				codes.Str("expires", e.Leaf.NotAfter.UTC().Format(time.DateOnly)))
		}
	}
	return nil
}
