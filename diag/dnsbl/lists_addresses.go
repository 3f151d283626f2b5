package dnsbl

import "todoku/codes"

// listed is the only code of lists that give no reasons.
var listed = []Code{{From: [4]byte{127, 0, 0, 2}, Word: "listed", Sense: Bad, Says: codes.Text{EN: "listed", JA: "登録あり"}}}

// network is the code of lists of whole networks.
var network = []Code{{From: [4]byte{127, 0, 0, 2}, Word: "network", Sense: Minor,
	Says: codes.Text{EN: "the whole network that it is in, for what neighbours did", JA: "近隣のIPアドレスの行為により、ネットワーク全体が登録"}}}

// addresses has the other lists of addresses.
var addresses = []List{
	{ID: "spamcop", Name: "SpamCop", Page: "https://www.spamcop.net/bl.shtml", Zones: []string{"bl.spamcop.net"}, Kind: Addresses,
		Public: true, Codes: listed,
		Note: codes.Text{EN: "the entry ends by itself about a day after the last report", JA: "最後の報告から約1日で、登録は自動的に解除されます"}},
	{ID: "barracuda", Name: "Barracuda BRBL", Page: "https://www.barracudacentral.org/lookups",
		Removal: "https://www.barracudacentral.org/rbl/removal-request", Zones: []string{"b.barracudacentral.org"}, Kind: Addresses,
		Codes: listed, Users: []User{{"barracuda", "barracuda-04"}},
		Note: codes.Text{EN: "the list asks those who query it to register", JA: "問い合わせには、リゾルバーの登録が必要です"}},
	{ID: "psbl", Name: "PSBL", Page: "https://psbl.org/", Removal: "https://psbl.org/remove", Zones: []string{"psbl.surriel.com"},
		Kind: Addresses, Public: true, Codes: listed},
	{ID: "mailspike", Name: "Mailspike", Page: "https://mailspike.org/iplookup.html", Zones: []string{"bl.mailspike.net"},
		Kind: Addresses, Public: true, Codes: []Code{
			{From: [4]byte{127, 0, 0, 2}, Word: "listed", Sense: Bad, Says: codes.Text{EN: "listed", JA: "登録あり"}},
			{From: [4]byte{127, 0, 0, 10}, Word: "worst", Sense: Bad, Says: codes.Text{EN: "worst repute", JA: "評判が最悪"}},
			{From: [4]byte{127, 0, 0, 11}, Word: "very bad", Sense: Bad, Says: codes.Text{EN: "very bad repute", JA: "評判が非常に悪い"}},
			{From: [4]byte{127, 0, 0, 12}, Word: "bad", Sense: Bad, Says: codes.Text{EN: "bad repute", JA: "評判が悪い"}},
		}},
	{ID: "spameatingmonkey", Name: "Spam Eating Monkey", Page: "https://spameatingmonkey.com/lookup",
		Zones: []string{"bl.spameatingmonkey.net", "bl.ipv6.spameatingmonkey.net"}, Kind: Addresses, Codes: listed},
	{ID: "blocklist_de", Name: "blocklist.de", Page: "https://www.blocklist.de/en/search.html", Zones: []string{"bl.blocklist.de"},
		Kind: Addresses, Codes: []Code{{From: [4]byte{127, 0, 0, 2}, To: [4]byte{127, 0, 0, 255}, Word: "attacks", Sense: Bad,
			Says: codes.Text{EN: "attacks on servers were reported (service {n})", JA: "サーバーへの攻撃の報告あり(サービス番号{n})"}}},
		Note: codes.Text{EN: "it is about attacks in general more than about mail", JA: "メールに限らず、攻撃全般を対象とするリストです"}},
	{ID: "virusfree", Name: "VirusFree BIP", Page: "https://www.virusfree.cz/", Zones: []string{"bip.virusfree.cz"}, Kind: Addresses,
		Codes: []Code{{From: [4]byte{127, 0, 0, 2}, Word: "botnet", Sense: Bad,
			Says: codes.Text{EN: "a member of a botnet", JA: "ボットネットに属する機器"}}}},
	{ID: "senderscore", Name: "Validity Sender Score", Page: "https://senderscore.org/", Zones: []string{"bl.score.senderscore.com"},
		Kind: Addresses, Codes: senderScoreCodes, Users: []User{{"comcast", "comcast-03"}, {"cox", "cox-06"}},
		Note: codes.Text{EN: "the list asks those who query it much to register", JA: "問い合わせが多い場合は、登録が必要です"}},
	{ID: "abusix", Name: "Abusix Mail Intelligence", Page: "https://lookup.abusix.com/", Kind: Addresses,
		Keyed: []string{"combined.mail.abusix.zone"}},
	{ID: "uceprotect_1", Name: "UCEPROTECT Level 1", Page: uceprotect, Zones: []string{"dnsbl-1.uceprotect.net"}, Kind: Addresses,
		Codes: listed, Note: codes.Text{EN: "the entry ends by itself a week after the last spam; nobody needs to pay for that", JA: "最後のスパムから1週間で、登録は自動的に解除されます。有料の解除は不要です"}},
	{ID: "uceprotect_2", Name: "UCEPROTECT Level 2", Page: uceprotect, Zones: []string{"dnsbl-2.uceprotect.net"}, Kind: Addresses,
		Codes: network},
	{ID: "uceprotect_3", Name: "UCEPROTECT Level 3", Page: uceprotect, Zones: []string{"dnsbl-3.uceprotect.net"}, Kind: Addresses,
		Codes: network},
	{ID: "uceprotect", Name: "UCEPROTECT", Page: uceprotect, Part: Part{Of: "uceprotect_1"}},
	{ID: "hostkarma", Name: "Hostkarma", Page: "https://wiki.junkemailfilter.com/index.php/Spam_DNS_Lists",
		Zones: []string{"hostkarma.junkemailfilter.com"}, Kind: Addresses, Codes: []Code{
			{From: [4]byte{127, 0, 0, 1}, Word: "white", Sense: Good, Says: codes.Text{EN: "white: a good sender", JA: "white(良い送信元)"}},
			{From: [4]byte{127, 0, 0, 2}, Word: "black", Sense: Bad, Says: codes.Text{EN: "black: sends spam", JA: "black(スパムの送信元)"}},
			{From: [4]byte{127, 0, 0, 3}, Word: "yellow", Sense: Neutral,
				Says: codes.Text{EN: "yellow: sends both, never to be blocked", JA: "yellow(正当なメールとスパムの両方を送信。拒否の対象外)"}},
			{From: [4]byte{127, 0, 0, 4}, Word: "brown", Sense: Minor,
				Says: codes.Text{EN: "brown: sends spam, not yet enough for black", JA: "brown(スパムの送信元だが、black には至らない)"}},
			{From: [4]byte{127, 0, 0, 5}, Word: "no blacklist", Sense: Neutral,
				Says: codes.Text{EN: "a large provider, never to be blocked", JA: "大手事業者(拒否の対象外)"}},
		}},
}

