package check

import (
	"todoku/codes"
	"todoku/diag"
)

// The rules of a mail's own signatures (RFC 6376 §6). Of a key that a signature names, the rules of the keys of a domain hold too.
var (
	DKIMUnsigned = &diag.Rule{
		ID: "dkim-unsigned", Severity: diag.Warn, Owner: diag.OwnerESP, Ref: "RFC 6376 §5", Codes: dkimCodes,
		Says: codes.Text{
			EN: "the mail has no DKIM signature",
			JA: "このメールにはDKIM署名がありません"},
		Why: codes.Text{
			EN: "only SPF is left to pass DMARC, and SPF ends at the first forwarding; large receivers want DKIM of bulk mail (550 5.7.20, 5.7.26, 5.7.30)",
			JA: "DMARCの認証がSPFだけに頼ることになり、転送されると失敗します。大手の受信側は一斉送信メールにDKIMを求めています(550 5.7.20・5.7.26・5.7.30)"},
		Fix: codes.Text{
			EN: "switch on DKIM signing for the domain of From at the service or server that sends the mail",
			JA: "メールを送信するサービスまたはサーバーで、Fromのドメインに対するDKIM署名を有効にしてください"},
	}

	DKIMBodyChanged = &diag.Rule{
		ID: "dkim-body-changed", Severity: diag.Fail, Owner: diag.OwnerMail, Ref: "RFC 6376 §6.1.3", Codes: dkimCodes, Why: dkimWhy,
		Says: codes.Text{
			EN: "the body of the mail is not the one that {domain} signed (selector {selector}): its hash is {computed}, signed was {signed}",
			JA: "メールの本文が {domain} の署名時(セレクター {selector})と異なります。本文のハッシュ: {computed}、署名の値: {signed}"},
		Fix: codes.Text{
			EN: "let the last server before the Internet sign, after every filter, footer and re-encoding; for a list or a forwarder, let it leave the body as it is, or sign again with its own From",
			JA: "フィルター、フッターの追加、文字コードの変換などをすべて終えた、最後の送信サーバーで署名してください。メーリングリストや転送の場合は、本文を変更しないか、Fromを書き換えて署名し直す設定にします"},
	}

	DKIMHeaderChanged = &diag.Rule{
		ID: "dkim-signature-mismatch", Severity: diag.Fail, Owner: diag.OwnerMail, Ref: "RFC 6376 §6.1.3", Codes: dkimCodes, Why: dkimWhy,
		Says: codes.Text{
			EN: "the signature of {domain} (selector {selector}) does not fit the header of the mail: a signed field was changed, added or removed, or another key signed",
			JA: "{domain} の署名(セレクター {selector})がメールのヘッダーと一致しません。署名対象のヘッダーが変更・追加・削除されたか、別の鍵で署名されています"},
		Fix: codes.Text{
			EN: "compare the fields in h= with the mail as it was signed (--original FILE); if they are alike, compare the published key with the one that signs",
			JA: "h= に挙げられたヘッダーを署名時のメールと比べてください(--original FILE)。同じであれば、公開している鍵と署名に使った鍵が対になっているか確認してください"},
	}

	DKIMSignatureFaulty = &diag.Rule{
		ID: "dkim-signature-faulty", Severity: diag.Fail, Owner: diag.OwnerESP, Ref: "RFC 6376 §6.1.1", Codes: dkimCodes, Why: dkimWhy,
		Says: codes.Text{
			EN: "the DKIM signature of {domain} cannot be verified by anybody: {reason}",
			JA: "{domain} のDKIM署名はどの受信側でも検証できません({reason})"},
		Fix: codes.Text{
			EN: "correct the settings of the signer: a=rsa-sha256, c=relaxed/relaxed, From in h=, i= in the domain of d=, no l=",
			JA: "署名の設定を修正してください。a=rsa-sha256、c=relaxed/relaxed、h= にFromを含め、i= は d= のドメイン内とし、l= は使用しません"},
	}

	DKIMSignatureExpired = &diag.Rule{
		ID: "dkim-signature-expired", Severity: diag.Fail, Owner: diag.OwnerESP, Ref: "RFC 6376 §3.5", Codes: dkimCodes,
		Says: codes.Text{
			EN: "the signature of {domain} has expired at {expires}",
			JA: "{domain} の署名の有効期限({expires})が過ぎています"},
		Why: codes.Text{
			EN: "a mail that waits in a queue longer than that counts as unsigned (550 5.7.26); of an old mail this is nothing wrong",
			JA: "配送が遅れて期限を過ぎたメールは、署名がないものとして扱われます(550 5.7.26)。古いメールを調べている場合は問題ありません"},
		Fix: codes.Text{
			EN: "leave x= out, or let signatures live for at least a week: retries go on for five days",
			JA: "x= を付けないか、有効期間を1週間以上にしてください(再送は5日ほど続きます)"},
	}

	DKIMSignatureKey = &diag.Rule{
		ID: "dkim-signature-key", Severity: diag.Fail, Owner: diag.OwnerDNS, Ref: "RFC 6376 §6.1.2", Codes: dkimCodes, Why: dkimWhy,
		Says: codes.Text{
			EN: "the key at {name} does not verify the signature of {domain}: {reason}",
			JA: "{name} の公開鍵では {domain} の署名を検証できません({reason})"},
		Fix: codes.Text{
			EN: "publish the key with which the mail is signed, an rsa key of 2048 bits, at exactly this name, as the signing service shows it",
			JA: "署名に使用している鍵(2048ビットのrsa鍵)の公開鍵を、署名するサービスが示すとおりに、この名前で公開してください"},
	}

	DKIMSignatureExtra = &diag.Rule{
		ID: "dkim-signature-extra", Severity: diag.Warn, Owner: diag.OwnerESP, Ref: "RFC 6376 §6.1", Codes: nil,
		Says: codes.Text{
			EN: "one signature of {domain} (selector {selector}) does not hold: {reason}; another one does",
			JA: "{domain} の署名の1つ(セレクター {selector})は検証に失敗しました({reason})。検証に成功した署名がほかにあります"},
		Why: codes.Text{
			EN: "receivers ignore it where another aligned signature passes; Yahoo says that DMARC may then fail all the same",
			JA: "Fromのドメインと一致する署名がほかに成功していれば無視されますが、Yahoo はその場合でもDMARCの成功を保証していません"},
		Fix: codes.Text{
			EN: "leave it where a list or a forwarder changed the mail; otherwise correct the signer or take the signature away",
			JA: "メーリングリストや転送で変更されたものであれば、そのままで問題ありません。それ以外は署名の設定を修正するか、この署名をやめてください"},
	}

	DKIMPartialBody = &diag.Rule{
		ID: "dkim-partial-body", Severity: diag.Warn, Owner: diag.OwnerESP, Ref: "RFC 6376 §8.2", Codes: nil,
		Says: codes.Text{
			EN: "the signature of {domain} covers only the first {length} octets of the body (l=); {unsigned} octets behind them are not signed",
			JA: "{domain} の署名の対象は本文の先頭 {length} バイトだけです(l=)。残りの {unsigned} バイトは署名されていません"},
		Why: codes.Text{
			EN: "anybody can add text to such a mail and it still passes; some receivers count it as unsigned",
			JA: "第三者が内容を追加しても検証に成功してしまうため、署名がないものとして扱う受信側もあります"},
		Fix: codes.Text{
			EN: "switch off l= (body length) at the signer",
			JA: "署名の設定で l=(本文の長さの指定)を無効にしてください"},
	}

	DKIMEd25519Only = &diag.Rule{
		ID: "dkim-ed25519-only", Severity: diag.Warn, Owner: diag.OwnerESP, Ref: "RFC 8463 §3", Codes: dkimCodes,
		Says: codes.Text{
			EN: "the mail is signed with ed25519 alone",
			JA: "このメールの署名はed25519だけです"},
		Why: codes.Text{
			EN: "several large receivers cannot verify ed25519 yet: for them the mail is unsigned",
			JA: "ed25519に対応していない大手の受信側があり、署名がないものとして扱われます"},
		Fix: codes.Text{
			EN: "sign with an rsa key of 2048 bits too, under a selector of its own",
			JA: "別のセレクターで2048ビットのrsa鍵による署名も付けてください"},
	}

	DKIMFieldsUnsigned = &diag.Rule{
		ID: "dkim-fields-unsigned", Severity: diag.Info, Owner: diag.OwnerESP, Ref: "RFC 6376 §5.4.1", Codes: nil,
		Says: codes.Text{
			EN: "the signature of {domain} leaves out {names}",
			JA: "{domain} の署名の対象に {names} が含まれていません"},
		Why: codes.Text{
			EN: "these fields can be changed on the way without anybody noticing",
			JA: "これらのヘッダーは、配送の途中で変更されても検出できません"},
		Fix: codes.Text{
			EN: "add them to the signed fields (h=) at the signer",
			JA: "署名の対象(h=)に追加してください"},
	}

	DKIM2Signature = &diag.Rule{
		ID: "dkim2-signed", Severity: diag.Info, Owner: diag.OwnerESP, Ref: "draft-ietf-dkim-dkim2-spec", Codes: nil,
		Says: codes.Text{
			EN: "signatures of DKIM2, which is a draft and is not judged: {n}",
			JA: "DKIM2の署名が{n}件あります(DKIM2はドラフトのため検証していません)"},
		Why: codes.Text{
			EN: "receivers judge the mail by its DKIM signatures",
			JA: "受信側はDKIMの署名でメールを判定します"},
		Fix: codes.Text{EN: "nothing", JA: "対応は不要です"},
	}

	DKIMDiffers = &diag.Rule{
		ID: "dkim-result-differs", Severity: diag.Info, Owner: diag.OwnerSender, Ref: "RFC 8601 §2.7.1", Codes: nil,
		Says: codes.Text{
			EN: "{server} reported {theirs} for the signature of {domain}, and the verification now gives {ours}",
			JA: "{domain} の署名の結果が、{server} の記録({theirs})と現在の検証({ours})で異なります"},
		Why: codes.Text{
			EN: "the mail was changed after that server saw it, or the key was changed since",
			JA: "そのサーバーを通った後にメールが変更されたか、その後に鍵が変更されています"},
		Fix: codes.Text{
			EN: "take the mail from the mailbox itself, as it was stored; compare the key with the one of that day",
			JA: "メールボックスに保存されたままのメールで確認し、当時の鍵と現在の鍵を比べてください"},
	}
)
