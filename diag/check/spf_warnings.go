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
			JA: "{domain} のSPFレコードの末尾が「{term}」のため、記載のない送信元の扱いが指定されていません"},
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
			JA: "代わりに ip4・ip6 で送信元IPアドレスを、または a でホスト名を記載してください"},
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
			EN: "in the SPF record of {domain} nobody reads \"{term}\": with \"=\" and this name it is an unknown modifier",
			JA: "{domain} のSPFレコードの「{term}」は無視されます(「=」では未知の修飾子として扱われます)"},
		Why: codes.Text{
			EN: "mail of the senders named there fails, although the record seems to list them",
			JA: "記載したつもりの送信元からのメールが認証に失敗します"},
		Fix: codes.Text{
			EN: "write a colon instead of the equals sign, or correct the name before it",
			JA: "「=」を「:」に修正するか、その前の名前を修正してください"},
	}

	SPFSecondVersion = &diag.Rule{
		ID: "spf-second-version", Severity: diag.Warn, Owner: diag.OwnerDNS, Ref: "RFC 7208 §4.5",
		Says: codes.Text{
			EN: "the SPF record of {domain} holds v=spf1 twice: two records were joined, and nobody reads the second \"{term}\" nor what follows the first all",
			JA: "{domain} のSPFレコードに v=spf1 が2回あります。2つのレコードがつながっており、2つ目の「{term}」と、最初の all より後ろは評価されません"},
		Why: SPFAfterAll.Why,
		Fix: codes.Text{
			EN: "keep v=spf1 once, at the start, and all once, at the end",
			JA: "v=spf1 は先頭に1回、all は末尾に1回だけにしてください"},
	}

	SPFGlued = &diag.Rule{
		ID: "spf-glued", Severity: diag.Warn, Owner: diag.OwnerDNS, Ref: "RFC 7208 §4.6.1",
		Says: codes.Text{
			EN: "in the SPF record of {domain} \"{term}\" is read as one term with a name that no host can have: a blank is missing in it, or a character is wrong",
			JA: "{domain} のSPFレコードの「{term}」は1つの項目として読まれますが、ホスト名としてあり得ない名前です。空白が抜けているか、文字が誤っています"},
		Why: SPFAfterAll.Why,
		Fix: codes.Text{
			EN: "write a blank between two terms, and each name as its service documents it",
			JA: "項目の間に空白を入れ、名前はサービスの案内どおりに記載してください"},
	}

	SPFWide = &diag.Rule{
		ID: "spf-wide", Severity: diag.Warn, Owner: diag.OwnerDNS, Ref: "RFC 7208 §11.1",
		Says: codes.Text{
			EN: "\"{term}\" in the SPF record of {domain} lets far more addresses pass than anybody sends from: millions of other servers",
			JA: "{domain} のSPFレコードの「{term}」の範囲が広すぎます。無関係な多数のサーバーからの送信も許可されています"},
		Why: codes.Text{
			EN: "anybody in that range may send mail in the name of the domain, and receivers trust it less for that",
			JA: "その範囲にあるサーバーなら誰でもこのドメインを名乗って送信でき、受信側の評価も下がります"},
		Fix: codes.Text{
			EN: "name the addresses that send; a single address needs no prefix length, a small network has /24 or longer",
			JA: "実際に送信するIPアドレスを記載してください。1つのアドレスならプレフィックス長は不要で、小さなネットワークなら /24 以上です"},
	}

	SPFVoidStrict = &diag.Rule{
		ID: "spf-void-strict", Severity: diag.Warn, Owner: diag.OwnerDNS, Ref: "RFC 7208 §4.6.4",
		Says: codes.Text{
			EN: "for mail from {ip} {lookups} look-ups of the SPF record of {domain} find nothing before a term matches ({terms}), {limit} are allowed",
			JA: "{ip} からのメールでは、{domain} のSPFレコードで項目が一致する前に、{lookups}回のDNS参照で該当するデータがありません({terms})。上限は{limit}回です"},
		Why: codes.Text{
			EN: "a host without an address of the client's family (AAAA for IPv6) counts as a void look-up; receivers count differently, and strict ones answer permerror",
			JA: "接続元と同じ種類のアドレス(IPv6ならAAAA)がないホストの参照は、該当なしとして数えられます。数え方は受信側により異なり、厳しい受信側では permerror になります"},
		Fix: codes.Text{
			EN: "write ip4 and ip6 in front of the terms that ask DNS, or give the hosts the missing addresses",
			JA: "DNSを参照する項目より前に ip4・ip6 を記載するか、ホストに不足しているアドレスを登録してください"},
	}

	SPFPrivate = &diag.Rule{
		ID: "spf-private", Severity: diag.Info, Owner: diag.OwnerDNS, Ref: "RFC 6890",
		Says: codes.Text{
			EN: "the SPF record of {domain} names addresses that nobody on the Internet sends from: {terms}",
			JA: "{domain} のSPFレコードに、インターネットからの送信には使われないアドレスがあります: {terms}"},
		Why: codes.Text{
			EN: "receivers see the public address of the sending server, so these match nothing",
			JA: "受信側から見えるのは送信サーバーのグローバルIPアドレスなので、一致することはありません"},
		Fix: codes.Text{
			EN: "name the public addresses instead, unless only servers of your own check this record",
			JA: "社内のサーバーだけがこのレコードを確認する場合を除き、グローバルIPアドレスを記載してください"},
	}
)
