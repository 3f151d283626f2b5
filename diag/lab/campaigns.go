package lab

import (
	"strings"

	"todoku/codes"
)

// Campaign is a campaign file of the lab, with what is wrong in it.
type Campaign struct {
	Scenario
	File string // its text; the mail that it names is Mail
	Mail string
}

// CampaignPrefix stands before the name of a campaign where a file is named: lab:healthy.
const CampaignPrefix = "lab:"

// campaign is a campaign that differs from the healthy one in single lines.
type campaign struct {
	name, code string
	en, ja     string
	change     []string // "key: value" in place of the healthy line; "key:" leaves it out
	mail       func(string) string
}

// healthyCampaign has everything that the providers ask for, and enough mail for those who ask it of bulk senders only.
const healthyCampaign = `from: News <news@healthy.test>
envelope: bounce@healthy.test
helo: out.lab.test
ips: [192.0.2.7]
selectors: [s1]
message: lab:mail
tls: true
recipients: {gmail.com: 8000, outlook.com: 6000, yahoo.com: 6000, icloud.com: 3000, docomo.ne.jp: 2500, orange.fr: 1500,
  au.com: 900, softbank.ne.jp: 800, yahoo.co.jp: 700, gmx.de: 600, laposte.net: 400, comcast.net: 300, t-online.de: 200,
  qq.com: 200, 163.com: 100, mail.ru: 100, kaisha.test: 50}
`

// campaignMail is the mail of the healthy campaign.
const campaignMail = `From: News <news@healthy.test>
To: taro@gmail.com
Subject: News of November
Date: Tue, 24 Nov 2026 09:00:00 +0900
Message-ID: <1.20261124@healthy.test>
List-Unsubscribe: <https://healthy.test/stop?id=1>, <mailto:stop@healthy.test>
List-Unsubscribe-Post: List-Unsubscribe=One-Click
MIME-Version: 1.0
Content-Type: text/plain; charset=UTF-8

Hello,

here are the news of November.

To unsubscribe: https://healthy.test/stop?id=1
`

func campaigns() []campaign { return append(recordCampaigns(), otherCampaigns()...) }

// from are the lines of a campaign of another domain.
func from(domain string) []string {
	return []string{"from: News <news@" + domain + ">", "envelope: bounce@" + domain}
}

// without leaves a field out of a mail.
func without(field string) func(string) string {
	return func(mail string) string {
		var b strings.Builder
		for line := range strings.Lines(mail) {
			if !strings.HasPrefix(line, field+":") {
				b.WriteString(line)
			}
		}
		return b.String()
	}
}

// recordCampaigns are wrong in DNS, the first in nothing.
func recordCampaigns() []campaign {
	return []campaign{
		{name: "healthy",
			en: "a campaign that every provider takes",
			ja: "すべての事業者に届くキャンペーンです"},
		{name: "no-spf", code: "42550",
			en:     "a campaign without an SPF record",
			ja:     "SPFレコードのないキャンペーンです",
			change: from("no-spf.test")},
		{name: "spf-ip", code: "42550",
			en:     "a campaign from an address that SPF does not have",
			ja:     "SPFに含まれない送信元から送るキャンペーンです",
			change: from("spf-ip.test")},
		{name: "no-dkim", code: "42550",
			en:     "a campaign whose DKIM key is missing",
			ja:     "DKIMの鍵がないキャンペーンです",
			change: []string{"selectors: [s9]"}},
		{name: "dkim-short", code: "42550",
			en:     "a campaign with a DKIM key of 512 bits",
			ja:     "DKIMの鍵が512ビットのキャンペーンです",
			change: from("dkim-short.test")},
		{name: "no-dmarc", code: "42550",
			en:     "a campaign without a DMARC record",
			ja:     "DMARCレコードのないキャンペーンです",
			change: from("no-dmarc.test")},
		{name: "unaligned", code: "42550",
			en:     "a campaign of a service that signs with its own domain only",
			ja:     "配信サービスのドメインだけで認証されるキャンペーンです",
			change: []string{"envelope: bounce@healthy.test", "from: News <news@dmarc-watch.test>", "selectors: [s1._domainkey.healthy.test]"}},
		{name: "no-ptr", code: "42550",
			en:     "a campaign from an address without a name",
			ja:     "逆引きのない送信元から送るキャンペーンです",
			change: append(from("no-ptr.test"), "ips: [192.0.2.8]")},
		{name: "generic-ptr", code: "42550",
			en:     "a campaign from an address with a name like an access line",
			ja:     "接続回線のような逆引きの送信元から送るキャンペーンです",
			change: append(from("ptr-generic.test"), "ips: [192.0.2.10]")},
	}
}

