package lab

import (
	"crypto/tls"
	"strings"
	"time"
)

func tlsSituations() []mailSituation {
	return []mailSituation{
		{name: "no-starttls", code: "40000", reason: "delivered", mail: Receiver{Known: usual(), Lacks: []string{"STARTTLS"}},
			en: "a server without STARTTLS", ja: "STARTTLSに対応していないサーバーです"},
		{name: "cert-expired", code: "40000", reason: "delivered", mail: Receiver{Known: usual(), Certificate: Expired},
			en: "a certificate that has expired", ja: "証明書の有効期限が切れています"},
		{name: "cert-name", code: "40000", reason: "delivered", mail: Receiver{Known: usual(), Certificate: WrongName},
			en: "a certificate of another name", ja: "証明書の名前がホスト名と一致しません"},
		{name: "cert-self", code: "40000", reason: "delivered", mail: Receiver{Known: usual(), Certificate: SelfSigned},
			en: "a certificate that nobody has signed", ja: "自己署名の証明書です"},
		{name: "tls-old", code: "40000", reason: "delivered", mail: Receiver{Known: usual(), MaxTLS: tls.VersionTLS11},
			en: "a server that knows only old versions of TLS", ja: "古いバージョンのTLSにしか対応していないサーバーです"},
		{name: "tls-required", code: "40000", reason: "delivered", mail: Receiver{Known: usual(), TLSFirst: true},
			en: "a server that takes mail over TLS only (530 5.7.0 before)",
			ja: "TLSでなければ受け取らないサーバーです(STARTTLS前は530 5.7.0)"},
		{name: "tls-required-bare", code: "42530", reason: "tls_required", mail: Receiver{Known: usual(), TLSFirst: true,
			Lacks: []string{"STARTTLS"}},
			en: "a server that wants TLS and does not offer it", ja: "TLSを要求しながらSTARTTLSを提供しないサーバーです"},
		{name: "starttls-later", code: "40000", reason: "delivered", mail: Receiver{Known: usual(),
			STARTTLS: Say{Reply: "454 4.7.0 TLS not available due to temporary reason"}},
			en: "STARTTLS that is not available for now", ja: "STARTTLSが一時的に利用できません"},
		{name: "starttls-breaks", code: "40000", reason: "delivered", mail: Receiver{Known: usual(),
			STARTTLS: Say{Reply: "220 2.0.0 go ahead", Then: Drop}},
			en: "the connection breaks after STARTTLS", ja: "STARTTLSの直後に接続が切れます"},
		{name: "starttls-smuggles", code: "40000", reason: "delivered", mail: Receiver{Known: usual(),
			STARTTLS: Say{Raw: "220 2.0.0 go ahead\r\n250-smuggled\r\n250 AUTH PLAIN\r\n"}},
			en: "replies smuggled in before TLS begins", ja: "TLSの開始前に偽の応答が差し込まれます"},
	}
}

// laterTLSSituations came later.
func laterTLSSituations() []mailSituation {
	return []mailSituation{
		{name: "cert-expiring", code: "40000", reason: "delivered", mail: Receiver{Known: usual(), Certificate: Expiring},
			en: "a certificate that should have been renewed", ja: "更新されているはずの証明書の期限が近づいています"},
		{name: "cert-weak", code: "40000", reason: "delivered", mail: Receiver{Known: usual(), Certificate: WeakKey},
			en: "a certificate with a weak key", ja: "証明書の鍵が弱すぎます"},
		{name: "cert-incomplete", code: "40000", reason: "delivered", mail: Receiver{Known: usual(), Certificate: Incomplete},
			en: "a certificate without the one of its authority (incomplete chain)", ja: "中間証明書が設定されていません"},
		{name: "requiretls", code: "40000", reason: "delivered", mail: Receiver{Known: usual(), Certificate: Chained, RequireTLS: true},
			en: "a server that offers REQUIRETLS, with a complete chain",
			ja: "REQUIRETLSに対応し、証明書チェーンも揃ったサーバーです"},
	}
}

