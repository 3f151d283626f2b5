package guide

import (
	"context"
	"slices"
	"strings"
	"sync"
	"unicode"

	"todoku/codes"
	"todoku/diag"
	"todoku/diag/check"
	"todoku/diag/mtasts"
)

var tlsTrouble = &Cause{
	ID: "tls", Fault: FaultTheirs, Session: true, Answers: refusal,
	Reasons: []string{"tls_required", "tls_failed"},
	Steps:   []string{"fix_tls"},
	Check:   codes.Todoku("check", "recipient", "ADDR"),
	Title:   codes.Text{EN: "TLS", JA: "TLS(暗号化)"},
	Says:    codes.Text{EN: "{what}", JA: "{what}こと"},
	judge: func(e *evidence) Outcome {
		if slices.Contains(e.reasons, "tls_required") {
			return tlsWanted(e)
		}
		if o, decided := transportPolicy(e); decided {
			return o
		}
		return tlsOffered(e)
	},
}

// theirTLS is confirmed by what a server says: theirs is the fault, and ours cannot mend it.
func theirTLS(t codes.Text, v *Visit) Outcome {
	words := codes.Text{EN: strings.ReplaceAll(t.EN, "{host}", v.Host), JA: strings.ReplaceAll(t.JA, "{host}", v.Host)}
	o := confirmed(append(spoke(v), codes.Words("what", words))...)
	o.steps = []string{"check_recipient_server", remedyAdmin}
	return o
}

// tlsWanted judges a complaint that the mail came without TLS.
func tlsWanted(e *evidence) Outcome {
	for i := range e.plain {
		v := &e.plain[i]
		// 530 may want a login too
		if v.Err == nil && v.Reply.Code >= 400 && (v.Verdict.Reason.ID == "tls_required" || v.Reply.Code == 530 && accepted(e.visits) != nil) {
			o := theirTLS(codes.Text{EN: "{host} takes mail over TLS only, and the sending system did not use it", JA: "{host} がTLSでの接続のみ受け付けるのに、送信側がTLSを使用しなかった"}, v).of(FaultOurs)
			o.steps = nil
			return o.because("smtp", codes.Text{EN: "without TLS {host} says: {reply}", JA: "TLSなしでの {host} の応答: {reply}"}, spoke(v)...)
		}
	}
	if v := accepted(e.plain); v != nil {
		return excluded().because("smtp", codes.Text{EN: "{host} takes the address without TLS too: {reply}", JA: "{host} はTLSなしでも受け付けます: {reply}"}, spoke(v)...)
	}
	return e.notSeen()
}

// tlsOffered judges a complaint that TLS did not come about, by what the servers offer and show now.
func tlsOffered(e *evidence) Outcome {
	for i := range e.visits {
		v := &e.visits[i]
		switch {
		case v.TLSReply.Code >= 500:
			return theirTLS(codes.Text{EN: "{host} offers TLS and then refuses it", JA: "{host} がTLSに対応すると通知しながら拒否する"}, v).because("smtp", codes.Text{EN: "{host} refuses STARTTLS: {reply}", JA: "{host} がSTARTTLSを拒否: {reply}"}, codes.Str("host", v.Host), codes.Str("reply", v.TLSReply.String()))
		case v.NoTLS(): // put off or broken off: nobody knows how TLS with others goes
		case v.TLS != nil && v.TLS.Unjudged: // others may verify it
		case v.TLS != nil && !v.TLS.Verified:
			return theirTLS(codes.Text{EN: "the certificate of {host} does not verify", JA: "{host} の証明書を検証できない"}, v).because("smtp", codes.Text{EN: "{host}: {problem}", JA: "{host}: {problem}"}, codes.Str("host", v.Host), codes.Str("problem", v.TLS.Problem))
		case v.Stage == codes.StageRcpt || v.TLS != nil:
			if !v.STARTTLS {
				return theirTLS(codes.Text{EN: "{host} does not offer TLS", JA: "{host} がTLSに対応していない"}, v).because("smtp", codes.Text{EN: "{host} does not offer STARTTLS", JA: "{host} はSTARTTLSに対応していません"}, spoke(v)...)
			}
			return excluded().because("smtp", codes.Text{EN: "{version} with {host}, certificate in order", JA: "{host} とのTLS接続は正常です({version})"}, codes.Str("host", v.Host), codes.Str("version", v.TLS.Version))
		}
	}
	return noTLS(e)
}

