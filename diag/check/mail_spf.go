package check

import (
	"context"
	"net/netip"
	"strings"

	"todoku/codes"
	"todoku/diag"
	"todoku/diag/spf"
	"todoku/sender/mail"
)

// MailSPF evaluates SPF for the session in which a mail came, as far as it is known. Without an envelope there is nothing
// to look at.
func MailSPF(m *Mail) *diag.Check {
	c := SPF(SPFOptions{})
	c.Rules = append(c.Rules, SPFDiffers, SPFForwarded)
	c.Run = func(ctx context.Context, p *diag.Pass) error { return runMailSPF(ctx, p, m) }
	return c
}

// SPFDiffers tells of a receiver's server that came to another result.
var SPFDiffers = &diag.Rule{
	ID: "spf-result-differs", Severity: diag.Info, Owner: diag.OwnerSender, Ref: "RFC 8601 §2.7.2",
	Says: codes.Text{
		EN: "{server} reported {theirs} for SPF, and the evaluation now gives {ours}",
		JA: "SPFの結果が、{server} の記録({theirs})と現在の評価({ours})で異なります"},
	Why: codes.Text{
		EN: "DNS may have changed since the mail came, or the mail came to that server from another address",
		JA: "受信後にDNSが変更されたか、そのサーバーには別のIPアドレスから届いた可能性があります"},
	Fix: codes.Text{
		EN: "send the mail again and compare; give the address that the server saw with --ip",
		JA: "もう一度送信して比べてください。サーバーから見た送信元は --ip で指定できます"},
}

// query is the question that SPF answers for the mail.
func (m *Mail) query(p *diag.Pass) spf.Query {
	e := m.Envelope
	return spf.Query{IP: e.IP, MailFrom: e.MailFrom, HELO: e.HELO, Now: p.Now()}
}

func runMailSPF(ctx context.Context, p *diag.Pass, m *Mail) error {
	facts := &MailSPFFacts{SPFFacts: newSPFFacts(), mail: m, Envelope: m.Envelope.facts(), Reported: m.reports("spf")}
	p.Facts(facts)
	if !m.Envelope.Known() {
		return nil
	}
	e := m.Envelope
	o := SPFOptions{IPs: []netip.Addr{e.IP}, Evaluate: true, MailFrom: e.MailFrom, HELO: e.HELO,
		stranger: e.Source != Given} // an address that only the mail tells may be that of a forger
	c := newSPFRun(ctx, p, o, &memory{Resolver: p.DNS, known: map[asked]answered{}})
	facts.SPFFacts = c.facts
	p.Facts(facts)
	if c.judge(); !m.forwarded(ctx, p, c) {
		c.offer()
	}
	ours := string(c.facts.Result)
	theirs, differ := differs(facts.Reported, func(string) (bool, bool) { return ours == "pass", ours == "pass" || ours == "fail" })
	if differ {
		p.Report(SPFDiffers, theirs.Server, codes.Str("server", theirs.Server), codes.Str("theirs", theirs.Result), codes.Str("ours", ours))
	}
	return c.err()
}

// MailSPFFacts is what SPF says of a mail.
type MailSPFFacts struct {
	*SPFFacts
	Envelope EnvelopeFacts `json:"envelope"`
	Reported []AuthReport  `json:"reported"` // by the receiver's own servers
	mail     *Mail
}

// EnvelopeFacts is an envelope in JSON.
type EnvelopeFacts struct {
	IP       string `json:"ip"`
	HELO     string `json:"helo"`
	MailFrom string `json:"mail_from"` // "" also for the empty sender
	By       string `json:"by"`        // the server that tells
	Source   Source `json:"source"`    // "given", "trusted", "assumed"; "" where it is not known
}

func (e Envelope) facts() EnvelopeFacts {
	f := EnvelopeFacts{HELO: e.HELO, MailFrom: e.MailFrom, By: e.By, Source: e.Source}
	if e.IP.IsValid() {
		f.IP = e.IP.String()
	}
	return f
}

// Looked reports whether the envelope is known.
func (f *MailSPFFacts) Looked() bool { return f.mail.Envelope.Known() }

// Lines tells where the mail came from, and what SPF makes of it.
func (f *MailSPFFacts) Lines() []diag.Line {
	out := []diag.Line{f.mail.Envelope.line()}
	if f.Looked() {
		out = append(out, f.evaluations()...)
		if f.Record != "" {
			out = append(out, diag.Show("{record}", codes.Str("record", f.Record)))
		}
	}
	return append(out, reportLines(f.Reported)...)
}

// reportLines tell what the receiver's servers said.
func reportLines(list []AuthReport) []diag.Line {
	var out []diag.Line
	for i, r := range list {
		if i == maxReportLines {
			return append(out, diag.More(len(list)-i))
		}
		l := diag.Say(codes.Text{EN: "{server} reported {result}", JA: "{server} の記録: {result}"}, codes.Str("server", r.Server),
			codes.Str("result", r.Result))
		if r.Domain != "" {
			l = l.AndShow(" ({domain})", codes.Str("domain", r.Domain))
		}
		out = append(out, l)
	}
	return out
}

const maxReportLines = 5

// parseReports reads a field Authentication-Results.
func parseReports(value string) []AuthReport {
	var out []AuthReport
	for _, r := range mail.ParseAuthResults(value) {
		out = append(out, AuthReport{strings.ToLower(r.Server), r.Method, r.Result, r.Domain})
	}
	return out
}
