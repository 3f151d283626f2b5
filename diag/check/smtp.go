package check

import (
	"context"
	"errors"
	"slices"
	"time"

	"todoku/codes"
	"todoku/diag"
	"todoku/diag/probe"
	"todoku/diag/resolve"
)

// SMTPOptions is what the SMTP check may be told.
type SMTPOptions struct {
	Rcpt bool          // ask the servers about the recipient, too
	Seen []probe.Visit // visits that were made already, one a host is enough; nil: make them
}

// SMTP visits each address of each host that takes the domain's mail: greeting,
// EHLO, STARTTLS with its certificate, postmaster, and the recipient where that
// is asked for. What cannot be reached from here is no fault of theirs as long
// as nothing else can be reached either.
func SMTP(o SMTPOptions) *diag.Check {
	return &diag.Check{
		Name:  "smtp",
		Title: codes.Text{EN: "SMTP", JA: "SMTP"},
		Rules: []*diag.Rule{SMTPNone, SMTPRefused, SMTPCertificate, SMTPRcptRefused, SMTPAddressRefused, SMTPStartTLSRefused,
			SMTPStartTLSNone, SMTPTLSOld, SMTPGreeting, SMTPCertificateExpiring, SMTPKeyWeak,
			SMTPPostmaster, SMTPCatchAll, SMTPVantage, SMTPNoFamily},
		Run: func(ctx context.Context, p *diag.Pass) error { return runSMTP(ctx, p, o) },
	}
}

// What keeps us from seeing a mail server, beside the kinds of DNS.
const (
	KindUnreachable resolve.Kind = "server_unreachable" // no connection
	KindSilent      resolve.Kind = "server_silent"      // no answer in time
	KindTurnedAway  resolve.Kind = "server_refuses_us"  // for what we are, or for now
	KindBrokenOff   resolve.Kind = "server_breaks_off"  // hung up without a word, or said what is no SMTP
	KindNoRoots     resolve.Kind = "no_roots"           // our machine cannot verify certificates
	KindOffline     resolve.Kind = "offline"            // nothing is to touch the network
)

// kindSays is what keeps us from seeing a mail server, in words.
func kindSays(k resolve.Kind) codes.Text {
	switch k {
	case KindUnreachable:
		return codes.Text{
			EN: "the mail server cannot be reached",
			JA: "メールサーバーに接続できません"}
	case KindSilent:
		return codes.Text{
			EN: "the mail server does not answer in time",
			JA: "メールサーバーから時間内に応答がありません"}
	case KindTurnedAway:
		return codes.Text{
			EN: "the server refuses us, which says nothing about mail from others",
			JA: "サーバーが、検査を実行した環境を拒否しました(ほかの送信元からの受信可否は分かりません)"}
	case KindNoRoots:
		return codes.Text{
			EN: "this machine has no certificates of authorities, so that no certificate can be verified: install them (ca-certificates), or set SSL_CERT_FILE",
			JA: "実行環境に認証局の証明書がないため、サーバー証明書を検証できません。ca-certificates をインストールするか、" +
				"SSL_CERT_FILE を設定してください"}
	case KindBrokenOff:
		return codes.Text{
			EN: "the mail server breaks off, or what it says is no answer to this; that may be about us",
			JA: "メールサーバーが切断したか、この場面では意味をなさない応答を返しました(検査を実行した環境が原因の可能性もあります)"}
	}
	return codes.Text{EN: "no server was asked: nothing touches the network with --offline", JA: "--offline のため、サーバーへの確認はしていません"}
}

// smtpRun is one run of the check.
type smtpRun struct {
	*diag.Pass
	receiving
}

func runSMTP(ctx context.Context, p *diag.Pass, o SMTPOptions) error {
	facts := &SMTPFacts{Hosts: []SMTPHost{}}
	p.Facts(facts)
	if p.SMTP == nil {
		return offline(p.Domain(), "SMTP")
	}
	r, err := visitReceivers(ctx, p, o)
	if err == nil && r.route.Null && len(r.route.Hosts) == 0 && p.Writing() { // of its own domain the MX check says it
		p.Report(SMTPNone, p.Domain(), codes.Str("domain", p.Domain())).Saw(r.route.Answer)
	}
	if err != nil || len(r.route.Hosts) == 0 {
		return err // what else is wrong with the route is the MX check's matter
	}
	c := &smtpRun{Pass: p, receiving: r}
	facts.wanted = c.recipient != "" || !p.Writing()
	for i := range c.visits {
		facts.Hosts = append(facts.Hosts, c.fact(&c.visits[i]))
		facts.Asked = facts.Asked || slices.ContainsFunc(c.visits[i].Rcpts, func(a probe.Answer) bool { return a.To == c.recipient })
	}
	return errors.Join(c.unseen(p.Domain()), c.judge(ctx, facts))
}

// fact is a visit as reports have it.
func (c *smtpRun) fact(v *probe.Visit) SMTPHost {
	h := SMTPHost{Host: v.Host, Address: v.Address.Addr().String(), Banner: v.Banner, EHLO: append([]string{}, v.EHLO...),
		STARTTLS: v.STARTTLS, Stage: string(v.Stage), Reply: v.Reply.String(), Error: bareError(v.Err),
		Verified: v.TLS != nil && v.TLS.Verified, ElapsedMS: v.Took.Milliseconds(), Rcpt: []SMTPRcpt{},
		Steps: v.Steps}
	if v.TLS != nil {
		h.TLS = &SMTPTLS{Version: v.TLS.Version, Cipher: v.TLS.Cipher, Names: append([]string{}, v.TLS.Names...),
			Expires: v.TLS.Expires.UTC().Format(time.RFC3339), Verified: v.TLS.Verified, Problem: v.TLS.Problem}
		h.TLS.certificate(v)
	}
	for _, a := range v.Rcpts {
		h.Rcpt = append(h.Rcpt, SMTPRcpt{To: a.To, Reply: a.Reply.String(), Reason: a.Verdict.Reason.ID})
	}
	return h
}
