package dnsbl

import "todoku/codes"

// refusedByOne is a part of the answers of lists whose codes add up, to those whom they do not serve: 127.0.0.1, or 127.0.0.255.
// Source: https://uribl.com/refused.shtml (the bit 0x1 is used for nothing else).
var refusedByOne = Code{From: [4]byte{127, 0, 0, 0}, Bit: 1, Sense: Refused, Why: Blocked}

// domains has the lists of domains.
var domains = []List{
	{ID: "surbl", Name: "SURBL", Page: "https://surbl.org/surbl-analysis", Zones: []string{"multi.surbl.org"}, Kind: Domains,
		Public: true, Tests: []string{"surbl-org-permanent-test-point.com"}, Users: []User{{"cox", "cox-07"}}, Codes: []Code{
			refusedByOne,
			{From: [4]byte{127, 0, 0, 0}, Bit: 4, Word: "DM", Sense: Bad, Says: codes.Text{EN: "DM: disposable or suspicious", JA: "DM(使い捨て、または疑わしいドメイン)"}},
			{From: [4]byte{127, 0, 0, 0}, Bit: 8, Word: "PH", Sense: Bad, Says: codes.Text{EN: "PH: phishing", JA: "PH(フィッシング)"}},
			{From: [4]byte{127, 0, 0, 0}, Bit: 16, Word: "MW", Sense: Bad, Says: codes.Text{EN: "MW: malware", JA: "MW(マルウェア)"}},
			{From: [4]byte{127, 0, 0, 0}, Bit: 32, Word: "CT", Sense: Bad, Says: codes.Text{EN: "CT: tracks clicks", JA: "CT(クリックの追跡)"}},
			{From: [4]byte{127, 0, 0, 0}, Bit: 64, Word: "ABUSE", Sense: Bad, Says: codes.Text{EN: "ABUSE: seen in spam", JA: "ABUSE(スパムに使用)"}},
			{From: [4]byte{127, 0, 0, 0}, Bit: 128, Word: "CR", Sense: Bad, Says: codes.Text{EN: "CR: a cracked site", JA: "CR(改ざんされたサイト)"}},
		}},
	{ID: "uribl", Name: "URIBL", Page: "https://admin.uribl.com/", Zones: []string{"multi.uribl.com"}, Kind: Domains, Public: true,
		Tests: []string{"test.uribl.com"}, Codes: []Code{
			refusedByOne,
			{From: [4]byte{127, 0, 0, 0}, Bit: 2, Word: "black", Sense: Bad, Says: codes.Text{EN: "black: seen in spam", JA: "black(スパムに使用)"}},
			{From: [4]byte{127, 0, 0, 0}, Bit: 4, Word: "grey", Sense: Bad, Says: codes.Text{EN: "grey: seen in bulk mail that some did not want", JA: "grey(望まれない一斉配信にも使用)"}},
			{From: [4]byte{127, 0, 0, 0}, Bit: 8, Word: "red", Sense: Bad, Says: codes.Text{EN: "red: new, or looks like spam", JA: "red(新規、またはスパムの疑い)"}},
		}},
	{ID: "sem_uri", Name: "Spam Eating Monkey URIBL", Page: "https://spameatingmonkey.com/lookup", Kind: Domains, Codes: listed,
		Zones: []string{"uribl.spameatingmonkey.net", "urired.spameatingmonkey.net"}},
	{ID: "sem_fresh", Name: "Spam Eating Monkey FRESH15", Page: "https://spameatingmonkey.com/lookup", Kind: Domains,
		Zones: []string{"fresh15.spameatingmonkey.net"}, Codes: []Code{{From: [4]byte{127, 0, 0, 2}, Word: "fresh", Sense: Bad,
			Says: codes.Text{EN: "registered within the last 15 days", JA: "登録から15日以内のドメイン"}}},
		Note: codes.Text{EN: "the entry ends by itself 15 days after the domain was registered", JA: "ドメインの登録から15日で、登録は自動的に解除されます"}},
}

