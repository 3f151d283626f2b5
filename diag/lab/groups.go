package lab

import "todoku/codes"

// Group is a group of scenarios.
type Group struct {
	ID    string
	Title codes.Text
}

// ScenarioGroups are the groups of all scenarios, in the order in which these are listed.
func ScenarioGroups() []Group {
	return []Group{
		{"healthy", codes.Text{EN: "nothing wrong", JA: "正しい設定"}},
		{"spf", codes.Text{EN: "SPF of the sender", JA: "送信元のSPF"}},
		{"dkim", codes.Text{EN: "DKIM of the sender", JA: "送信元のDKIM"}},
		{"dmarc", codes.Text{EN: "DMARC of the sender", JA: "送信元のDMARC"}},
		{"mx", codes.Text{EN: "MX records and reverse DNS", JA: "MXレコードと逆引き"}},
		{"lists", codes.Text{EN: "lists of addresses and domains", JA: "ブロックリスト"}},
		{"dane", codes.Text{EN: "DANE of the receiving side", JA: "受信側のDANE"}},
		{"bimi", codes.Text{EN: "logo of the sender (BIMI)", JA: "送信元のロゴ(BIMI)"}},
		{"transport", codes.Text{EN: "MTA-STS and TLS-RPT of the receiving side", JA: "受信側のMTA-STSとTLS-RPT"}},
		{"dns", codes.Text{EN: "DNS that does not answer", JA: "応答しないDNS"}},
		{"ns", codes.Text{EN: "name servers of the zone", JA: "ゾーンのネームサーバー"}},
		{"accepted", codes.Text{EN: "sending: mail that is taken", JA: "送信: 受け取られるメール"}},
		{"unreachable", codes.Text{EN: "sending: nobody to give it to", JA: "送信: 接続できない宛先"}},
		{"temporary", codes.Text{EN: "sending: later, please (4xx)", JA: "送信: 一時的なエラー(4xx)"}},
		{"permanent", codes.Text{EN: "sending: no (5xx)", JA: "送信: 恒久的なエラー(5xx)"}},
		{"policy", codes.Text{EN: "sending: refused by policy, as junk, or by a list", JA: "送信: ポリシー・迷惑メール判定・ブロックリストによる拒否"}},
		{"providers", codes.Text{EN: "sending: replies of large providers", JA: "送信: 主な事業者の応答"}},
		{"tls", codes.Text{EN: "sending: TLS", JA: "送信: TLS"}},
		{"relay", codes.Text{EN: "sending: through a relay", JA: "送信: 中継サーバー経由"}},
		{"strange", codes.Text{EN: "sending: servers that break the rules", JA: "送信: 規格に従わないサーバー"}},
		{"campaign", codes.Text{EN: "campaigns that check campaign looks at", JA: "キャンペーンの検査"}},
		{"message", codes.Text{EN: "mails to judge", JA: "検査用のメール"}},
		{"diagnose", codes.Text{EN: "causes that diagnose confirms, excludes or leaves open", JA: "診断: 要因の確定・除外・未確定"}},
	}
}