// noTLS is for servers that offered TLS, with which it did not come about in a way that says nothing of the next time.
func noTLS(e *evidence) Outcome {
	for i := range e.visits {
		switch v := &e.visits[i]; {
		case v.TLSReply.Code != 0:
			return open(nil).because("smtp", codes.Text{EN: "{host} puts STARTTLS off: {reply}", JA: "{host} がSTARTTLSに一時的に応じません: {reply}"},
				codes.Str("host", v.Host), codes.Str("reply", v.TLSReply.String()))
		case v.TLSErr != nil:
			return open(nil).because("smtp", codes.Text{EN: "{host}: TLS did not come about: {error}", JA: "{host}: TLS接続が成立しません: {error}"},
				codes.Str("host", v.Host), codes.Failure("error", v.TLSErr))
		}
	}
	return e.notSeen()
}

// transport is what the recipient's domain demands of TLS.
type transport struct{ sts, dane *diag.Report }

// lookAtTransport holds the policies of the recipient's domain against what its servers showed.
func lookAtTransport(ctx context.Context, e *evidence) {
	target, err := diag.DomainTarget(e.toDomain())
	if err != nil || len(e.visits) == 0 {
		return
	}
	target.Kind = "address" // the reader writes to it
	seen := check.SMTPOptions{Seen: e.visits}
	var wg sync.WaitGroup
	wg.Go(func() {
		e.transport.sts = diag.Run(ctx, e.env.Env, target, []*diag.Check{check.MTASTS(check.MTASTSOptions{Visit: true, SMTP: seen})})
	})
	wg.Go(func() {
		e.transport.dane = diag.Run(ctx, e.env.Env, target, []*diag.Check{check.DANE(check.DANEOptions{Visit: true, SMTP: seen})})
	})
	wg.Wait()
}

// withoutNames is a text in lower case without the domain names in it, which hold words that mean nothing here: mx.dane.test.
// The host of a policy stays (RFC 8461 §3.3).
func withoutNames(text string) string {
	return strings.Join(slices.DeleteFunc(strings.Fields(strings.ToLower(text)), func(w string) bool {
		_, rest, _ := strings.Cut(strings.TrimRight(w, ".,:;'\")>]"), ".")
		return strings.ContainsFunc(rest, unicode.IsLetter) && !strings.Contains(w, "mta-sts.")
	}), " ")
}

// transportPolicy judges by MTA-STS and DANE: what breaks them keeps mail of senders that follow them from arriving. Where the
// error names one of them, it alone counts, and a policy that holds excludes the cause.
func transportPolicy(e *evidence) (o Outcome, decided bool) {
	text := withoutNames(e.Reply.Text())
	names := func(words ...string) bool {
		return slices.ContainsFunc(words, func(w string) bool { return hasWord(text, w) })
	}
	sts, dane := names("mta-sts", "mtasts", "sts-policy", "sts-webpki"), names("dane", "tlsa", "dnssec")
	for _, p := range []struct {
		report *diag.Report
		named  bool // in the error
		other  bool // is named
		broken []*diag.Rule
		what   codes.Text
	}{
		{e.transport.dane, dane, sts, []*diag.Rule{check.DANEMismatch, check.DANEStartTLS},
			codes.Text{EN: "what the mail servers of {domain} show does not match their TLSA records (DANE)",
				JA: "{domain} のメールサーバーの証明書がTLSAレコード(DANE)と一致しない"}},
		{e.transport.sts, sts, dane, []*diag.Rule{check.MTASTSMXMismatch, check.MTASTSCertificate, check.MTASTSStartTLSNone},
			codes.Text{EN: "the mail servers of {domain} do not hold against its MTA-STS policy",
				JA: "{domain} のメールサーバーが、同ドメインのMTA-STSポリシーを満たしていない"}},
	} {
		if p.report == nil || p.other && !p.named {
			continue
		}
		r := &p.report.Results[0]
		words := codes.Text{EN: strings.ReplaceAll(p.what.EN, "{domain}", e.toDomain()), JA: strings.ReplaceAll(p.what.JA, "{domain}", e.toDomain())}
		// Without a policy that they can fetch, senders deliver: its web server keeps no mail away.
		faults := slices.DeleteFunc(r.Found(p.broken...), func(f diag.Finding) bool { return f.Subject == mtasts.Host(e.toDomain()) })
		switch {
		case len(faults) > 0:
			for i := range faults {
				faults[i].Records = nil // for others to publish: the step says whom to ask
			}
			o := confirmed(codes.Words("what", words)).found(faults...)
			o.steps = []string{"check_recipient_server", remedyAdmin}
			return o, true
		case p.named && r.Err != nil:
			return open(r.Err), true
		case p.named:
			return excluded().because("smtp", codes.Text{EN: "{check}: nothing keeps mail from {domain} now", JA: "{check}: 現在、{domain} への配送を妨げるものはありません"},
				codes.Words("check", r.Check.Title), codes.Str("domain", e.toDomain())), true
		}
	}
	return o, false
}
