package mcp

import "todoku/codes"

func reports() tool {
	return tool{name: "reports", command: codes.Todoku("reports"), asks: true,
		title: codes.Text{EN: "DMARC and TLS reports: whose mail fails, and what a policy would cost",
			JA: "DMARC・TLSレポートから、失敗する送信元とポリシーの影響を調べる"},
		says: codes.Text{
			EN: "Reads the text of a report that a receiver sent about the mail of a domain (DMARC aggregate XML, TLS-RPT JSON), or mails and mailboxes (mbox) with such reports. Groups the sources by who runs them, looks them up in DNS, and says of each whether it is ours, a forwarder, a forger or unknown, and why. With what_if it says what mail a stricter DMARC policy would cost, what to mend first, and how sure that is.",
			JA: "ドメインのメールについて受信側から届いたレポート(DMARC集計レポートのXML、TLSレポートのJSON)、またはそれを含むメールやmboxの内容を読み取ります。送信元を運営者ごとにまとめてDNSで調べ、自社・転送・なりすまし・不明に分けて理由を示します。what_if を指定すると、DMARCポリシーを厳しくした場合に失われるメール、先に直すべき点、判断の確かさを示します。"},
		fields: []field{
			{name: "text", kind: text, limit: maxLog, required: true, says: codes.Text{
				EN: "the report or the mails themselves, not the name of a file",
				JA: "レポートまたはメールの内容(ファイル名ではありません)"}},
			{name: "what_if", flag: "--what-if", place: codes.PlaceReply, says: codes.Text{
				EN: "a policy that is only meant: p=reject, or p=quarantine,sp=reject,adkim=s",
				JA: "検討中のポリシー(p=reject、p=quarantine,sp=reject,adkim=s など)"}},
			{name: "domain", flag: "--domain", place: codes.PlaceDomain, says: codes.Text{
				EN: "only reports about this domain, or below it", JA: "このドメインとその配下についてのレポートに限ります"}},
			{name: "since", flag: "--since", place: codes.PlaceReply, says: codes.Text{
				EN: "only reports of the time from then on: 30d, 2026-01-31", JA: "この日時以降のレポートに限ります(30d、2026-01-31)"}},
			{name: "until", flag: "--until", place: codes.PlaceReply, says: codes.Text{
				EN: "only reports of the time before then", JA: "この日時より前のレポートに限ります"}},
			{name: "no_dns", kind: on, flag: "--no-dns", says: codes.Text{
				EN: "do not look the sources up in DNS", JA: "送信元をDNSで調べません"}},
			lang(),
		}}
}
