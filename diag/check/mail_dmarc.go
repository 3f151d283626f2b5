package check

import (
	"context"
	"sync"

	"todoku/codes"
	"todoku/diag"
	"todoku/diag/dmarc"
	"todoku/diag/spf"
)

// MailDMARC evaluates DMARC for a mail on what SPF and DKIM say of it now.
func MailDMARC(m *Mail) *diag.Check {
	c := DMARC(DMARCOptions{})
	c.Rules = append(c.Rules, DMARCDiffers)
	c.Run = func(ctx context.Context, p *diag.Pass) error { return runMailDMARC(ctx, p, m) }
	return c
}

// DMARCDiffers tells of a receiver's server that came to another result.
var DMARCDiffers = &diag.Rule{
	ID: "dmarc-result-differs", Severity: diag.Info, Owner: diag.OwnerSender, Ref: "RFC 8601 §2.7.4",
	Says: codes.Text{
		EN: "{server} reported {theirs} for DMARC, and the evaluation now gives {ours}",
		JA: "DMARCの結果が、{server} の記録({theirs})と現在の評価({ours})で異なります"},
	Why: codes.Text{
		EN: "DNS may have changed since the mail came, the mail was changed after that server saw it, or the server reads by RFC 7489",
		JA: "受信後のDNSの変更、そのサーバーを通った後のメールの書き換え、サーバーが RFC 7489 に従っていることなどが考えられます"},
	Fix: codes.Text{
		EN: "compare the results of SPF and DKIM first: the one that differs is the cause",
		JA: "まずSPFとDKIMの結果を比べてください。異なっているほうが原因です"},
}

func runMailDMARC(ctx context.Context, p *diag.Pass, m *Mail) error {
	o := DMARCOptions{SendingOnly: true}
	reported := m.reports("dmarc")
	switch {
	case p.Domain() == "":
		return fromFault(ctx, p, m)
	case m.Unsent() && len(m.Raw.All("DKIM-Signature")) == 0: // a draft: what it will pass is not known yet
	default:
		o.Auth = m.authentication(ctx, p)
	}
	if !m.Envelope.Known() {
		o.Untold = &diag.Untold{Domain: p.Domain(), Type: "DMARC", What: m.Envelope.untold()}
	}
	facts, err := runDMARC(ctx, p, o)
	p.Facts(&MailDMARCFacts{DMARCFacts: facts, Reported: reported, judged: o.Auth != nil})
	theirs, differ := differs(reported, func(string) (bool, bool) {
		return facts.Result == "pass", facts.Result == "pass" || facts.Result == "fail"
	})
	if differ {
		p.Report(DMARCDiffers, theirs.Server, codes.Str("server", theirs.Server), codes.Str("theirs", theirs.Result),
			codes.Str("ours", facts.Result))
	}
	return err
}

// untold is what of an envelope SPF misses, and how to tell it.
func (e Envelope) untold() codes.Text {
	if e.IP.IsValid() {
		return codes.Text{EN: "SPF, and the envelope sender is not known: give --mail-from",
			JA: "SPFの結果です。エンベロープ送信者が分からないため、--mail-from を指定してください"}
	}
	return codes.Text{EN: "SPF, and the sending server is not known: give --ip, --mail-from and --helo, or --trust-host",
		JA: "SPFの結果です。送信元サーバーが分からないため、--ip、--mail-from、--helo、または --trust-host を指定してください"}
}

// fromFault tells what is wrong with a field From that has no domain to ask.
func fromFault(ctx context.Context, p *diag.Pass, m *Mail) error {
	facts := newDMARCFacts()
	p.Facts(facts)
	e := dmarc.Evaluate(ctx, p.DNS, dmarc.Input{From: m.From()})
	facts.takeVerdict(e, m.From())
	j := dmarcJudge{Pass: p}
	j.verdict(e, m.From())
	return e.Err
}

// authentication is what DMARC is evaluated on: SPF and DKIM as they are now. Where the sending server is not known, SPF may
// have passed for the author's domain or not.
func (m *Mail) authentication(ctx context.Context, p *diag.Pass) *dmarc.Input {
	in := &dmarc.Input{From: m.From()}
	var wg sync.WaitGroup
	if m.Envelope.Known() {
		wg.Go(func() {
			q := m.query(p)
			e := spf.Check(ctx, p.DNS, q)
			_, domain := q.Sender()
			in.SPF = []dmarc.AuthResult{{Result: string(e.Result), Domain: domain}}
		})
	} else {
		in.SPF = []dmarc.AuthResult{{Result: "temperror", Domain: p.Domain()}}
	}
	v := m.verify(ctx, p)
	for _, s := range v.Signatures {
		in.DKIM = append(in.DKIM, dmarc.AuthResult{Result: string(s.Result), Domain: s.Domain})
	}
	if v.Cut || v.Over > 0 { // one that was not judged may pass
		in.DKIM = append(in.DKIM, dmarc.AuthResult{Result: "temperror", Domain: p.Domain()})
	}
	wg.Wait()
	return in
}

// MailDMARCFacts is what DMARC says of a mail.
type MailDMARCFacts struct {
	*DMARCFacts
	Reported []AuthReport `json:"reported"` // by the receiver's own servers
	judged   bool
}

// Lines tells the verdict, and where readers of RFC 7489 come to another one.
func (f *MailDMARCFacts) Lines() []diag.Line {
	out := f.DMARCFacts.Lines()
	if !f.judged {
		out = append(out, diag.Say(codes.Text{EN: "the mail was not sent yet: what it will pass is not known", JA: "送信前のメールのため、認証の結果はまだ分かりません"}))
	}
	if f.judged && f.PSLResult != f.Result {
		out = append(out, diag.Say(codes.Text{EN: "a receiver that reads by RFC 7489 says {result}", JA: "RFC 7489 に従う受信側での結果: {result}"},
			codes.Str("result", f.PSLResult)))
	}
	return append(out, reportLines(f.Reported)...)
}
