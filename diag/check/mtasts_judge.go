package check

import (
	"context"
	"errors"
	"fmt"
	"mime"
	"slices"
	"strconv"
	"strings"
	"time"

	"todoku/codes"
	"todoku/diag"
	"todoku/diag/mtasts"
	"todoku/diag/mx"
	"todoku/diag/probe"
	"todoku/diag/resolve"
)

// record judges the TXT record (RFC 8461 §3.1).
func (c *mtastsRun) record(ctx context.Context) {
	name, s := c.found.answer.Name, &c.found
	switch {
	case len(s.records) > 1:
		f := c.Report(MTASTSMultiple, name, codes.Str("name", name), codes.Num("count", len(s.records)), codes.List("records", s.records))
		s.saw(f).Publish(s.place(), "TXT", mtasts.Mend(c.Now(), s.all()...).String())
		return
	case len(s.records) == 0 && len(s.strays) == 0:
		if text, at := misplaced(ctx, c.Pass, mtasts.IsRecord); text != "" {
			c.minor(MTASTSMisplaced, name, codes.Str("name", name), codes.Str("place", c.Domain()), codes.Str("record", beginning(text))).
				Saw(at).Publish(s.place(), "TXT", mtasts.Mend(c.Now(), text).String())
			return
		}
		s.saw(c.minor(MTASTSNone, name, codes.Str("domain", c.Domain()), codes.Str("name", name)))
		return
	}
	text := s.all()[0]
	rec, faults := mtasts.ParseRecord(text)
	c.facts.Record, c.facts.ID = text, rec.ID
	mended := mtasts.Mend(c.Now(), s.all()...).String()
	var ignored []string
	for _, f := range faults {
		if !f.Kind.Breaks() {
			ignored = append(ignored, beginning(f.Text))
			continue
		}
		s.saw(c.fault(name, f, inRecord(f.Offset))).Publish(s.place(), "TXT", mended)
		break // senders read no further, and neither is more needed to mend it
	}
	if len(ignored) > 0 {
		s.saw(c.minor(MTASTSIgnored, name, codes.Str("name", name), codes.List("terms", ignored)))
	}
	c.usable = len(s.records) == 1 && !mtasts.Broken(faults)
}

// fault tells of one fault of the record, or of the policy.
func (c *mtastsRun) fault(name string, f mtasts.Fault, where codes.Datum) *diag.Finding {
	return c.Report(MTASTSSyntax, name, codes.Str("name", name), where, codes.Num("offset", f.Offset), codes.Num("line", f.Line),
		codes.Str("fault", string(f.Kind)), codes.Start("text", f.Text, maxTheirs), codes.Str("expected", f.Expected))
}

// page judges what the web server gave. Without a policy that senders can read, c.policy stays nil.
func (c *mtastsRun) page(ctx context.Context, page *probe.Page) error {
	c.facts.takePage(page)
	if err := noPage(ctx, page); err != nil {
		return err
	}
	host, url := mtasts.Host(c.Domain()), c.facts.URL
	lost := func(problem codes.Text) { // RFC 8461 §3.3
		c.facts.Result = "sts-policy-fetch-error"
		c.seen(c.Report(MTASTSFetch, url, codes.Str("url", url), codes.Words("problem", problem)), page)
	}
	switch {
	case page.Missing:
		lost(codes.Text{EN: host + " has no address in DNS", JA: host + " のアドレスがDNSにありません"})
	case page.TLS != nil && !page.TLS.Verified:
		c.facts.Result = "sts-webpki-invalid"
		problem := codes.Words("problem", certificateText(page.TLS, host, c.Now()))
		c.seen(c.Report(MTASTSCertificate, host, codes.Str("host", host), problem, codes.Str("result", c.facts.Result),
			certificateNames(page.TLS)), page)
	case page.Status/100 == 3:
		c.facts.Result = "sts-policy-fetch-error"
		c.seen(c.Report(MTASTSRedirect, url, codes.Str("url", url), codes.Num("status", page.Status),
			codes.Start("target", page.Location, maxTheirs)), page)
	case page.Status != 200:
		lost(codes.Text{EN: fmt.Sprintf("HTTP status %d", page.Status), JA: fmt.Sprintf("HTTPステータス %d", page.Status)})
	case page.Cut:
		lost(codes.Text{EN: fmt.Sprintf("longer than %d bytes", mtasts.MaxSize), JA: fmt.Sprintf("%dバイトを超えています", mtasts.MaxSize)})
	default:
		c.text(page)
	}
	return nil
}

