package dnsbl

import (
	"slices"

	"todoku/codes"
)

// Lists are all lists that are known: those of addresses, of domains, those that DNS does not answer for, and the closed ones.
// Nobody may change them. Where nothing else is said, what a list answers is from its operator's pages or from the
// configuration of Rspamd (conf/modules.d/rbl.conf).
func Lists() []*List {
	all := slices.Concat(spamhaus, addresses, grades, domains, unpublished, closed)
	out := make([]*List, len(all))
	for i := range all {
		out[i] = &all[i]
	}
	return out
}

const (
	spamhausPage = "https://check.spamhaus.org/"
	zen          = "spamhaus_zen"
)

// spamhaus has the lists of Spamhaus. Source: https://docs.spamhaus.com/datasets/docs/source/10-data-type-documentation/datasets/
// 040-zones.html
var spamhaus = []List{
	{ID: zen, Name: "Spamhaus ZEN", Page: spamhausPage, Kind: Addresses, Public: true,
		Zones: []string{"zen.spamhaus.org", "sbl.spamhaus.org", "xbl.spamhaus.org", "sbl-xbl.spamhaus.org", "pbl.spamhaus.org"},
		Keyed: []string{"zen.dq.spamhaus.net", "sbl.dq.spamhaus.net", "xbl.dq.spamhaus.net", "pbl.dq.spamhaus.net",
			"sbl-xbl.dq.spamhaus.net"},
		Codes: []Code{
			{From: [4]byte{127, 0, 0, 2}, Word: "SBL", Sense: Bad,
				Says: codes.Text{EN: "SBL: sends spam, or serves those who do", JA: "SBL(スパムの送信元、またはその支援元)"}},
			{From: [4]byte{127, 0, 0, 3}, Word: "CSS", Sense: Bad,
				Says: codes.Text{EN: "CSS: sends mail of bad repute", JA: "CSS(評判の悪いメールの送信元)"}},
			{From: [4]byte{127, 0, 0, 4}, To: [4]byte{127, 0, 0, 7}, Word: "XBL", Sense: Bad,
				Says: codes.Text{EN: "XBL: a hijacked or infected machine", JA: "XBL(乗っ取られた、または感染した機器)"}},
			{From: [4]byte{127, 0, 0, 9}, Word: "DROP", Sense: Bad,
				Says: codes.Text{EN: "DROP: a network that criminals run", JA: "DROP(犯罪者が運用するネットワーク)"}},
			{From: [4]byte{127, 0, 0, 10}, Word: "PBL", Sense: Policy,
				Says: codes.Text{EN: "PBL: its network's owner says that it sends no mail directly", JA: "PBL(直接メールを送信しない範囲として、ネットワークの管理者が登録)"}},
			{From: [4]byte{127, 0, 0, 11}, Word: "PBL", Sense: Policy,
				Says: codes.Text{EN: "PBL: Spamhaus takes it for an access line, which sends no mail directly", JA: "PBL(直接メールを送信しない接続回線として、Spamhausが登録)"}},
			{From: [4]byte{127, 0, 0, 30}, Word: "BCL", Sense: Bad,
				Says: codes.Text{EN: "BCL: controls a botnet", JA: "BCL(ボットネットの指令サーバー)"}},
		},
		Note: codes.Text{EN: "the page says which list it is, and what that one asks for", JA: "どのリストに登録されているか、解除の条件は何かが、このページに表示されます"},
		Users: []User{{"outlook", "outlook-14"}, {"exchange_online", "eo-34"}, {"yahoo", "yahoo-06"}, {"apple", "apple-08"},
			{"comcast", "comcast-03"}, {"cox", "cox-06"}, {"spectrum", "spectrum-04"}, {"godaddy", "godaddy-02"}}},
	{ID: "spamhaus", Name: "Spamhaus", Page: spamhausPage, Part: Part{Of: zen}},
	{ID: "spamhaus_sbl", Name: "Spamhaus SBL", Page: spamhausPage, Part: Part{zen, []string{"SBL", "CSS", "DROP"}}},
	{ID: "spamhaus_css", Name: "Spamhaus CSS", Page: spamhausPage, Part: Part{zen, []string{"CSS"}}},
	{ID: "spamhaus_xbl", Name: "Spamhaus XBL", Page: spamhausPage, Part: Part{zen, []string{"XBL"}}},
	{ID: "spamhaus_pbl", Name: "Spamhaus PBL", Page: spamhausPage, Part: Part{zen, []string{"PBL"}}},
	{ID: "cbl", Name: "Abuseat CBL (Spamhaus XBL)", Page: spamhausPage, Part: Part{zen, []string{"XBL"}}},
	{ID: "spamhaus_authbl", Name: "Spamhaus AuthBL", Page: spamhausPage, Kind: Addresses, Keyed: []string{"authbl.dq.spamhaus.net"},
		Codes: []Code{{From: [4]byte{127, 0, 0, 20}, Word: "AuthBL", Sense: Bad,
			Says: codes.Text{EN: "AuthBL: tries stolen passwords", JA: "AuthBL(盗まれたパスワードによるログインの試行元)"}}}},
	{ID: "spamhaus_dbl", Name: "Spamhaus DBL", Page: spamhausPage, Kind: Domains, Public: true, Zones: []string{"dbl.spamhaus.org"},
		Keyed: []string{"dbl.dq.spamhaus.net"}, Tests: []string{"dbltest.com"}, Codes: dblCodes,
		Users: []User{{"apple", "apple-07"}, {"cox", "cox-07"}}},
	{ID: "spamhaus_zrd", Name: "Spamhaus ZRD", Page: spamhausPage, Kind: Domains, Keyed: []string{"zrd.dq.spamhaus.net"},
		Codes: []Code{
			{From: [4]byte{127, 0, 2, 2}, To: [4]byte{127, 0, 2, 24}, Word: "ZRD", Sense: Bad,
				Says: codes.Text{EN: "ZRD: first seen about {n} hours ago", JA: "ZRD(約{n}時間前に初めて使われたドメイン)"}},
			{From: [4]byte{127, 0, 2, 255}, Sense: Refused, Why: IPQuery},
		},
		Note: codes.Text{EN: "the entry ends by itself a day after the domain was first seen", JA: "初めて使われてから1日で、登録は自動的に解除されます"}},
}