// otherCampaigns are wrong elsewhere.
func otherCampaigns() []campaign {
	return []campaign{
		{name: "no-tls", code: "42550",
			en:     "a campaign that is sent without TLS",
			ja:     "TLSを使わずに送るキャンペーンです",
			change: []string{"tls: false"}},
		{name: "bare-helo", code: "42550",
			en:     "a campaign whose server gives a name that does not exist",
			ja:     "存在しない名前をHELOで名乗るキャンペーンです",
			change: []string{"helo: nowhere.lab.test"}},
		{name: "no-mx", code: "42550",
			en:     "a campaign whose sender can take no mail",
			ja:     "送信者のドメインがメールを受け取れないキャンペーンです",
			change: from("no-mx.test")},
		{name: "no-one-click",
			en:   "a campaign without one-click unsubscribe",
			ja:   "ワンクリック配信停止のないキャンペーンです",
			mail: without("List-Unsubscribe-Post")},
		{name: "no-message-id", code: "42550",
			en:   "a campaign without a Message-ID",
			ja:   "Message-IDのないキャンペーンです",
			mail: without("Message-ID")},
		{name: "large", code: "42552",
			en: "a campaign of 3.5 MB a mail",
			ja: "1通3.5MBのキャンペーンです",
			mail: func(m string) string {
				return m + strings.Repeat(strings.Repeat("x", 76)+"\n", 46_000)
			}},
		{name: "long-line", code: "42500",
			en:   "a campaign with a line of 1,200 octets",
			ja:   "1行が1200バイトあるキャンペーンです",
			mail: func(m string) string { return m + strings.Repeat("x", 1200) + "\n" }},
		{name: "silent",
			en:     "a campaign of a domain whose DNS does not answer",
			ja:     "DNSが応答しないドメインのキャンペーンです",
			change: from("lame.test")},
		{name: "bad-list", code: "41605",
			en: "a campaign with wrong and suspicious recipients",
			ja: "誤った宛先や疑わしい宛先のあるキャンペーンです",
			change: []string{"recipients: [taro@gmail.com, Taro@gmail.com, hanako@gmial.com, jiro@gmeil.com, no address, info@kaisha.test, " +
				"x@nowhere.test, x@null-mx.test, x@no-mx.test, x@lame.test]"}},
	}
}

// Campaigns lists the campaigns of the lab, the healthy one first.
func Campaigns() []Campaign {
	var out []Campaign
	for _, p := range campaigns() {
		out = append(out, p.made())
	}
	return out
}

// FindCampaign finds a campaign by its name: "healthy", "lab:healthy".
func FindCampaign(name string) (Campaign, bool) {
	for _, p := range campaigns() {
		if p.name == strings.TrimPrefix(name, CampaignPrefix) {
			return p.made(), true
		}
	}
	return Campaign{}, false
}

// made puts the changes into the healthy campaign.
func (p campaign) made() Campaign {
	c := Campaign{Scenario: Scenario{Group: "campaign", Name: "campaign-" + p.name, Situation: codes.Text{EN: p.en, JA: p.ja}, DeliveryCode: p.code,
		Command: typed([]string{"check", "campaign", CampaignPrefix + p.name}, "").In(inLab())}, File: healthyCampaign, Mail: campaignMail}
	for _, line := range p.change {
		key, _, _ := strings.Cut(line, ":")
		within := false
		var b strings.Builder
		for old := range strings.Lines(c.File) {
			switch {
			case strings.HasPrefix(old, key+":"):
				old, within = line+"\n", true
			case within && old[0] == ' ':
				old = ""
			default:
				within = false
			}
			b.WriteString(old)
		}
		c.File = b.String()
		if key == "from" { // the mail is that of the campaign
			author, _, _ := strings.Cut(c.Mail, "\n")
			c.Mail = "From:" + strings.TrimPrefix(line, "from:") + strings.TrimPrefix(c.Mail, author)
		}
	}
	if p.mail != nil {
		c.Mail = p.mail(c.Mail)
	}
	return c
}

// providersZone has the MX records of large providers, so that recipients of the lab have them. The hosts have no address.
const providersZone = `$ORIGIN .
gmail.com.      MX 5 gmail-smtp-in.l.google.com.
googlemail.com. MX 5 gmail-smtp-in.l.google.com.
outlook.com.    MX 5 outlook-com.olc.protection.outlook.com.
hotmail.com.    MX 5 hotmail-com.olc.protection.outlook.com.
yahoo.com.      MX 1 mta5.am0.yahoodns.net.
aol.com.        MX 1 mx-aol.mail.gm0.yahoodns.net.
att.net.        MX 1 al-ip4-mx-vip1.prodigy.net.
icloud.com.     MX 10 mx01.mail.icloud.com.
docomo.ne.jp.   MX 10 mfsmax.docomo.ne.jp.
au.com.         MX 10 lsean.ezweb.ne.jp.
ezweb.ne.jp.    MX 10 lsean.ezweb.ne.jp.
softbank.ne.jp. MX 10 mx.softbank.ne.jp.
yahoo.co.jp.    MX 10 mx1.mail.yahoo.co.jp.
gmx.de.         MX 10 mx00.emig.gmx.net.
web.de.         MX 100 mx-ha02.web.de.
orange.fr.      MX 10 smtp-in.orange.fr.
laposte.net.    MX 10 smtpz4.laposte.net.
comcast.net.    MX 5 mx1.comcast.net.
t-online.de.    MX 10 mx00.t-online.de.
qq.com.         MX 10 mx3.qq.com.
163.com.        MX 10 163mx01.mxmail.netease.com.
mail.ru.        MX 10 mxs.mail.ru.
yandex.ru.      MX 10 mx.yandex.ru.
rakumail.jp.    MX 10 mail-rakumail-jp.gslb.rmb-ss.jp.
kaisha.test.    MX 10 mx1.lab.test.
gmeil.com.      MX 10 mx1.lab.test.
`