// seen hangs what a web server gave on a finding.
func (c *mtastsRun) seen(f *diag.Finding, page *probe.Page) *diag.Finding {
	e := diag.Evidence{Kind: "https", Name: page.URL, Type: "GET"}
	if page.Status != 0 {
		e.Value = strings.TrimSpace(strconv.Itoa(page.Status) + " " + page.Type)
	} else if page.TLS != nil {
		e.Value = page.TLS.Problem
	}
	f.Evidence = append(f.Evidence, e)
	return f
}

// text judges the policy's text (RFC 8461 §3.2).
func (c *mtastsRun) text(page *probe.Page) {
	url := page.URL
	// RFC 8461 §3.2: the media type is text/plain, its parameters do not matter.
	if kind, _, _ := mime.ParseMediaType(page.Type); kind != "text/plain" {
		c.seen(c.Report(MTASTSContentType, url, codes.Str("url", url), codes.Start("type", orNone(page.Type), maxTheirs)), page)
	}
	c.body = string(page.Body)
	policy, faults := mtasts.ParsePolicy(c.body)
	c.facts.takePolicy(policy)
	broken := 0
	var ignored []string
	for _, f := range faults {
		switch {
		case f.Kind == mtasts.BlankLine:
		case !f.Kind.Breaks():
			ignored = append(ignored, beginning(f.Text))
		case broken == maxPolicyFaults:
			c.left++
		default:
			broken++
			where := codes.Text{EN: fmt.Sprintf("line %d", f.Line), JA: fmt.Sprintf("%d行目", f.Line)}
			c.seen(c.fault(url, f, codes.Words("where", where)), page)
		}
	}
	if len(ignored) > 0 {
		c.seen(c.minor(MTASTSIgnored, url, codes.Str("name", url), codes.List("terms", ignored[:min(len(ignored), maxPolicyFaults)])), page)
	}
	if broken > 0 {
		c.facts.Result = "sts-policy-invalid"
		return
	}
	c.policy, c.facts.Applies = policy, string(policy.Mode)
	switch policy.Mode {
	case mtasts.Testing:
		c.seen(c.minor(MTASTSTesting, url, codes.Str("domain", c.Domain()), codes.Str("url", url)), page)
	case mtasts.None:
		c.seen(c.minor(MTASTSModeNone, url, codes.Str("domain", c.Domain()), codes.Str("url", url)), page)
	}
}

// shortAge is the lifetime below which a policy protects little: a sender that looks once a day forgets it in between
// (RFC 8461 §3.3, and §10.2: weeks or more).
const shortAge = 24 * time.Hour

// lifetime judges for how long senders remember the policy.
func (c *mtastsRun) lifetime() {
	if c.policy.Mode != mtasts.None && c.policy.MaxAge < shortAge {
		c.minor(MTASTSMaxAge, c.facts.URL, codes.Str("url", c.facts.URL), codes.Num("seconds", int(c.policy.MaxAge/time.Second)))
	}
}

