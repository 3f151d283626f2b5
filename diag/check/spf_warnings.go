package check

import (
	"todoku/codes"
	"todoku/diag"
)

// The rules of the SPF check that warn (RFC 7208).
var (
	SPFNoAll = &diag.Rule{
		ID: "spf-no-all", Severity: diag.Warn, Owner: diag.OwnerDNS, Ref: "RFC 7208 §4.7",
		Says: codes.Text{
			EN: "the SPF record of {domain} does not end with all or redirect: other senders are neutral",
			JA: "{domain} のSPFレコードの末尾に all も redirect もないため、記載のない送信元が neutral になります"},
		Why: codes.Text{
			EN: "receivers learn nothing about forged mail, and trust the domain less",
			JA: "なりすましメールを見分ける手がかりにならず、ドメインの評価も上がりません"},
		Fix: codes.Text{
			EN: "end the record with ~all, and with -all once all senders are listed",
			JA: "末尾に ~all を追加し、送信元をすべて記載できたら -all にしてください"},
	}

	SPFNeutralAll = &diag.Rule{
		ID: "spf-neutral-all", Severity: diag.Warn, Owner: diag.OwnerDNS, Ref: "RFC 7208 §2.6.2",
		Says: codes.Text{
			EN: "the SPF record of {domain} ends with \"{term}\": nothing is said about other senders",
			JA: "{domain} のSPFレコードの末尾が「{term}」のため、記載のない送信元について何も主張していません"},
		Why: SPFNoAll.Why,
		Fix: codes.Text{
			EN: "end the record with ~all, and with -all once all senders are listed",
			JA: "末尾を ~all に変更し、送信元をすべて記載できたら -all にしてください"},
	}

	SPFPTR = &diag.Rule{
		ID: "spf-ptr", Severity: diag.Warn, Owner: diag.OwnerDNS, Ref: "RFC 7208 §5.5",
		Says: codes.Text{
			EN: "the SPF record of {domain} uses \"{term}\", which should not be used",
			JA: "{domain} のSPFレコードで、非推奨の「{term}」が使われています"},
		Why: codes.Text{
			EN: "it is slow, depends on who runs the reverse DNS, and some large receivers ignore it, so that mail fails there",
			JA: "処理が遅く逆引きDNSに依存し、大手の受信側には無視するところもあるため、そこでは認証に失敗します"},
		Fix: codes.Text{
			EN: "name the sending addresses with ip4 and ip6, or their hosts with a, instead",
			JA: "代わりに ip4・ip6 で送信IPアドレスを、または a でホスト名を記載してください"},
	}

	SPFAfterAll = &diag.Rule{
		ID: "spf-after-all", Severity: diag.Warn, Owner: diag.OwnerDNS, Ref: "RFC 7208 §5.1",
		Says: codes.Text{
			EN: "in the SPF record of {domain} nobody reads {terms}: all decides before",
			JA: "{domain} のSPFレコードの {terms} は、all があるため評価されません"},
		Why: codes.Text{
			EN: "mail of the senders named there fails, although the record seems to list them",
			JA: "記載したつもりの送信元からのメールが認証に失敗します"},
		Fix: codes.Text{
			EN: "move all to the end of the record; a redirect beside all has no effect",
			JA: "all をレコードの末尾に移動してください。all がある場合、redirect は効果がありません"},
	}

	SPFLong = &diag.Rule{
		ID: "spf-long", Severity: diag.Warn, Owner: diag.OwnerDNS, Ref: "RFC 7208 §3.4",
		Says: codes.Text{
			EN: "the SPF record of {domain} has {length} octets, more than {limit} may not fit into one UDP answer",
			JA: "{domain} のSPFレコードが{length}バイトあります({limit}バイトを超えるとUDPの応答に収まらないことがあります)"},
		Why: codes.Text{
			EN: "receivers whose resolvers or firewalls do not do DNS over TCP cannot read it: temperror, 451 4.7.24",
			JA: "TCPでDNSを参照できない受信側ではレコードを取得できず、temperror(451 4.7.24)になります"},
		Fix: codes.Text{
			EN: "join neighbouring address blocks, or move part of the record to an include of your own",
			JA: "隣り合うIPアドレスをまとめるか、一部を自社の include に移してください"},
	}

	SPFMacro = &diag.Rule{
		ID: "spf-macro", Severity: diag.Warn, Owner: diag.OwnerDNS, Ref: "RFC 7208 §7.2",
		Says: codes.Text{
			EN: "\"{term}\" in the SPF record of {domain} depends on the local part of the sender or on the client's name",
			JA: "{domain} のSPFレコードの「{term}」は、送信者のローカルパートまたは接続元のホスト名に依存します"},
		Why: codes.Text{
			EN: "with the macros l and s each sender address gets its own answer, bounces (postmaster) too, and local parts outside ASCII never match; " +
				"p should not be used: receivers may take it as \"unknown\"",
			JA: "マクロ l と s では送信者アドレス(エラーメールでは postmaster)ごとに結果が変わり、ASCII以外のローカルパートは一致しません。マクロ p は非推奨で、「unknown」として扱われることがあります"},
		Fix: codes.Text{
			EN: "use the macros i or d, or name the addresses",
			JA: "マクロ i や d を使うか、IPアドレスを記載してください"},
	}

	SPFIgnored = &diag.Rule{
		ID: "spf-ignored", Severity: diag.Warn, Owner: diag.OwnerDNS, Ref: "RFC 7208 §6",
		Says: codes.Text{
			EN: "in the SPF record of {domain} nobody reads \"{term}\": with \"=\" it is an unknown modifier",
			JA: "{domain} のSPFレコードの「{term}」は無視されます(「=」では未知の修飾子として扱われます)"},
		Why: codes.Text{
			EN: "mail of the senders named there fails, although the record seems to list them",
			JA: "記載したつもりの送信元からのメールが認証に失敗します"},
		Fix: codes.Text{
			EN: "write a colon instead of the equals sign",
			JA: "「=」を「:」に修正してください"},
	}
)
