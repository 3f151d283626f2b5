package check

import (
	"todoku/codes"
	"todoku/diag/dane"
)

// daneFault says what is wrong with a record that nobody can use.
func daneFault(r *dane.Record) codes.Text {
	switch r.Fault {
	case dane.NoData:
		return codes.Text{EN: "it holds no data", JA: "データがありません"}
	case dane.WrongLength:
		return codes.Text{EN: "its data is not as long as the digest of its matching type (32 octets for 1, 64 for 2)",
			JA: "データの長さがマッチングタイプのハッシュ(1は32バイト、2は64バイト)と合いません"}
	case dane.NoCertificate:
		return codes.Text{EN: "its data is no certificate", JA: "データが証明書ではありません"}
	case dane.NoKey:
		return codes.Text{EN: "its data is no public key", JA: "データが公開鍵ではありません"}
	case dane.UsagePKIX:
		return codes.Text{EN: "mail servers do not use the usages 0 and 1 (PKIX-TA, PKIX-EE)",
			JA: "メールの配送では、用途0と1(PKIX-TA、PKIX-EE)は使われません"}
	case dane.UnknownUsage:
		return codes.Text{EN: "its usage is none of 0 to 3", JA: "用途が0から3のいずれでもありません"}
	case dane.UnknownSelector:
		return codes.Text{EN: "its selector is none of 0 and 1", JA: "セレクターが0でも1でもありません"}
	case dane.UnknownMatching:
		return codes.Text{EN: "its matching type is none of 0 to 2", JA: "マッチングタイプが0から2のいずれでもありません"}
	}
	return codes.Text{EN: "it cannot be read", JA: "読み取れません"}
}

// daneProblem says why no record of a set lets mail pass.
func daneProblem(outcomes []dane.Outcome) codes.Text {
	switch worst(outcomes) {
	case dane.WrongName:
		return codes.Text{EN: "the authority of a record vouches for it, and it does not name the server",
			JA: "レコードの認証局から検証できますが、証明書にサーバーの名前がありません"}
	case dane.Outdated:
		return codes.Text{EN: "the authority of a record vouches for it, and it is out of date",
			JA: "レコードの認証局から検証できますが、証明書の有効期間外です"}
	case dane.NoPath:
		return codes.Text{EN: "the authority of a record is shown, and does not vouch for it",
			JA: "レコードの認証局は提示されていますが、証明書を検証できません"}
	}
	for _, o := range outcomes {
		if o == dane.Passed {
			return codes.Text{EN: "of records that differ in the digest only the strongest counts, and it is of another certificate or key",
				JA: "ハッシュの異なるレコードがあるときは最も強いものだけが使われますが、それは別の証明書か鍵のものです"}
		}
	}
	return codes.Text{EN: "the records are of other certificates or keys", JA: "レコードは別の証明書か鍵のものです"}
}