// dblCodes are the codes of the list of domains of Spamhaus.
var dblCodes = []Code{
	{From: [4]byte{127, 0, 1, 255}, Sense: Refused, Why: IPQuery},
	{From: [4]byte{127, 0, 1, 2}, Word: "spam", Sense: Bad,
		Says: codes.Text{EN: "a domain of low repute, seen in spam", JA: "スパムに使われる、評判の悪いドメイン"}},
	{From: [4]byte{127, 0, 1, 4}, Word: "phish", Sense: Bad, Says: codes.Text{EN: "phishing", JA: "フィッシング"}},
	{From: [4]byte{127, 0, 1, 5}, Word: "malware", Sense: Bad, Says: codes.Text{EN: "malware", JA: "マルウェア"}},
	{From: [4]byte{127, 0, 1, 6}, Word: "botnet", Sense: Bad,
		Says: codes.Text{EN: "controls a botnet", JA: "ボットネットの指令サーバー"}},
	{From: [4]byte{127, 0, 1, 102}, Word: "abused-legit", Sense: Bad,
		Says: codes.Text{EN: "a proper domain that others abuse for spam", JA: "スパムに悪用されている、正当なドメイン"}},
	{From: [4]byte{127, 0, 1, 103}, Word: "abused-redirector", Sense: Bad,
		Says: codes.Text{EN: "a redirector that is abused", JA: "悪用されている転送サービス(短縮URLなど)"}},
	{From: [4]byte{127, 0, 1, 104}, Word: "abused-phish", Sense: Bad,
		Says: codes.Text{EN: "a proper domain that others abuse for phishing", JA: "フィッシングに悪用されている、正当なドメイン"}},
	{From: [4]byte{127, 0, 1, 105}, Word: "abused-malware", Sense: Bad,
		Says: codes.Text{EN: "a proper domain that others abuse for malware", JA: "マルウェアの配布に悪用されている、正当なドメイン"}},
	{From: [4]byte{127, 0, 1, 106}, Word: "abused-botnet", Sense: Bad,
		Says: codes.Text{EN: "a proper domain that others abuse to control a botnet", JA: "ボットネットの指令に悪用されている、正当なドメイン"}},
}
