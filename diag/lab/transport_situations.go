package lab

import (
	"net/netip"
	"slices"
	"strings"
)

// stsPage is what the web server of a situation says of its MTA-STS policy.
type stsPage struct {
	answer      Answer
	certificate Certificate
	at          string // "": with all others
}

// policyHost is where the policies of the lab are, of each domain under a name of its own.
const policyHost = "192.0.2.82"

// policyPath is that of a policy (RFC 8461 §3.2).
const policyPath = "/.well-known/mta-sts.txt"

// policy is a page with the policy of lines.
func policy(lines ...string) *stsPage {
	return &stsPage{answer: Answer{Body: strings.Join(append([]string{"version: STSv1"}, lines...), "\r\n") + "\r\n"}}
}

// enforced is a policy that is in force and names hosts.
func enforced(hosts ...string) *stsPage {
	lines := []string{"mode: enforce"}
	for _, h := range hosts {
		lines = append(lines, "mx: "+h)
	}
	return policy(append(lines, "max_age: 604800")...)
}

// healthyPolicy names the hosts of a healthy domain.
func healthyPolicy() *stsPage { return enforced("mx1.lab.test", "mx2.lab.test") }

const (
	stsRecord = `_mta-sts TXT "v=STSv1; id=20260101T000000Z"`
	tlsrptTo  = `_smtp._tls TXT "v=TLSRPTv1; rua=mailto:tls@lab.test"`
	stsZone   = stsRecord + "\n" + tlsrptTo
)

// putPages places the web servers of the situations.
func (w *World) putPages() {
	for _, p := range situations() {
		if p.sts == nil {
			continue
		}
		at := p.sts.at
		if at == "" {
			at = policyHost
		}
		w.PutWeb(Web{Host: "mta-sts." + p.ascii(), Certificate: p.sts.certificate, Pages: map[string]Answer{policyPath: p.sts.answer}},
			netip.MustParseAddr(at))
	}
}

// transportSituations are about TLS of the receiving side.
func transportSituations() []situation {
	list := slices.Concat(stsRecordSituations(), stsPolicySituations(), tlsrptSituations())
	for i := range list {
		p := &list[i]
		check, _, _ := strings.Cut(p.name, "-")
		if check == "sts" {
			check = "mtasts"
		}
		p.args = []string{"check", "domain", "{}", "--only", check}
		if p.sts != nil {
			at := p.sts.at
			if at == "" {
				at = policyHost
			}
			p.extra += "\nmta-sts A " + at
		}
	}
	return list
}

func stsRecordSituations() []situation {
	return []situation{
		{name: "sts-none", rules: "mtasts-none", extra: tlsrptTo,
			en: "no MTA-STS record", ja: "MTA-STSレコードがありません"},
		{name: "sts-misplaced", rules: "mtasts-misplaced", extra: `@ TXT "v=STSv1; id=20260101T000000Z"`,
			en: "MTA-STS record at the domain itself", ja: "MTA-STSレコードの設定場所が誤っています"},
		{name: "sts-syntax", rules: "mtasts-syntax", extra: `_mta-sts TXT "v=STSv1; id=2026-01-01"`, sts: healthyPolicy(),
			en: "MTA-STS record with an id that is none", ja: "MTA-STSレコードの id に使えない文字があります"},
		{name: "sts-two", rules: "mtasts-multiple", extra: stsRecord + "\n" + `_mta-sts TXT "v=STSv1; id=2"`, sts: healthyPolicy(),
			en: "two MTA-STS records", ja: "MTA-STSレコードが2つあります"},
		{name: "sts-no-record", rules: "mtasts-none mtasts-no-record", extra: tlsrptTo, sts: healthyPolicy(),
			en: "MTA-STS policy without a record", ja: "MTA-STSポリシーがありますが、レコードがありません"},
		{name: "sts-ignored", rules: "mtasts-ignored", extra: `_mta-sts TXT "v=STSv1; id=1; ttl=60"`, sts: healthyPolicy(),
			en: "MTA-STS record with a field that nobody reads", ja: "MTA-STSレコードに、無視される項目があります"},
	}
}

