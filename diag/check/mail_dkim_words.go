package check

import (
	"todoku/codes"
	"todoku/diag/dkim"
)

// DKIMReason says why a signature does not count.
func DKIMReason(r dkim.Reason) codes.Text {
	if t, ok := reasonTexts()[r]; ok {
		return t
	}
	return codes.Same(string(r))
}

func reasonTexts() map[dkim.Reason]codes.Text {
	return map[dkim.Reason]codes.Text{
		dkim.MalformedSignature:     {EN: "it cannot be read", JA: "署名を読み取れません"},
		dkim.MissingTag:             {EN: "a required tag is missing", JA: "必須のタグがありません"},
		dkim.DuplicateTag:           {EN: "a tag stands in it twice", JA: "同じタグが重複しています"},
		dkim.UnsupportedVersion:     {EN: "its version is not v=1", JA: "バージョンが v=1 ではありません"},
		dkim.UnsupportedAlgorithm:   {EN: "its algorithm (a=) is not known", JA: "アルゴリズム(a=)に対応していません"},
		dkim.WeakHash:               {EN: "it is made with SHA-1, which nobody may accept any more", JA: "受け入れが禁止されているSHA-1で署名されています"},
		dkim.UnsupportedCanon:       {EN: "its canonicalization (c=) is not known", JA: "正規化の方式(c=)に対応していません"},
		dkim.UnsupportedQuery:       {EN: "its key is not in DNS (q=)", JA: "公開鍵の取得方法(q=)がDNSではありません"},
		dkim.FromNotSigned:          {EN: "it does not cover From", JA: "署名の対象にFromが含まれていません"},
		dkim.IdentityOutside:        {EN: "its i= is outside of the domain d=", JA: "i= が d= のドメインの外にあります"},
		dkim.IdentityDiffers:        {EN: "the key wants i= to be of exactly the domain d= (t=s)", JA: "鍵の設定(t=s)により、i= は d= と同じドメインでなければなりません"},
		dkim.Expired:                {EN: "it has expired", JA: "有効期限が過ぎています"},
		dkim.DNSTemporary:           {EN: "DNS did not answer for its key", JA: "DNSから公開鍵を取得できません"},
		dkim.NoKey:                  {EN: "there is no key", JA: "公開鍵がありません"},
		dkim.BadKeyRecord:           {EN: "the key record cannot be read", JA: "公開鍵のレコードを読み取れません"},
		dkim.KeyRevoked:             {EN: "the key is revoked", JA: "鍵が失効しています"},
		dkim.KeyTooSmall:            {EN: "the key has less than 1024 bits", JA: "鍵の長さが1024ビット未満です"},
		dkim.KeyAlgorithmMismatch:   {EN: "the key is of another type than the signature", JA: "鍵の種類が署名と異なります"},
		dkim.HashNotAllowedByKey:    {EN: "the key does not allow this hash (h=)", JA: "鍵の設定(h=)でこのハッシュが許可されていません"},
		dkim.ServiceNotAllowedByKey: {EN: "the key is not for mail (s=)", JA: "鍵の用途(s=)がメールではありません"},
		dkim.LengthExceedsBody:      {EN: "the body is shorter than l= says", JA: "本文が l= の長さより短くなっています"},
		dkim.BodyHashMismatch:       {EN: "the body was changed", JA: "本文が変更されています"},
		dkim.SignatureMismatch:      {EN: "a signed field was changed, or another key signed", JA: "署名対象のヘッダーが変更されたか、別の鍵で署名されています"},
	}
}