const uceprotect = "https://www.uceprotect.net/en/rblcheck.php"

// senderScoreCodes add up.
var senderScoreCodes = []Code{
	{From: [4]byte{127, 0, 0, 0}, Bit: 1, Word: "bot", Sense: Bad, Says: codes.Text{EN: "a bot", JA: "ボット"}},
	{From: [4]byte{127, 0, 0, 0}, Bit: 2, Word: "no authentication", Sense: Bad,
		Says: codes.Text{EN: "mail without authentication", JA: "送信ドメイン認証のないメール"}},
	{From: [4]byte{127, 0, 0, 0}, Bit: 4, Word: "trap", Sense: Bad,
		Says: codes.Text{EN: "mail to traps", JA: "スパムトラップ宛のメール"}},
	{From: [4]byte{127, 0, 0, 0}, Bit: 8, Word: "attachment", Sense: Bad,
		Says: codes.Text{EN: "suspicious attachments", JA: "疑わしい添付ファイル"}},
	{From: [4]byte{127, 0, 0, 0}, Bit: 16, Word: "low score", Sense: Bad, Says: codes.Text{EN: "a low score", JA: "低いスコア"}},
}

// grades has the lists that say how good an address is.
var grades = []List{
	{ID: "senderscore_reputation", Name: "Sender Score", Page: "https://senderscore.org/", Zones: []string{"score.senderscore.com"},
		Kind: Grade, Codes: []Code{{From: [4]byte{127, 0, 4, 0}, To: [4]byte{127, 0, 4, 100}, Word: "score", Sense: Neutral,
			Says: codes.Text{EN: "score {n} of 100", JA: "スコア{n}(100点満点)"}}}},
	{ID: "mailspike_reputation", Name: "Mailspike Reputation", Page: "https://mailspike.org/iplookup.html", Kind: Grade,
		Zones: []string{"rep.mailspike.net"}, Codes: []Code{
			{From: [4]byte{127, 0, 0, 10}, Word: "worst", Sense: Minor, Says: codes.Text{EN: "worst repute", JA: "評判が最悪"}},
			{From: [4]byte{127, 0, 0, 11}, Word: "very bad", Sense: Minor, Says: codes.Text{EN: "very bad repute", JA: "評判が非常に悪い"}},
			{From: [4]byte{127, 0, 0, 12}, Word: "bad", Sense: Minor, Says: codes.Text{EN: "bad repute", JA: "評判が悪い"}},
			{From: [4]byte{127, 0, 0, 13}, To: [4]byte{127, 0, 0, 16}, Word: "neutral", Sense: Neutral,
				Says: codes.Text{EN: "neutral repute", JA: "評判は中立"}},
			{From: [4]byte{127, 0, 0, 17}, Word: "possible", Sense: Good, Says: codes.Text{EN: "possibly good", JA: "おそらく良い"}},
			{From: [4]byte{127, 0, 0, 18}, Word: "good", Sense: Good, Says: codes.Text{EN: "good repute", JA: "評判が良い"}},
			{From: [4]byte{127, 0, 0, 19}, Word: "very good", Sense: Good, Says: codes.Text{EN: "very good repute", JA: "評判が非常に良い"}},
			{From: [4]byte{127, 0, 0, 20}, Word: "excellent", Sense: Good, Says: codes.Text{EN: "excellent repute", JA: "評判が最良"}},
		}},
	{ID: "dnswl", Name: "DNSWL", Page: "https://www.dnswl.org/", Zones: []string{"list.dnswl.org"}, Kind: Allow, Public: true,
		Codes: []Code{
			{From: [4]byte{127, 0, 0, 255}, Sense: Refused, Why: Blocked},
			{From: [4]byte{127, 0, 10, 0}, To: [4]byte{127, 0, 10, 255}, Sense: Refused, Why: Blocked},
			{From: [4]byte{127, 0, 0, 0}, To: [4]byte{127, 0, 255, 0}, Word: "none", Sense: Neutral,
				Says: codes.Text{EN: "a known mail server, of no trust (category {c})", JA: "既知のメールサーバー(信頼度なし、カテゴリー{c})"}},
			{From: [4]byte{127, 0, 0, 1}, To: [4]byte{127, 0, 255, 1}, Word: "low", Sense: Good,
				Says: codes.Text{EN: "a good sender, trust low (category {c})", JA: "良い送信元(信頼度: 低、カテゴリー{c})"}},
			{From: [4]byte{127, 0, 0, 2}, To: [4]byte{127, 0, 255, 2}, Word: "medium", Sense: Good,
				Says: codes.Text{EN: "a good sender, trust medium (category {c})", JA: "良い送信元(信頼度: 中、カテゴリー{c})"}},
			{From: [4]byte{127, 0, 0, 3}, To: [4]byte{127, 0, 255, 3}, Word: "high", Sense: Good,
				Says: codes.Text{EN: "a good sender, trust high (category {c})", JA: "良い送信元(信頼度: 高、カテゴリー{c})"}},
		}},
}
