package check

import (
	"context"
	"strings"

	"todoku/codes"
	"todoku/diag"
	"todoku/diag/spf"
)

// SPFForwarded tells of a mail that fails SPF because somebody passed it on. The trace below the receiver's own can be forged, so
// the failure stays what it is.
var SPFForwarded = &diag.Rule{
	ID: "spf-forwarded", Severity: diag.Warn, Owner: diag.OwnerSender, Ref: "RFC 7208 §2.4; RFC 7960 §3.2.1",
	Says: codes.Text{
		EN: "by its trace {forwarder} passed the mail on: it came there from {ip}, for which SPF of {domain} passes",
		JA: "経路の記録では、{forwarder} が転送したメールです。転送前の送信元 {ip} は、{domain} のSPF認証に成功します"},
	Why: codes.Text{
		EN: "forwarding breaks SPF for every sender: the record of the sender is not at fault",
		JA: "転送されると、どの送信者のメールもSPF認証に失敗します。送信者のレコードの誤りではありません"},
	Fix: codes.Text{
		EN: "leave the forwarder's address out of the record; let DKIM carry DMARC, or let the forwarder write its own envelope sender (SRS)",
		JA: "転送サーバーのIPアドレスはレコードに追加しないでください。DKIM署名でDMARCの認証に成功するようにするか、転送側でエンベロープ送信者を書き換えてもらいます(SRS)"},
}

// forwarded reports whether the client that failed SPF passed on a mail which it took from a server that passes, and tells so.
func (m *Mail) forwarded(ctx context.Context, p *diag.Pass, c *spfRun) bool {
	if m.Envelope.Source == Given || c.facts.Result == spf.Pass {
		return false
	}
	q := m.query(p)
	_, domain := q.Sender()
	for i, hop := range m.Trace[:max(0, len(m.Trace)-1)] {
		if hop.field != m.Envelope.border {
			continue
		}
		before := m.Trace[i+1]
		same := strings.EqualFold(before.By, hop.Name) || strings.EqualFold(before.By, hop.HELO)
		if q.IP = before.IP; !same || before.Login || !q.IP.IsValid() || local(q.IP) || q.IP == hop.IP {
			return false
		}
		if spf.Check(ctx, p.DNS, q).Result != spf.Pass {
			return false
		}
		p.Report(SPFForwarded, hop.IP.String(), codes.Str("forwarder", before.By), codes.Str("ip", q.IP.String()), codes.Str("domain", domain))
		return true
	}
	return false
}