func stsPolicySituations() []situation {
	return []situation{
		{name: "sts-policy-syntax", rules: "mtasts-syntax", extra: stsZone,
			sts: policy("mode: Enforce", "mx: mx1.lab.test", "mx: mx2.lab.test", "max_age: 604800"),
			en:  "MTA-STS policy with a typing mistake", ja: "MTA-STSポリシーに書き間違いがあります"},
		{name: "sts-gone", rules: "mtasts-fetch", extra: stsRecord,
			en: "MTA-STS record without a policy", ja: "MTA-STSレコードがありますが、ポリシーがありません"},
		{name: "sts-404", rules: "mtasts-fetch", extra: stsZone, sts: &stsPage{answer: Answer{Status: 404, Body: "not found\n"}},
			en: "MTA-STS policy that is not found (404)", ja: "MTA-STSポリシーが見つかりません(404)"},
		{name: "sts-large", rules: "mtasts-fetch", extra: stsZone, sts: &stsPage{answer: Answer{Body: strings.Repeat("x", 1024), Repeat: 65}},
			en: "MTA-STS policy that is too large", ja: "MTA-STSポリシーが大きすぎます"},
		{name: "sts-redirect", rules: "mtasts-redirect", extra: stsZone,
			sts: &stsPage{answer: Answer{Status: 301, Location: "https://www.sts-redirect.test/mta-sts.txt"}},
			en:  "MTA-STS policy behind a redirect", ja: "MTA-STSポリシーがリダイレクトされます"},
		{name: "sts-type", rules: "mtasts-content-type", extra: stsZone, sts: served(healthyPolicy(), "text/html"),
			en: "MTA-STS policy as a web page", ja: "MTA-STSポリシーのContent-Typeが text/html です"},
		{name: "sts-cert", rules: "mtasts-certificate", extra: stsZone, sts: certified(healthyPolicy(), WrongName, "192.0.2.83"),
			en: "the certificate of the policy's host has another name",
			ja: "ポリシーのサーバーの証明書の名前が一致しません"},
		{name: "sts-mx", code: "41606", rules: "mtasts-mx-mismatch", extra: stsZone, sts: enforced("mx1.lab.test"),
			en: "an MX host that the MTA-STS policy does not name", ja: "MTA-STSポリシーにないMXホストがあります"},
		{name: "sts-mx-cert", code: "41606", rules: "mtasts-certificate", mx: "@ MX 10 mx.cert-expired.test.", extra: stsZone,
			sts: enforced("*.cert-expired.test"),
			en:  "MTA-STS is enforced, and the certificate of the MX host has expired",
			ja:  "MTA-STSが有効ですが、MXホストの証明書の有効期限が切れています"},
		{name: "sts-no-tls", code: "41606", rules: "mtasts-starttls-none", mx: "@ MX 10 mx.no-starttls.test.", extra: stsZone,
			sts: enforced("mx.no-starttls.test"),
			en:  "MTA-STS is enforced, and the MX host has no STARTTLS",
			ja:  "MTA-STSが有効ですが、MXホストがSTARTTLSに対応していません"},
		{name: "sts-testing", rules: "mtasts-testing", extra: stsZone,
			sts: policy("mode: testing", "mx: mx1.lab.test", "mx: mx2.lab.test", "max_age: 604800"),
			en:  "MTA-STS policy in testing", ja: "MTA-STSポリシーがテスト中です"},
		{name: "sts-testing-mx", rules: "mtasts-testing mtasts-would-fail", extra: stsZone,
			sts: policy("mode: testing", "mx: mx1.lab.test", "max_age: 604800"),
			en:  "MTA-STS policy in testing that does not name an MX host",
			ja:  "テスト中のMTA-STSポリシーに、MXホストの不足があります"},
		{name: "sts-off", rules: "mtasts-mode-none", extra: stsZone, sts: policy("mode: none", "max_age: 86400"),
			en: "MTA-STS that is given up (mode: none)", ja: "MTA-STSが無効です(mode: none)"},
		{name: "sts-short", rules: "mtasts-max-age", extra: stsZone,
			sts: policy("mode: enforce", "mx: mx1.lab.test", "mx: mx2.lab.test", "max_age: 3600"),
			en:  "MTA-STS policy that is forgotten after an hour", ja: "MTA-STSポリシーの保持期間が1時間です"},
		{name: "sts-old-mx", rules: "mtasts-mx-unused", extra: stsZone, sts: enforced("mx1.lab.test", "mx2.lab.test", "old.lab.test"),
			en: "MTA-STS policy that names a host of old", ja: "MTA-STSポリシーに、使われていないホストがあります"},
		{name: "sts-closed", extra: stsRecord + "\nmta-sts A 192.0.2.84",
			en: "the web server with the MTA-STS policy cannot be reached", ja: "MTA-STSポリシーのサーバーに接続できません"},
	}
}