// unpublished has the lists that replies name and DNS does not answer for, or not for everybody, and those of mail addresses.
var unpublished = []List{
	{ID: "backscatterer", Name: "Backscatterer", Page: "https://www.backscatterer.org/"},
	{ID: "ivm_uri", Name: "Invaluement ivmURI", Page: "https://www.invaluement.com/lookup/", OfLinks: true, Users: []User{{"cox", "cox-07"}}},
	{ID: "invaluement", Name: "Invaluement", Page: "https://www.invaluement.com/lookup/", Users: []User{{"cox", "cox-06"}}},
	{ID: "cloudmark", Name: "Cloudmark CSI", Page: "https://csi.cloudmark.com/en/reset/", Users: []User{{"comcast", "comcast-03"},
		{"cox", "cox-06"}, {"spectrum", "spectrum-04"}, {"godaddy", "godaddy-02"}, {"proofpoint", "proofpoint-03"}}},
	{ID: "proofpoint", Name: "Proofpoint Dynamic Reputation", Page: "https://ipcheck.proofpoint.com/",
		Users: []User{{"apple", "apple-08"}, {"proofpoint", "proofpoint-01"}}},
	{ID: "0spam", Name: "0Spam", Page: "https://0spam.org/"},
	{ID: "spamrats", Name: "SpamRATS", Page: "https://www.spamrats.com/lookup.php"},
	{ID: "trendmicro", Name: "Trend Micro ERS", Page: trendMicro},
	{ID: "talos", Name: "Cisco Talos", Page: "https://talosintelligence.com/reputation_center"},
	{ID: "s5h", Name: "all.s5h.net", Page: "https://www.usenix.org.uk/content/rbl.html"},
	{ID: "dronebl", Name: "DroneBL", Page: "https://dronebl.org/lookup"},
	{ID: "gbudb", Name: "GBUdb Truncate", Page: "https://www.gbudb.com/"},
	{ID: "nordspam", Name: "NordSpam", Page: "https://www.nordspam.com/"},
	{ID: "msbl", Name: "MSBL EBL", Page: "https://msbl.org/ebl.html", Zones: []string{"ebl.msbl.org"}, Kind: Mailboxes, Codes: []Code{
		{From: [4]byte{127, 0, 0, 2}, To: [4]byte{127, 0, 0, 3}, Word: "listed", Sense: Bad, Says: codes.Text{EN: "listed", JA: "登録あり"}},
		{From: [4]byte{127, 0, 1, 2}, To: [4]byte{127, 0, 1, 3}, Word: "grey", Sense: Minor, Says: codes.Text{EN: "doubtful", JA: "疑わしい"}},
	}},
}

const trendMicro = "https://servicecentral.trendmicro.com/en-us/ers/ip-lookup/"

// closed has the lists that answer no more, or answer everything. A receiver that still asks one has to remove it.
var closed = []List{
	{ID: "sorbs", Name: "SORBS", Page: "https://www.techzine.eu/news/security/120916/proofpoint-discontinues-anti-spam-service-sorbs/",
		Zones: []string{"sorbs.net"}, Closed: codes.Text{EN: "since 2024-06-05, its zones are empty", JA: "2024年6月5日。ゾーンは空です"}},
	{ID: "nixspam", Name: "NiX Spam", Page: "https://heise.de/-10248714", Zones: []string{"ix.dnsbl.manitu.net"},
		Closed: codes.Text{EN: "since 2025-01-16, its zone is empty", JA: "2025年1月16日。ゾーンは空です"}},
	{ID: "lashback", Name: "Lashback UBL", Zones: []string{"ubl.unsubscore.com"}, Closed: codes.Text{EN: "reported as gone", JA: "提供終了との報告"}},
	{ID: "ahbl", Name: "AHBL", Zones: []string{"ahbl.org"}, Closed: codes.Text{EN: "since 2015, it listed everything then", JA: "2015年。その後すべてを「登録あり」と回答"}},
	{ID: "njabl", Name: "NJABL", Zones: []string{"njabl.org"}, Closed: codes.Text{EN: "since 2013", JA: "2013年"}},
	{ID: "rfc_ignorant", Name: "RFC-Ignorant", Zones: []string{"rfc-ignorant.org"}, OfLinks: true, Closed: codes.Text{EN: "since 2012", JA: "2012年"}},
	{ID: "dsbl", Name: "DSBL", Zones: []string{"dsbl.org"}, Closed: codes.Text{EN: "since 2008, its servers are off", JA: "2008年。サーバーは停止"}},
	{ID: "ordb", Name: "ORDB", Zones: []string{"ordb.org"}, Closed: codes.Text{EN: "since 2006, it listed everything later", JA: "2006年。その後すべてを「登録あり」と回答"}},
	{ID: "abuseat", Name: "Abuseat CBL", Page: spamhausPage, Zones: []string{"cbl.abuseat.org"}, Closed: codes.Text{EN: "it became a part of Spamhaus XBL", JA: "Spamhaus XBL に統合"}},
	{ID: "csma", Name: "CSMA", Zones: []string{"bl.csma.biz", "sbl.csma.biz"}, Closed: codes.Text{EN: "long ago", JA: "かなり以前"}},
	{ID: "maps", Name: "MAPS (mail-abuse.org)", Page: trendMicro, Zones: []string{"mail-abuse.org"},
		Closed: codes.Text{EN: "it became a paid service of Trend Micro", JA: "Trend Micro の有料サービスに移行"}},
	{ID: "inps", Name: "inps.de", Zones: []string{"dnsbl.inps.de"}, Closed: codes.Text{EN: "it ended", JA: "提供終了"}},
	{ID: "spamcannibal", Name: "SpamCannibal", Zones: []string{"bl.spamcannibal.org"},
		Closed: codes.Text{EN: "it ended, and listed everything in 2018", JA: "提供終了。2018年にはすべてを「登録あり」と回答"}},
}