// relaySituations are servers to go through, with --via.
func relaySituations() []mailSituation {
	submission := []uint16{587, 465, 25}
	users := map[string]string{"lab": "lab"}
	return []mailSituation{
		{name: "relay", code: "40000", reason: "delivered", args: []string{"--via", "smtp://{}:587", "--user", "guest",
			"--password-file", "/dev/null"}, to: "user@healthy.test",
			host: "relay.test", mail: Receiver{Ports: submission, LoginFirst: true, Users: users, Guest: "guest"},
			en: "through a relay with a login (guest with any password, or lab with the password lab)",
			ja: "SMTP認証の必要な中継サーバー経由です(guest は任意のパスワード、lab のパスワードは lab)"},
		{name: "relay-tls", code: "40000", reason: "delivered", args: []string{"--via", "smtps://{}:465", "--user", "guest",
			"--password-file", "/dev/null"}, to: "user@healthy.test",
			host: "relay-tls.test", mail: Receiver{Ports: []uint16{465}, LoginFirst: true, Users: users, Guest: "guest"},
			en: "through a relay with TLS from the start", ja: "最初からTLSで接続する中継サーバー経由です"},
		{name: "relay-no-login", code: "42530", reason: "login_required", args: []string{"--via", "smtp://{}:587"}, to: "user@healthy.test",
			host: "relay-no-login.test", mail: Receiver{Ports: submission, LoginFirst: true, Users: users},
			en: "a relay that wants a login, and none is given",
			ja: "SMTP認証の必要な中継サーバーに、認証なしで送信します"},
		{name: "relay-bare", args: []string{"--via", "smtp://{}:587", "--user", "guest", "--password-file", "/dev/null"},
			to:   "user@healthy.test",
			host: "relay-bare.test", mail: Receiver{Ports: submission, Lacks: []string{"STARTTLS"}, LoginFirst: true,
				Users: users, Guest: "guest", Clear: true},
			en: "a relay that would take the password without encryption",
			ja: "暗号化なしでパスワードを受け付ける中継サーバーです"},
		{name: "relay-refuses", code: "42554", reason: "relay_denied", args: []string{"--via", "smtp://{}:587"}, to: "user@healthy.test",
			host: "relay-refuses.test", mail: Receiver{Ports: submission, Rcpt: Say{Reply: "554 5.7.1 <{to}>: Relay access denied"}},
			en: "a relay that refuses relaying", ja: "中継を拒否するサーバーです"},
	}
}

// strangeSituations are servers that keep to no rule.
func strangeSituations() []mailSituation {
	retry := []string{"--timeout", "2s", "--retry-for", "2s"}
	return []mailSituation{
		{name: "banner-huge", code: "41606", args: retry, mail: Receiver{Greeting: Say{Raw: strings.Repeat("x", 1<<10), Count: 1 << 10}},
			en: "a greeting line of a megabyte", ja: "1MBに及ぶ1行の応答を返すサーバーです"},
		{name: "banner-endless", code: "41606", args: retry,
			mail: Receiver{Greeting: Say{Raw: "220-welcome, welcome, welcome\r\n", Count: 1 << 22}},
			en:   "a greeting of endless lines", ja: "終わりのない応答を返すサーバーです"},
		{name: "banner-garbage", code: "41606", args: retry,
			mail: Receiver{Greeting: Say{Raw: "\x00\xff\x1b[2J\x07 HTTP/1.1 400 Bad Request\r\n\r\n", Then: Drop}},
			en:   "a greeting that is garbage", ja: "意味不明な応答を返すサーバーです"},
		{name: "tarpit", code: "41606", args: retry,
			mail: Receiver{Greeting: Say{Reply: "220 {name} please be patient with this slow old server, it will come",
				Drip: 500 * time.Millisecond}},
			en: "a server that speaks a letter at a time", ja: "1文字ずつしか応答しないサーバーです"},
		{name: "hangs-up", code: "41606", args: retry, mail: Receiver{Greeting: Say{Then: Drop}},
			en: "a server that hangs up at once", ja: "接続直後に切断するサーバーです"},
		{name: "starttls-refused", code: "40000", reason: "delivered", mail: Receiver{Known: usual(),
			STARTTLS: Say{Reply: "502 5.5.1 STARTTLS is not available"}},
			en: "a server that offers STARTTLS and then refuses it (502)",
			ja: "STARTTLSに対応すると通知しながら拒否するサーバーです(502)"},
	}
}