func tlsrptSituations() []situation {
	return []situation{
		{name: "tlsrpt-none", rules: "tlsrpt-none",
			en: "no TLS-RPT record", ja: "TLS-RPTレコードがありません"},
		{name: "tlsrpt-misplaced", rules: "tlsrpt-misplaced", extra: `@ TXT "v=TLSRPTv1; rua=mailto:tls@{}"`,
			en: "TLS-RPT record at the domain itself", ja: "TLS-RPTレコードの設定場所が誤っています"},
		{name: "tlsrpt-syntax", rules: "tlsrpt-syntax", extra: `_smtp._tls TXT "v=TLSRPTv1; rua=tls@{}"`,
			en: "TLS-RPT record with a typing mistake", ja: "TLS-RPTレコードに書き間違いがあります"},
		{name: "tlsrpt-two", rules: "tlsrpt-multiple", extra: tlsrptTo + "\n" + `_smtp._tls TXT "v=TLSRPTv1; rua=mailto:tls@{}"`,
			en: "two TLS-RPT records", ja: "TLS-RPTレコードが2つあります"},
		{name: "tlsrpt-deaf", rules: "tlsrpt-no-mx", extra: `_smtp._tls TXT "v=TLSRPTv1; rua=mailto:tls@nomail.test"`,
			en: "TLS reports to a domain that takes no mail", ja: "TLSレポートの宛先がメールを受信しません"},
		{name: "tlsrpt-lost", rules: "tlsrpt-no-host", extra: `_smtp._tls TXT "v=TLSRPTv1; rua=https://gone.lab.test/tls"`,
			en: "TLS reports to a web server that does not exist", ja: "TLSレポートの送信先サーバーが存在しません"},
		{name: "tlsrpt-ftp", rules: "tlsrpt-uri-scheme", extra: `_smtp._tls TXT "v=TLSRPTv1; rua=ftp://reports.lab.test/tls,mailto:tls@{}"`,
			en: "TLS reports to an address of another kind", ja: "TLSレポートの送信先が mailto: でも https: でもありません"},
		{name: "tlsrpt-ignored", rules: "tlsrpt-ignored", extra: `_smtp._tls TXT "v=TLSRPTv1; rua=mailto:tls@{}; ruf=mailto:tls@{}"`,
			en: "TLS-RPT record with a field that nobody reads", ja: "TLS-RPTレコードに、無視される項目があります"},
	}
}

func served(p *stsPage, kind string) *stsPage {
	p.answer.Type = kind
	return p
}

func certified(p *stsPage, c Certificate, at string) *stsPage {
	p.certificate, p.at = c, at
	return p
}
