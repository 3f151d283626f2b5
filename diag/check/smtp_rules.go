package check

import (
	"todoku/codes"
	"todoku/diag"
)

// The rules of the SMTP check.
var (
	SMTPNone = &diag.Rule{
		ID: "smtp-none", Severity: diag.Fail, Owner: diag.OwnerSender, Ref: "RFC 7505 §3", Codes: []string{"41605", "42521", "5.1.10"},
		Says: codes.Text{
			EN: "{domain} says that it takes no mail (null MX): the address cannot work",
			JA: "{domain} はメールを受け取らないと宣言しています(null MX)。この宛先には届きません"},
		Why: codes.Text{
			EN: "every mail to it comes back (41605)",
			JA: "この宛先へのメールはすべてエラーになります(41605)"},
		Fix: codes.Text{
			EN: "look at the part after @ for typing mistakes, and ask the customer for the right address",
			JA: "@より後ろの入力誤りを確認し、お客様に正しいアドレスを確認してください"},
	}

	SMTPRefused = &diag.Rule{
		ID: "smtp-refused", Severity: diag.Fail, Owner: diag.OwnerRecipient, Ref: "RFC 5321 §3.1",
		Codes: []string{"41606", "42421", "42554", "42521"},
		Says: codes.Text{
			EN: "{host} [{address}] takes no mail now: {reply}",
			JA: "{host}[{address}]は現在メールを受け付けません: {reply}"},
		Why: codes.Text{
			EN: "mail waits until the deadline of the retries (41606) unless another host of the domain takes it",
			JA: "ほかのホストが受け取らない限り、再送期限まで待ってエラーになります(41606)"},
		Fix: codes.Text{
			EN: "wait and send again; if it goes on, tell the recipient's administrator by another way",
			JA: "時間をおいて再送し、続く場合は別の手段で宛先のシステム管理者に連絡してください"},
	}

	SMTPCertificate = &diag.Rule{
		ID: "smtp-certificate", Severity: diag.Fail, Owner: diag.OwnerRecipient, Ref: "RFC 3207 §4.1",
		Codes: []string{"42554", "5.7.5", "4.7.5"},
		Says: codes.Text{
			EN: "TLS with {host} [{address}] cannot be trusted: {problem}",
			JA: "{host}[{address}]のTLS証明書を検証できません: {problem}"},
		Why: codes.Text{
			EN: "senders that insist on a certificate which verifies (MTA-STS, own policy) do not deliver; those with DANE look at its TLSA records instead, and the others deliver unverified",
			JA: "証明書の検証を必須とする送信側(MTA-STS、独自設定)からは配送されません。" +
				"DANEを使う送信側はTLSAレコードで検証し、ほかの送信側は検証なしで配送します"},
		Fix: codes.Text{
			EN: "the recipient's administrator installs a certificate that is valid, names {host} and comes with its chain",
			JA: "宛先の管理者が、{host} の名前を含む有効な証明書を中間証明書とともに設定する必要があります"},
	}

	SMTPRcptRefused = &diag.Rule{
		ID: "smtp-rcpt-refused", Severity: diag.Fail, Owner: diag.OwnerSender, Ref: "RFC 5321 §3.3",
		Codes: []string{"42550", "42551", "42552", "42553", "5.1.1"},
		Says: codes.Text{
			EN: "{host} refuses {to}: {reply}",
			JA: "{host} が {to} を拒否します: {reply}"},
		Why: codes.Text{
			EN: "mail to this address comes back at once (42550)",
			JA: "この宛先へのメールは即時エラーになります(42550)"},
		Fix: codes.Text{
			EN: "check the address for typing mistakes and ask the customer for the right one; stop sending to this one",
			JA: "アドレスの入力誤りを確認し、お客様に正しいアドレスを確認してください。この宛先への配信は停止してください"},
	}

	SMTPAddressRefused = &diag.Rule{
		ID: "smtp-address-refused", Severity: diag.Warn, Owner: diag.OwnerRecipient, Ref: "RFC 5321 §5.1", Codes: []string{"42421"},
		Says: codes.Text{
			EN: "{host} takes no mail at {address}, although it does at another address: {reply}",
			JA: "{host} は {address} ではメールを受け付けません(別のアドレスでは受け付けます): {reply}"},
		Why: codes.Text{
			EN: "senders that try this address first are late, and those that know no other cannot deliver",
			JA: "先にこのアドレスへ接続する送信側では遅延が生じ、ほかに接続できない送信側からは届きません"},
		Fix: codes.Text{
			EN: "the recipient's administrator lets the server listen there, or takes the address out of DNS",
			JA: "宛先の管理者が、このアドレスで受信できるようにするか、DNSから削除する必要があります"},
	}

	SMTPStartTLSNone = &diag.Rule{
		ID: "smtp-starttls-none", Severity: diag.Warn, Owner: diag.OwnerRecipient, Ref: "RFC 3207 §2", Codes: []string{"5.7.10"},
		Says: codes.Text{
			EN: "{host} [{address}] does not offer STARTTLS: mail goes there unencrypted",
			JA: "{host}[{address}]はSTARTTLSに対応しておらず、メールは暗号化されずに届きます"},
		Why: codes.Text{
			EN: "senders that insist on TLS do not deliver, and anybody on the way can read the mail",
			JA: "TLSを必須とする送信側からは配送されず、経路の途中でメールを読まれるおそれがあります"},
		Fix: codes.Text{
			EN: "the recipient's administrator switches TLS on",
			JA: "宛先の管理者がTLSを有効にする必要があります"},
	}

	SMTPStartTLSRefused = &diag.Rule{
		ID: "smtp-starttls-refused", Severity: diag.Fail, Owner: diag.OwnerRecipient, Ref: "RFC 3207 §4", Codes: []string{"5.7.10"},
		Says: codes.Text{
			EN: "{host} [{address}] offers STARTTLS and then refuses it: {reply}",
			JA: "{host}[{address}]はSTARTTLSに対応すると通知しながら、実際には拒否します: {reply}"},
		Why: codes.Text{
			EN: "senders that insist on TLS (MTA-STS, DANE, own policy) do not deliver; the others send unencrypted, where they try again at all",
			JA: "TLSを必須とする送信側(MTA-STS、DANE、独自設定)からは配送されません。ほかの送信側は、配送する場合も暗号化なしになります"},
		Fix: codes.Text{
			EN: "the recipient's administrator makes TLS work on {host} (usually the server cannot read its certificate or key), or stops offering STARTTLS",
			JA: "宛先の管理者が、{host} でTLSを使えるようにする(証明書や秘密鍵を読み取れないことがよくある原因です)か、STARTTLSの通知を止める必要があります"},
	}

	SMTPTLSOld = &diag.Rule{
		ID: "smtp-tls-old", Severity: diag.Warn, Owner: diag.OwnerRecipient, Ref: "RFC 8996 §2", Codes: []string{"5.7.5"},
		Says: codes.Text{
			EN: "{host} [{address}] knows no newer TLS than {version}",
			JA: "{host}[{address}]は {version} までしか対応していません"},
		Why: codes.Text{
			EN: "it is deprecated; modern senders refuse it and send unencrypted or not at all",
			JA: "廃止されたバージョンです。最近の送信サーバーは、暗号化なしで送信するか、送信を中止します"},
		Fix: codes.Text{
			EN: "the recipient's administrator upgrades to TLS 1.2 or later",
			JA: "宛先の管理者がTLS 1.2以降に更新する必要があります"},
	}

	SMTPCertificateExpiring = &diag.Rule{
		ID: "smtp-certificate-expiring", Severity: diag.Warn, Owner: diag.OwnerRecipient, Ref: "RFC 8555 §7.4",
		Codes: []string{"42554", "5.7.5", "4.7.5"},
		Says: codes.Text{
			EN: "the certificate of {host} [{address}] ends on {expires}: {days} days are left of {life}, less than a third",
			JA: "{host}[{address}]の証明書の有効期限は {expires} です(有効期間{life}日のうち残り{days}日で、3分の1を切っています)"},
		Why: codes.Text{
			EN: "certificates are renewed while a third of their life is left, so the renewal probably fails; once it has ended, senders that insist on TLS (MTA-STS, own policy) do not deliver",
			JA: "通常は有効期間の3分の1が残っているうちに更新されるため、更新に失敗している可能性があります。期限が切れると、" +
				"TLSを必須とする送信側(MTA-STS、独自設定)からは配送されません"},
		Fix: codes.Text{
			EN: "the recipient's administrator renews the certificate, looks why it was not renewed, and loads it into the mail server",
			JA: "宛先の管理者が証明書を更新し、更新されなかった原因を調べ、メールサーバーに読み込ませる必要があります"},
	}

	SMTPKeyWeak = &diag.Rule{
		ID: "smtp-key-weak", Severity: diag.Warn, Owner: diag.OwnerRecipient, Ref: "RFC 9325 §4.5", Codes: []string{"5.7.5"},
		Says: codes.Text{
			EN: "the certificate of {host} [{address}] has a weak key: {type}, {bits} bits",
			JA: "{host}[{address}]の証明書の鍵が弱すぎます({type}、{bits}ビット)"},
		Why: codes.Text{
			EN: "such a key can be broken; senders with strict settings refuse it and send unencrypted or not at all",
			JA: "解読されるおそれがある長さです。設定の厳しい送信側は、暗号化なしで送信するか、送信を中止します"},
		Fix: codes.Text{
			EN: "the recipient's administrator installs a certificate with an ECDSA key or an RSA key of 2048 bits or more",
			JA: "宛先の管理者が、ECDSA鍵または2048ビット以上のRSA鍵の証明書を設定する必要があります"},
	}

	SMTPGreeting = &diag.Rule{
		ID: "smtp-greeting", Severity: diag.Warn, Owner: diag.OwnerRecipient, Ref: "RFC 5321 §4.2", Codes: nil,
		Says: codes.Text{
			EN: "the greeting of {host} does not begin with the server's full name: {greeting}",
			JA: "{host} の接続時の応答(220)に、完全修飾ドメイン名(FQDN)がありません: {greeting}"},
		Why: codes.Text{
			EN: "some senders take it for a broken server or for a firewall in between",
			JA: "送信側によっては、サーバーの異常や途中の機器による書き換えとみなされます"},
		Fix: codes.Text{
			EN: "the recipient's administrator sets the server's full host name",
			JA: "宛先の管理者がサーバーの完全なホスト名を設定する必要があります"},
	}

	SMTPPostmaster = &diag.Rule{
		ID: "smtp-postmaster", Severity: diag.Warn, Owner: diag.OwnerRecipient, Ref: "RFC 5321 §4.5.1", Codes: nil,
		Says: codes.Text{
			EN: "{host} refuses {to}: {reply}",
			JA: "{host} が {to} を拒否します: {reply}"},
		Why: codes.Text{
			EN: "every mail server has to take mail for postmaster; an inquiry cannot be sent there",
			JA: "postmaster 宛てはすべてのメールサーバーが受け取る必要があります。問い合わせの送付先として使えません"},
		Fix: codes.Text{
			EN: "look for another contact of the recipient's administrator: their web site, or the customer",
			JA: "ウェブサイトやお客様を通じて、宛先の管理者の別の連絡先を確認してください"},
	}

	SMTPCatchAll = &diag.Rule{
		ID: "smtp-catch-all", Severity: diag.Info, Owner: diag.OwnerRecipient, Ref: "RFC 5321 §3.3", Codes: nil,
		Says: codes.Text{
			EN: "{host} takes any name at {domain}: that it takes this address does not prove that somebody reads it",
			JA: "{host} は {domain} のどの名前でも受け付けます。宛先の実在を示すものではありません"},
		Why: codes.Text{
			EN: "unknown names are found out later, and the mail comes back as a bounce (90000)",
			JA: "存在しない宛先は受信後に判明し、時間をおいてエラーになります(90000)"},
		Fix: codes.Text{
			EN: "nothing to do; ask the recipient by another way if it matters",
			JA: "対応は不要です。必要な場合は、別の手段で受信者に確認してください"},
	}

	SMTPVantage = &diag.Rule{
		ID: "smtp-vantage", Severity: diag.Info, Owner: diag.OwnerNetwork, Ref: "RFC 1912 §2.1", Codes: nil,
		Says: codes.Text{
			EN: "we look from {address}, which has no name in reverse DNS: servers may refuse us for that",
			JA: "検査を実行した環境の {address} に逆引きがありません。そのために拒否される可能性があります"},
		Why: codes.Text{
			EN: "a refusal then says nothing about the recipient",
			JA: "その場合の拒否は、宛先の問題を示すものではありません"},
		Fix: codes.Text{
			EN: "look from the server that sends the mail",
			JA: "メールを送信するサーバーから確認してください"},
	}

	SMTPNoFamily = &diag.Rule{
		ID: "smtp-no-family", Severity: diag.Info, Owner: diag.OwnerNetwork, Ref: "RFC 5321 §5.2", Codes: nil,
		Says: codes.Text{
			EN: "there is no {family} here, so that these addresses were not visited: {addresses}",
			JA: "検査を実行した環境に{family}の接続がないため、次のアドレスは確認していません: {addresses}"},
		Why: codes.Text{
			EN: "the server answers at its other address; how it does there stays open",
			JA: "サーバーは別のアドレスで応答しています。上記のアドレスの状態は分かりません"},
		Fix: codes.Text{
			EN: "nothing to do; look from a machine with {family} if it matters",
			JA: "対応は不要です。必要な場合は{family}を使えるマシンから確認してください"},
	}
)
