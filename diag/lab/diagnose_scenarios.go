package lab

import (
	"slices"
	"strings"

	"todoku/codes"
)

// DiagnoseScenario is an error and a world in which one of its causes is there,
// is not there, or cannot be looked at.
type DiagnoseScenario struct {
	Scenario
	Cause, Status string // of diag/guide
}

// diagnoseSituation is a cause with three worlds. text is the error as it is pasted;
// the flags after it make the worlds.
type diagnoseSituation struct {
	cause, code, text     string
	there, absent, unseen []string
	en, ja                string
}

// What the flags have in common: the mail's way, and domains whose DNS is broken.
var (
	fromHealthy         = []string{"--from", "news@healthy.test"}
	healthyMail         = []string{"--from", "news@healthy.test", "--to", "user@takes.test", "--ip", sender}
	unreadableRecipient = []string{"--from", "news@healthy.test", "--to", "user@dns-broken.test"}
	unreadableSender    = []string{"--from", "news@lame.test", "--to", "user@takes.test", "--ip", sender}
)

// flags are flags with more of them.
func flags(some []string, more ...string) []string { return slices.Concat(some, more) }

func diagnoseSituations() []diagnoseSituation {
	return []diagnoseSituation{
		{"address-wrong", "42550", "550 5.1.1 no such user", flags(fromHealthy, "--to", "nobody@takes.test"), healthyMail, unreadableRecipient,
			"the address is wrong", "宛先アドレスの誤り"},
		{"recipient-domain", "41605", "41605", flags(fromHealthy, "--to", "user@mistyped.test"), healthyMail, unreadableRecipient,
			"the recipient's domain takes no mail", "宛先ドメインがメールを受け取れない"},
		{"mailbox-full", "42552", "552 5.2.2 mailbox full", flags(fromHealthy, "--to", "user@mailbox-full.test"), nil, unreadableRecipient,
			"the mailbox is full", "メールボックスの容量超過"},
		{"mailbox-disabled", "42550", "550 5.2.1 account disabled", flags(fromHealthy, "--to", "user@disabled.test"), healthyMail,
			unreadableRecipient, "the mailbox is switched off", "メールボックスの停止"},
		{"sender-domain", "42550", "550 5.7.1 rejected by DMARC policy", []string{"--from", "news@mistyped.test", "--ip", sender,
			"--to", "user@takes.test"}, healthyMail, unreadableSender, "the sender's domain does not exist",
			"送信者ドメインが存在しない"},
		{"spf-none", "42550", "550 5.7.23 SPF check failed", []string{"--from", "news@no-spf.test", "--ip", sender, "--to",
			"user@takes.test"}, healthyMail, unreadableSender, "no SPF record", "SPFレコードがない"},
		{"spf-broken", "42550", "550 5.7.24 SPF permerror", []string{"--from", "news@two-spf.test", "--ip", sender, "--to",
			"user@takes.test"}, healthyMail, unreadableSender, "the SPF record is broken", "SPFレコードの誤り"},
		{"spf-ip", "42550", "550 5.7.23 SPF check failed", []string{"--from", "news@spf-ip.test", "--ip", sender, "--to",
			"user@takes.test"}, healthyMail, flags(fromHealthy, "--to", "user@takes.test"),
			"SPF does not cover the sending address", "送信元IPアドレスがSPFの対象外"},
		{"dkim-none", "42550", "550 5.7.20 no passing DKIM signature", []string{"--from", "news@no-dkim.test", "--to",
			"user@takes.test"}, flags(healthyMail, "--selector", "s1"), unreadableSender, "no DKIM key", "DKIMの鍵がない"},
		{"dkim-broken", "42550", "550 5.7.20 no passing DKIM signature", []string{"--from", "news@dkim-revoked.test",
			"--selector", "s1", "--to", "user@takes.test"}, flags(healthyMail, "--selector", "s1", "--signer", "healthy.test"), unreadableSender,
			"the DKIM key is broken", "DKIMの公開鍵の不備"},
		{"dmarc-none", "42550", "550 5.7.1 rejected by DMARC policy", []string{"--from", "news@no-dmarc.test", "--ip", sender,
			"--to", "user@takes.test"}, healthyMail, unreadableSender, "no DMARC record", "DMARCレコードがない"},
		{"dmarc-unaligned", "42550", "550 5.7.1 rejected by DMARC policy", []string{"--from", "news@dmarc-misaligned.test",
			"--mail-from", "bounce@esp.test", "--signer", "esp.test", "--ip", "203.0.113.1", "--to", "user@takes.test"}, healthyMail,
			unreadableSender, "DMARC is not aligned", "DMARCのアライメント不一致"},
		{"reverse-dns", "42550", "550 5.7.25 no reverse DNS", []string{"--from", "news@no-ptr.test", "--ip", "192.0.2.8",
			"--to", "user@takes.test"}, healthyMail, flags(fromHealthy, "--ip", "192.0.2.11", "--to", "user@takes.test"),
			"the sending address has no name", "逆引きの不備"},
		{"blocklisted", "42554", "554 5.7.1 refused, blocked using bl.lab.test", flags(fromHealthy, "--ip", "192.0.2.66", "--to",
			"user@takes.test"), healthyMail, flags(healthyMail, "--blocklist", "mute.bl.lab.test"),
			"the sending address is on a blocklist", "ブロックリストへの登録"},
		{"greylisted", "42450", "450 4.2.0 greylisted", flags(fromHealthy, "--to", "user@r450.test"), healthyMail,
			unreadableRecipient, "greylisting", "グレイリスト"},
		{"too-large", "42552", "552 5.3.4 message too large", flags(fromHealthy, "--size", "99999999", "--to",
			"user@size-limit.test"), flags(healthyMail, "--size", "100"), flags(unreadableRecipient, "--size", "99999999"),
			"the mail is too large", "メールのサイズ超過"},
		{"tls", "42530", "530 5.7.0 Must issue a STARTTLS command first", flags(fromHealthy, "--to", "user@tls-required.test"),
			healthyMail, unreadableRecipient, "TLS is wanted", "TLSが必要"},
		{"recipient-refuses", "42550", "550 5.7.1 the recipient does not want mail from you", healthyMail, nil, unreadableRecipient,
			"the recipient's own settings refuse", "受信者の設定による受信拒否"},
		{"recipient-server-trouble", "42421", "421 4.3.2 service not available", flags(fromHealthy, "--to", "user@r421.test"),
			healthyMail, unreadableRecipient, "the receiving server is in trouble", "宛先メールサーバーの障害"},
		{"relay", "42554",
			"relay=mx1.lab.test[192.0.2.25]:25, dsn=5.7.1, status=bounced (host mx1.lab.test[192.0.2.25] said: 554 5.7.1 " +
				"Relay access denied (in reply to RCPT TO command))", healthyMail, nil, unreadableRecipient,
			"the mail went to a server that does not relay", "接続先の誤り・中継の拒否"},
		{"own-network", "41606", "41606", []string{"--from", "news@unreachable.test", "--to", "user@never-answers.test",
			"--timeout", "1s"}, flags(fromHealthy, "--to", "user@closed.test"), []string{"--from", "news@lame.test", "--to",
			"user@dns-broken.test"}, "our own network has no way out", "送信側ネットワークの遮断"},
		{"dns-trouble", "41605", "41605", unreadableRecipient, healthyMail, flags(fromHealthy, "--to", "user@dns-silent.test", "--timeout", "1s"),
			"DNS of the recipient's domain is broken", "宛先ドメインのDNSの障害"},
	}
}

