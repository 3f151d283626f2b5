package check

import (
	"todoku/codes"
	"todoku/diag"
)

// dkimWhy is what follows when no signature passes.
var dkimWhy = codes.Text{
	EN: "signatures with this selector do not pass: large receivers then refuse the mail (550 5.7.20, 5.7.26, 5.7.30; delivery code 42550 or 42553) or file it as junk, unless SPF carries DMARC alone",
	JA: "このセレクターの署名は検証に成功しません。SPFだけではDMARCの認証に成功しない場合、受信拒否(550 5.7.20・5.7.26・5.7.30、配信コード 42550・42553)や迷惑メール判定の原因になります"}

// dkimCodes are what receivers say when no signature passes.
var dkimCodes = []string{"42550", "42553", "5.7.20", "5.7.26", "5.7.30"}

// The rules of the DKIM check (RFC 6376).
var (
	DKIMSelectorNone = &diag.Rule{
		ID: "dkim-selector-none", Severity: diag.Fail, Owner: diag.OwnerDNS, Ref: "RFC 6376 §3.6.2.1", Codes: dkimCodes, Why: dkimWhy,
		Says: codes.Text{
			EN: "there is no DKIM key at {name} ({status})",
			JA: "{name} にDKIMの公開鍵がありません({status})"},
		Fix: codes.Text{
			EN: "compare the selector with s= in the DKIM-Signature header of a sent mail; then publish the key that the signing service shows, at exactly this name",
			JA: "送信済みメールの DKIM-Signature ヘッダーの s= とセレクターが一致しているか確認してください。一致している場合は、署名するサービスが示す公開鍵をこの名前で公開してください"},
	}

	DKIMMisplaced = &diag.Rule{
		ID: "dkim-misplaced", Severity: diag.Warn, Owner: diag.OwnerDNS, Ref: "RFC 6376 §3.6.2.1", Codes: dkimCodes,
		Says: codes.Text{
			EN: "a DKIM key stands at {place} instead of at {name}",
			JA: "DKIMの公開鍵が {name} ではなく {place} に設定されています"},
		Why: codes.Text{
			EN: "no receiver looks there: signatures with this key do not pass (550 5.7.20, 5.7.26, 5.7.30)",
			JA: "受信側はこの場所を参照しないため、この鍵を使う署名は検証に成功しません(550 5.7.20・5.7.26・5.7.30)"},
		Fix: codes.Text{
			EN: "move the TXT record to the name {name}; a DNS service that adds the domain itself wants only the part before it",
			JA: "このTXTレコードを {name} に移してください。ドメイン名を自動で補うDNSサービスでは、ドメイン名より前の部分だけを入力します"},
	}

	DKIMCNAMEUnused = &diag.Rule{
		ID: "dkim-cname-unused", Severity: diag.Info, Owner: diag.OwnerESP, Ref: "RFC 6376 §3.6.2", Codes: nil,
		Says: codes.Text{
			EN: "{name} is an alias (CNAME) of {alias}, where there is no key at present",
			JA: "{name} は {alias} の別名(CNAME)ですが、その先には現在公開鍵がありません"},
		Why: codes.Text{
			EN: "the service signs with the key of another selector; many publish the second one only when keys change",
			JA: "このサービスは別のセレクターの鍵で署名しています。2つ目の鍵は、鍵の更新時まで公開されないのが一般的です"},
		Fix: codes.Text{
			EN: "leave it; compare it with what the service shows only if mail is signed with this selector",
			JA: "そのままで問題ありません。このセレクターで署名されたメールがある場合だけ、サービスが示す値と一致しているか確認してください"},
	}

	DKIMCNAMEBroken = &diag.Rule{
		ID: "dkim-cname-broken", Severity: diag.Fail, Owner: diag.OwnerDNS, Ref: "RFC 1034 §3.6.2", Codes: dkimCodes, Why: dkimWhy,
		Says: codes.Text{
			EN: "{name} is an alias (CNAME) of {alias}, where there is no key",
			JA: "{name} は {alias} の別名(CNAME)ですが、その先に公開鍵がありません"},
		Fix: codes.Text{
			EN: "compare the target with what the service shows, a doubled domain at its end is usual; switch signing on at the service; remove the record when the service is no longer used",
			JA: "CNAMEの値がサービスの示すものと一致しているか確認してください(末尾にドメイン名が重複する誤りがよくあります)。サービス側でDKIM署名を有効にし、利用を終了している場合はこのレコードを削除してください"},
	}

	DKIMMultiple = &diag.Rule{
		ID: "dkim-multiple", Severity: diag.Fail, Owner: diag.OwnerDNS, Ref: "RFC 6376 §3.6.2.2", Codes: dkimCodes,
		Says: codes.Text{
			EN: "{records} TXT records stand beside each other at {name}; one key is allowed, and nothing else",
			JA: "{name} にTXTレコードが{records}件あります(公開鍵1件だけにする必要があります)"},
		Why: codes.Text{
			EN: "what a receiver does with several records is undefined: many take any one of them, so that mail fails by chance (550 5.7.26)",
			JA: "複数のレコードがある場合の扱いは定められておらず、任意の1件だけを使う受信側が多いため、検証の成否が偶然に左右されます(550 5.7.26)"},
		Fix: codes.Text{
			EN: "keep the record of the key that signs; give any other key a selector of its own, and move other texts to where they belong",
			JA: "署名に使用している鍵のレコードだけを残してください。他の鍵には別のセレクターを使い、鍵以外のテキストは本来の名前に移してください"},
	}

	DKIMKeySplit = &diag.Rule{
		ID: "dkim-key-split", Severity: diag.Fail, Owner: diag.OwnerDNS, Ref: "RFC 6376 §3.6.2.2", Codes: dkimCodes, Why: dkimWhy,
		Says: codes.Text{
			EN: "the DKIM key at {name} is cut into {records} TXT records",
			JA: "{name} のDKIM公開鍵が{records}件のTXTレコードに分割されています"},
		Fix: codes.Text{
			EN: "publish one TXT record of several strings: \"first part\" \"rest\"; receivers join the strings of one record, never several records",
			JA: "1件のTXTレコードの中で複数の文字列(\"前半\" \"後半\")に分けて公開してください。受信側が連結するのは1件のレコード内の文字列だけで、別々のレコードは連結しません"},
	}

	DKIMKeyUnusable = &diag.Rule{
		ID: "dkim-key-unusable", Severity: diag.Fail, Owner: diag.OwnerESP, Ref: "RFC 6376 §3.6.1", Codes: dkimCodes, Why: dkimWhy,
		Says: codes.Text{
			EN: "nobody can use the DKIM key at {name}: it is of the type {type}, which receivers do not know",
			JA: "{name} のDKIM鍵は利用できません。鍵の種類「{type}」に受信側が対応していません"},
		Fix: codes.Text{
			EN: "correct k to rsa or ed25519, whichever the key is, or sign with an rsa key of 2048 bits",
			JA: "k の値を鍵に合わせて rsa または ed25519 に修正するか、2048ビットのrsa鍵で署名してください"},
	}

	DKIMSyntax = &diag.Rule{
		ID: "dkim-syntax", Severity: diag.Fail, Owner: diag.OwnerDNS, Ref: "RFC 6376 §3.6.1", Codes: dkimCodes, Why: dkimWhy,
		Says: codes.Text{
			EN: "the DKIM key at {name} has a fault at position {offset}: \"{text}\" ({fault}; right: {expected}){further}",
			JA: "{name} のDKIM公開鍵の{offset}バイト目に誤りがあります:「{text}」({fault}。正しい形: {expected}){further}"},
		Fix: codes.Text{
			EN: "publish the record again as the signing service shows it: v=DKIM1 first, semicolons without backslashes, each tag once, p in full",
			JA: "署名するサービスが示すとおりにレコードを公開し直してください。v=DKIM1 を先頭に置き、セミコロンに「\\」を付けず、各タグは1回だけ、p は省略せず記載します"},
	}

	DKIMKeyShort = &diag.Rule{
		ID: "dkim-key-short", Severity: diag.Fail, Owner: diag.OwnerESP, Ref: "RFC 8301 §3.2", Codes: dkimCodes,
		Says: codes.Text{
			EN: "the DKIM key at {name} has only {bits} bits",
			JA: "{name} のDKIM鍵の長さが{bits}ビットしかありません"},
		Why: codes.Text{
			EN: "receivers must not accept keys under 1024 bits: such a signature counts as none (550 5.7.26, 5.7.30)",
			JA: "受信側は1024ビット未満の鍵を受け入れてはならず、署名がないものとして扱われます(550 5.7.26・5.7.30)"},
		Fix: codes.Text{
			EN: "make a new key of 2048 bits with a new selector, sign with it, then remove this one",
			JA: "2048ビットの鍵を新しいセレクターで作成し、署名を切り替えてから、この鍵を削除してください"},
	}

	DKIMKeyWeak = &diag.Rule{
		ID: "dkim-key-weak", Severity: diag.Warn, Owner: diag.OwnerESP, Ref: "RFC 8301 §3.2", Codes: nil,
		Says: codes.Text{
			EN: "the DKIM key at {name} has {bits} bits; 2048 are recommended",
			JA: "{name} のDKIM鍵の長さは{bits}ビットです。2048ビット以上が推奨されます"},
		Why: codes.Text{
			EN: "it passes today, but is within reach of well-equipped forgers",
			JA: "現在は検証に成功しますが、高い計算能力を持つ攻撃者に破られるおそれがあります"},
		Fix: codes.Text{
			EN: "at the next change of keys take 2048 bits, with a new selector",
			JA: "次回の鍵の更新時に、新しいセレクターで2048ビットの鍵へ切り替えてください"},
	}

	DKIMKeyLarge = &diag.Rule{
		ID: "dkim-key-large", Severity: diag.Warn, Owner: diag.OwnerESP, Ref: "RFC 8301 §3.2", Codes: dkimCodes,
		Says: codes.Text{
			EN: "the DKIM key at {name} has {bits} bits; receivers need not take more than 4096",
			JA: "{name} のDKIM鍵の長さは{bits}ビットです。受信側に対応が求められているのは4096ビットまでです"},
		Why: codes.Text{
			EN: "some receivers cannot verify with such a key: the signature counts as none (550 5.7.26)",
			JA: "この長さの鍵では検証できない受信側があり、署名がないものとして扱われることがあります(550 5.7.26)"},
		Fix: codes.Text{
			EN: "make a new key of 2048 bits with a new selector, sign with it, then remove this one",
			JA: "2048ビットの鍵を新しいセレクターで作成し、署名を切り替えてから、この鍵を削除してください"},
	}

	DKIMRevoked = &diag.Rule{
		ID: "dkim-revoked", Severity: diag.Warn, Owner: diag.OwnerDNS, Ref: "RFC 6376 §3.6.1", Codes: dkimCodes,
		Says: codes.Text{
			EN: "the DKIM key at {name} is revoked (p is empty)",
			JA: "{name} のDKIM鍵は失効しています(p が空です)"},
		Why: codes.Text{
			EN: "mail still signed with this selector fails DKIM (550 5.7.20, 5.7.26, 5.7.30)",
			JA: "このセレクターで署名し続けているメールは、DKIMの検証に失敗します(550 5.7.20・5.7.26・5.7.30)"},
		Fix: codes.Text{
			EN: "right after a change of keys; if something still signs with this selector, publish its key again or switch it to the new selector",
			JA: "鍵の更新後であれば問題ありません。このセレクターで署名している送信元が残っている場合は、鍵を公開し直すか、新しいセレクターへ切り替えてください"},
	}

	DKIMTesting = &diag.Rule{
		ID: "dkim-testing", Severity: diag.Warn, Owner: diag.OwnerDNS, Ref: "RFC 6376 §3.6.1", Codes: nil,
		Says: codes.Text{
			EN: "the DKIM key at {name} is marked as a test (t=y)",
			JA: "{name} のDKIM鍵はテスト中(t=y)と宣言されています"},
		Why: codes.Text{
			EN: "receivers may treat mail signed with it like unsigned mail",
			JA: "この鍵で署名したメールは、受信側で署名がない場合と同じ扱いになることがあります"},
		Fix: codes.Text{
			EN: "remove y from t when signed mail passes",
			JA: "署名したメールが検証に成功することを確認したら、t から y を削除してください"},
	}

	DKIMKeyType = &diag.Rule{
		ID: "dkim-key-type", Severity: diag.Warn, Owner: diag.OwnerESP, Ref: "RFC 6376 §3.6.1", Codes: dkimCodes,
		Says: codes.Text{
			EN: "the DKIM key at {name} is of the type {type}, which receivers do not know",
			JA: "{name} のDKIM鍵の種類「{type}」は、受信側が対応していません"},
		Why: codes.Text{
			EN: "receivers ignore keys of other types than rsa and ed25519: the signature counts as none",
			JA: "rsa・ed25519 以外の種類の鍵は無視され、署名がないものとして扱われます"},
		Fix: codes.Text{
			EN: "correct k, or sign with an rsa key of 2048 bits",
			JA: "k の値を修正するか、2048ビットのrsa鍵で署名してください"},
	}

	DKIM2Key = &diag.Rule{
		ID: "dkim2-key", Severity: diag.Info, Owner: diag.OwnerESP, Ref: "draft-ietf-dkim-dkim2-dns-03", Codes: nil,
		Says: codes.Text{
			EN: "the key at {name} is of the type {type}: it is for DKIM2, a draft",
			JA: "{name} の鍵の種類は {type} で、DKIM2(IETFのドラフト)用です"},
		Why: codes.Text{
			EN: "receivers verify DKIM with rsa and ed25519 keys: this key does no harm, and it does not count for DKIM",
			JA: "受信側はrsa・ed25519の鍵でDKIMを検証します。この鍵は害になりませんが、DKIMの認証には使われません"},
		Fix: codes.Text{
			EN: "nothing, if an rsa key of 2048 bits stands under another selector and mail is signed with it too",
			JA: "別のセレクターで2048ビットのrsa鍵を公開し、その鍵でも署名していれば、対応は不要です"},
	}

	DKIMNoneFound = &diag.Rule{
		ID: "dkim-none-found", Severity: diag.Info, Owner: diag.OwnerMail, Ref: "RFC 6376 §3.1", Codes: nil,
		Says: codes.Text{
			EN: "found {found} of {probed} probed DKIM selectors",
			JA: "調べた{probed}件のDKIMセレクターのうち、公開鍵が見つかったのは{found}件です"},
		Why: codes.Text{
			EN: "selectors cannot be listed: the domain may sign with one that was not probed",
			JA: "セレクターの一覧はDNSから取得できません。調べていないセレクターで署名している可能性があります"},
		Fix: codes.Text{
			EN: "look for s= in the DKIM-Signature header of a sent mail and give it with --selector; if there is no such header, switch on DKIM at the sending service",
			JA: "送信済みメールの DKIM-Signature ヘッダーにある s= の値を --selector で指定してください。ヘッダーがない場合は、配信サービスでDKIM署名を有効にしてください"},
	}
)
