package lab

// plainHost is a mail server without STARTTLS, for the domains whose TLSA records promise TLS.
const plainHost, plainAddress = "plain.lab.test", "192.0.2.28"

// The SHA-256 digests of keys that no server has.
const (
	strangeKey = "e41b9c07d25a8f36410bc9d8e7f2a15566c03b94aa17de8f20935c4b7e61d80f"
	laterKey   = "5c1f4a6de2b0937788e1d0c95a3bf2476e9013d8ca57b46f20819cde34a7f65b"
)

// daneSituations are domains whose MX host, mail.NAME.test, is the first one of the lab, with TLSA records of its own.
func daneSituations() []situation {
	look := []string{"check", "domain", "{}", "--only", "dane"}
	mail := "@ MX 10 mail\nmail A 192.0.2.25\n"
	const good = "$TLSA _25._tcp.mail.{} 3 1 1 leaf mx1.lab.test\n"
	const next = "_25._tcp.mail TLSA 3 1 1 " + strangeKey + "\n"
	return []situation{
		{name: "dane-mismatch", code: "41606", rules: "dane-mismatch", args: look, mx: mail + next,
			en: "TLSA records of another certificate than the server shows: mail of senders with DANE waits",
			ja: "TLSAレコードがサーバーの証明書と一致せず、DANEを使う送信側からのメールが届きません"},
		{name: "dane-no-tls", code: "41606", rules: "dane-starttls", args: look,
			mx: "@ MX 10 mail\nmail A " + plainAddress + "\n" + next + "_25._tcp.mail TLSA 3 1 1 " + laterKey,
			en: "TLSA records of a server without STARTTLS",
			ja: "TLSAレコードがあるのに、サーバーがSTARTTLSに対応していません"},
		{name: "dane-unsigned", rules: "dane-unsigned", args: look, mx: mail + good + next, unsigned: true,
			en: "TLSA records in a zone without DNSSEC", ja: "TLSAレコードのあるゾーンがDNSSECで署名されていません"},
		{name: "dane-syntax", rules: "dane-syntax", args: look, mx: mail + good + next + "_25._tcp.mail TLSA 3 1 1 e41b9c07",
			en: "a TLSA record with data of the wrong length", ja: "TLSAレコードのデータの長さが誤っています"},
		{name: "dane-unusable", rules: "dane-unusable", args: look, mx: mail + good + next + "_25._tcp.mail TLSA 1 1 1 " + strangeKey,
			en: "a TLSA record of a usage that mail does not know (PKIX-EE)",
			ja: "メールでは使われない用途(PKIX-EE)のTLSAレコードがあります"},
		{name: "dane-partial", rules: "dane-partial", args: look, mx: mail + good + next + "@ MX 20 spare\nspare A 192.0.2.26",
			en: "TLSA records at one of two MX hosts", ja: "2つのMXホストの一方にしかTLSAレコードがありません"},
		{name: "dane-rollover", rules: "dane-rollover", args: look, mx: mail + good,
			en: "no TLSA record for the next key", ja: "次の鍵のTLSAレコードがありません"},
		{name: "no-dane", rules: "dane-none", args: look, mx: mail,
			en: "MX hosts without TLSA records", ja: "MXホストにTLSAレコードがありません"},
	}
}