// namedSituation is a situation with the name that its scenarios have.
type namedSituation struct {
	diagnoseSituation
	name string
}

// sampleDiagnoses are the situations that a mail shows.
func sampleDiagnoses() []namedSituation {
	return []namedSituation{
		{diagnoseSituation{"dkim-broken", "42550", "550 5.7.20 no passing DKIM signature", []string{"--message", "lab:list-footer"},
			[]string{"--message", "lab:healthy"}, flags(unreadableSender, "--selector", "s1"),
			"the mail was changed after it was signed", "署名後にメールが変更された"}, "dkim-changed"},
		{diagnoseSituation{"content", "42554", "554 5.7.1 rejected as spam", []string{"--message", "lab:placeholder", "--ip", sender},
			nil, []string{"--message", "lab:healthy", "--ip", sender},
			"a placeholder was left in the mail", "差し込み項目が置き換えられていない"}, "content"},
	}
}

// transportDiagnoses are the situations of what a recipient's domain demands of TLS.
func transportDiagnoses() []namedSituation {
	healthy := flags(fromHealthy, "--to", "user@healthy.test")
	return []namedSituation{
		{diagnoseSituation{"tls", "42450", "450 4.7.323 tlsa-invalid: the domain failed DANE validation", flags(fromHealthy, "--to",
			"user@dane-mismatch.test"), healthy, unreadableRecipient,
			"the certificate of the mail server does not match its TLSA records",
			"メールサーバーの証明書とTLSAレコードの不一致"}, "dane"},
		{diagnoseSituation{"tls", "42550", "550 5.4.8 MX hosts of the domain failed MTA-STS validation", flags(fromHealthy, "--to",
			"user@sts-mx.test"), healthy, unreadableRecipient,
			"the mail servers do not hold against the MTA-STS policy", "MTA-STSポリシーとメールサーバーの不一致"}, "mta-sts"},
	}
}

// everyDiagnosis lists all situations.
func everyDiagnosis() (out []namedSituation) {
	for _, p := range diagnoseSituations() {
		out = append(out, namedSituation{p, p.cause})
	}
	return append(append(out, sampleDiagnoses()...), transportDiagnoses()...)
}

// DiagnoseScenarios lists what a diagnosis can find in the lab: for each cause
// that the lab can show, one world each.
func DiagnoseScenarios() []DiagnoseScenario {
	var out []DiagnoseScenario
	for _, p := range everyDiagnosis() {
		for _, w := range [...]struct {
			status string
			flags  []string
			en, ja string
		}{
			{"confirmed", p.there, "", ""},
			{"excluded", p.absent, " (looked for, not there)", "(調べた結果、該当しない)"},
			{"open", p.unseen, " (cannot be looked at)", "(確認できない)"},
		} {
			if w.flags == nil {
				continue
			}
			text := p.text
			if slices.Contains(w.flags, "mute.bl.lab.test") { // the reply names the list that keeps silent
				text = strings.Replace(text, "bl.lab.test", "mute.bl.lab.test", 1)
			}
			s := Scenario{Group: "diagnose", Name: "diagnose-" + p.name + "-" + w.status, DeliveryCode: p.code, Situation: codes.Text{EN: p.en + w.en, JA: p.ja + w.ja}, Command: typed(flags([]string{"diagnose", text}, w.flags...), "").In(inLab())}
			if i := slices.Index(w.flags, "--to"); i >= 0 {
				s.Address = w.flags[i+1]
			}
			out = append(out, DiagnoseScenario{s, p.cause, w.status})
		}
	}
	return out
}
