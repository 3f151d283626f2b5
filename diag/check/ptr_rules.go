package check

import (
	"todoku/codes"
	"todoku/diag"
)

// The rules of the PTR check (RFC 1912 §2.1).
var (
	PTRNone = &diag.Rule{
		ID: "ptr-none", Severity: diag.Fail, Owner: diag.OwnerNetwork, Ref: "RFC 1912 §2.1",
		Codes: []string{"42550", "42554", "5.7.25", "4.7.23"},
		Says: codes.Text{
			EN: "the sending address {address} has no name (no PTR record)",
			JA: "送信元IPアドレス {address} に逆引き(PTRレコード)がありません"},
		Why: codes.Text{
			EN: "Gmail (550 5.7.25), Yahoo and most others refuse or slow down mail from addresses without a name",
			JA: "Gmail(550 5.7.25)やYahooをはじめ多くの受信側が、逆引きのないアドレスからのメールを拒否または遅延させます"},
		Fix: codes.Text{
			EN: "have whoever gave you the address (hosting, provider, cloud) set a PTR record to your server's name, and let that name point back to {address}",
			JA: "アドレスの割り当て元(ホスティング、プロバイダー、クラウド)に、サーバー名を指すPTRレコードの設定を依頼し、その名前のA・AAAAレコードが {address} を指すようにしてください"},
	}

	PTRMismatch = &diag.Rule{
		ID: "ptr-mismatch", Severity: diag.Fail, Owner: diag.OwnerDNS, Ref: "RFC 1912 §2.1",
		Codes: []string{"42550", "42554", "5.7.25", "4.7.23"},
		Says: codes.Text{
			EN: "{address} is called {names}, which does not point back to {address}",
			JA: "{address} の逆引き {names} は、{address} を指していません"},
		Why: codes.Text{
			EN: "anybody can give an address any name; receivers believe only a name that confirms it (forward-confirmed reverse DNS) and refuse with 550 5.7.25",
			JA: "逆引きは誰でも自由に名乗れるため、受信側は正引きと一致する名前だけを信用します。一致しないと 550 5.7.25 などで拒否されます"},
		Fix: codes.Text{
			EN: "add {address} to the addresses of the name where it is yours, else have the PTR record changed to the server's real name",
			JA: "自社で管理している名前であれば、そのA・AAAAレコードに {address} を追加してください。それ以外の場合は、PTRレコードをサーバーの実際の名前に変更してもらってください"},
	}

	PTRName = &diag.Rule{
		ID: "ptr-name", Severity: diag.Fail, Owner: diag.OwnerNetwork, Ref: "RFC 1912 §2.1",
		Codes: []string{"42550", "42554", "5.7.25", "4.7.23"},
		Says: codes.Text{
			EN: "the PTR record of {address} holds \"{names}\", which is no full name of a host on the internet",
			JA: "{address} のPTRレコードの「{names}」は、インターネット上のホストの完全な名前ではありません"},
		Why: codes.Text{
			EN: "receivers look for the address of that name, find none, and refuse with 550 5.7.25",
			JA: "受信側がその名前からアドレスを確認できないため、550 5.7.25 などで拒否されます"},
		Fix: codes.Text{
			EN: "have the PTR record changed to the full name of your server, with a dot at its end, and let that name point back to {address}",
			JA: "PTRレコードをサーバーの完全な名前(末尾に「.」を付けた形)に変更してもらい、その名前のA・AAAAレコードが {address} を指すようにしてください"},
	}

	PTRAlias = &diag.Rule{
		ID: "ptr-alias", Severity: diag.Info, Owner: diag.OwnerNetwork, Ref: "RFC 2181 §10.2", Codes: nil,
		Says: codes.Text{
			EN: "the name of {address}, {name}, is an alias (CNAME) of {alias}",
			JA: "{address} の逆引き {name} は、{alias} の別名(CNAME)です"},
		Why: codes.Text{
			EN: "a PTR record holds the primary name of a host; most receivers follow the alias, a few do not",
			JA: "PTRレコードにはホストの正式な名前を書くことになっています。多くの受信側は別名をたどりますが、たどらない受信側もあります"},
		Fix: codes.Text{
			EN: "have the PTR record set to {alias}, or give {name} an address record instead of the CNAME",
			JA: "PTRレコードを {alias} に変更してもらうか、{name} のCNAMEをA・AAAAレコードに置き換えてください"},
	}

	PTRGeneric = &diag.Rule{
		ID: "ptr-generic", Severity: diag.Warn, Owner: diag.OwnerNetwork, Ref: "RFC 1912 §2.1", Codes: []string{"42550", "42554", "5.7.1"},
		Says: codes.Text{
			EN: "the name of {address}, {name}, looks made from the address",
			JA: "{address} の逆引き {name} は、アドレスから機械的に作られた名前に見えます"},
		Why: codes.Text{
			EN: "such names belong to access lines and rented machines; many receivers refuse or distrust mail from them",
			JA: "このような名前は接続回線や貸し出し用のアドレスに多く、受信を拒否したり信用を下げたりする受信側があります"},
		Fix: codes.Text{
			EN: "have the PTR record set to a name of your own domain that points back to {address}",
			JA: "自社ドメインの名前で、{address} を指し返すものをPTRレコードに設定してもらってください"},
	}

	PTRMXNone = &diag.Rule{
		ID: "ptr-mx-none", Severity: diag.Info, Owner: diag.OwnerNetwork, Ref: "RFC 1912 §2.1", Codes: nil,
		Says: codes.Text{
			EN: "the address {address} of the MX host {host} has no name (no PTR record)",
			JA: "MXのホスト {host} のアドレス {address} に逆引き(PTRレコード)がありません"},
		Why: codes.Text{
			EN: "it matters only if this host also sends mail: then receivers refuse it (check with --ip {address})",
			JA: "このホストがメールを送信もする場合にだけ、受信側で拒否される原因になります(--ip {address} を付けて確認できます)"},
		Fix: codes.Text{
			EN: "if it sends, have a PTR record set to {host}",
			JA: "送信にも使う場合は、{host} を指すPTRレコードを設定してもらってください"},
	}

	PTRMXMismatch = &diag.Rule{
		ID: "ptr-mx-mismatch", Severity: diag.Info, Owner: diag.OwnerDNS, Ref: "RFC 1912 §2.1", Codes: nil,
		Says: codes.Text{
			EN: "the address {address} of the MX host {host} is called {names}, which does not point back to it",
			JA: "MXのホスト {host} のアドレス {address} の逆引き {names} は、元のアドレスを指していません"},
		Why: codes.Text{
			EN: "it matters only if this host also sends mail: then receivers distrust it (check with --ip {address})",
			JA: "このホストがメールを送信もする場合にだけ、受信側の信用を下げる原因になります(--ip {address} を付けて確認できます)"},
		Fix: codes.Text{
			EN: "if it sends, have the PTR record set to {host}, or let its name point to {address} where that is yours",
			JA: "送信にも使う場合は、PTRレコードを {host} に変更してもらうか、自社で管理している名前であれば {address} を指すようにしてください"},
	}
)
