package check

import (
	"todoku/codes"
	"todoku/diag"
)

// The rules of the ARC check (RFC 8617). None is more than a warning: ARC tells receivers more about a mail, and its absence or
// failure is no reason to refuse one.
var (
	ARCBroken = &diag.Rule{
		ID: "arc-broken", Severity: diag.Warn, Owner: diag.OwnerMail, Ref: "RFC 8617 §5.2", Codes: []string{"5.7.29"},
		Why: arcWhy,
		Says: codes.Text{
			EN: "the ARC chain does not hold: set {instance} of {count} ({host}): {problem}",
			JA: "ARCの検証に失敗しました。{count}個中{instance}番目のセット({host}): {problem}"},
		Fix: codes.Text{
			EN: "on the forwarding server or list, let ARC sign and seal as the very last step, after every filter and footer, with a published key of 2048 bits; a server behind it that changes the mail has to seal it again",
			JA: "転送サーバーやメーリングリストでは、フィルターやフッターの追加などをすべて終えた最後の段階でARCの署名を行い、2048ビットの鍵を公開してください。その後でメールを変更するサーバーも、改めてARCの署名を行う必要があります"},
	}

	ARCFailedBefore = &diag.Rule{
		ID: "arc-failed-before", Severity: diag.Warn, Owner: diag.OwnerMail, Ref: "RFC 8617 §5.1.2", Codes: []string{"5.7.29"},
		Why: arcWhy,
		Says: codes.Text{
			EN: "the ARC chain was broken already when it came to {host}, which says so in set {instance} (cv=fail)",
			JA: "{host} が受け取った時点で、ARCの検証はすでに失敗していました({instance}番目のセットの cv=fail)"},
		Fix: codes.Text{
			EN: "the fault lies with a server before {host}: one of them changed the mail after the last good seal; look at the sets before it",
			JA: "原因は {host} より前のサーバーにあります。最後の正しいARCの署名の後で、いずれかのサーバーがメールを変更しています。それより前のセットを確認してください"},
	}

	ARCChanged = &diag.Rule{
		ID: "arc-changed", Severity: diag.Info, Owner: diag.OwnerMail, Ref: "RFC 8617 §5.2", Codes: nil,
		Says: codes.Text{
			EN: "the mail was changed between {before} and {after}: {what}",
			JA: "メールは {before} から {after} までの間に変更されています({what})"},
		Why: codes.Text{
			EN: "lists and gateways do this; it breaks the DKIM signature of the sender, and DMARC with it where SPF fails too. Receivers that trust {after} may believe what was seen before the change",
			JA: "メーリングリストやゲートウェイではよくあることですが、送信者のDKIM署名が無効になり、SPFも失敗するとDMARCの認証に失敗します。{after} を信頼する受信側は、変更前の認証結果を参照することがあります"},
		Fix: codes.Text{
			EN: "where {after} is yours, let it pass signed mails on unchanged, or write From anew and sign with its own domain",
			JA: "{after} を管理している場合は、署名済みのメールを変更せずに転送するか、Fromを自ドメインに書き換えて署名し直す設定にしてください"},
	}
)

// arcWhy is why a chain should hold.
var arcWhy = codes.Text{
	EN: "forwarding breaks SPF and often DKIM; the chain tells the receiver what was seen before. Without it a forwarded mail stands on its own, and DMARC may refuse it. The fault alone is no reason to refuse a mail",
	JA: "転送されるとSPFは失敗し、DKIMも失敗することがあります。ARCは転送前の認証結果を受信側に伝える仕組みで、これが使えないと転送されたメールがDMARCにより拒否されることがあります。ARCの失敗だけでメールが拒否されることはありません"}