// hosts holds each mail host against the policy, as a sender does (RFC 8461 §4).
func (c *mtastsRun) hosts(ctx context.Context, mail *receiving) error {
	if c.policy.Mode == mtasts.None || mail.route.Null && len(mail.route.Hosts) == 0 {
		return nil
	}
	if mail.route.Answer.Status == resolve.NoData && !mail.route.Implicit { // whether the domain is its own mail host is not known
		return mail.unseen(c.Domain())
	}
	var errs []error
	var outside, names []string
	for i := range mail.route.Hosts {
		h := &mail.route.Hosts[i]
		local := mx.Read(h.Name, c.Domain()).Local && h.Addresses.Err() == nil && !h.Takes()
		if local || h.Literal.IsValid() { // no sender goes there; the MX check tells it
			continue
		}
		names = append(names, h.Name)
		fact, err := c.host(ctx, h, mail)
		c.facts.Hosts = append(c.facts.Hosts, fact)
		errs = append(errs, err)
		if fact.Pattern == "" {
			outside = append(outside, h.Name)
		}
	}
	c.mismatches(outside, names, mail.route.Answer)
	c.unused(names, mail.route.Cut > 0)
	c.facts.deliverable(mail.cut == 0 && mail.route.Cut == 0)
	return errors.Join(append(errs, mail.unseen(c.Domain()))...)
}

// maxOffer bounds the policy that is offered, in bytes.
const maxOffer = 4 << 10

// mismatches tells of the hosts that no mx line of the policy covers (RFC 8461 §4.1).
func (c *mtastsRun) mismatches(outside, names []string, mx resolve.Answer) {
	mended := mtasts.MendPolicy(c.body, names).Lines()
	if len(mended) > maxPatterns || len(strings.Join(mended, "")) > maxOffer { // the lines that it lacks are enough
		mended = mtasts.Policy{}.With(outside).MXLines()
	}
	// Senders fetch a policy again when the id changes (RFC 8461 §3.3).
	rec, _ := mtasts.ParseRecord(c.facts.Record)
	rec.ID = mtasts.NewID(c.Now())
	for _, h := range outside {
		if c.policy.Mode == mtasts.Testing {
			c.wouldFail(h, codes.Text{EN: "no mx line of the policy names it", JA: "ポリシーの mx のどれにも該当しません"})
			continue
		}
		c.Report(MTASTSMXMismatch, h, codes.Str("host", h), codes.Str("url", c.facts.URL), codes.List("patterns", c.facts.MX),
			codes.Str("policy", strings.Join(mended, " | ")), codes.List("lines", mended)).Saw(mx).
			Publish(c.found.place(), "TXT", rec.String())
	}
}

// wouldFail tells of a host to which nothing would be delivered if the policy were enforced, once for each reason.
func (c *mtastsRun) wouldFail(host string, problem codes.Text) {
	if t := (told{host, problem.EN}); !slices.Contains(c.told, t) {
		c.told = append(c.told, t)
		c.minor(MTASTSWouldFail, host, codes.Str("host", host), codes.Words("problem", problem), codes.Str("url", c.facts.URL))
	}
}

// told is what was said of a host already.
type told struct{ host, problem string }

// unused tells of mx lines that cover none of the hosts.
func (c *mtastsRun) unused(names []string, cut bool) {
	if cut || len(names) == 0 {
		return
	}
	var idle []string
	for _, m := range c.policy.MX {
		if !slices.ContainsFunc(names, m.Covers) {
			idle = append(idle, m.Text)
		}
	}
	if n := len(idle); n > 0 && n < len(c.policy.MX) { // where all are, the mismatches say it
		c.minor(MTASTSMXUnused, c.facts.URL, codes.Str("url", c.facts.URL), codes.List("patterns", idle[:min(n, maxPolicyFaults)]))
	}
}

// minor reports what harms no mail today. Those who write to the domain can do nothing about it, and are not told.
func (c *mtastsRun) minor(r *diag.Rule, subject string, data ...codes.Datum) *diag.Finding {
	if c.Writing() {
		return &diag.Finding{}
	}
	return c.Report(r, subject, data...)
}
