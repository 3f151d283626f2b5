package report

import (
	"strings"

	"todoku/codes"
)

// Blanks is the text of a rule without a case: the places that data fills are shown by their names, {lookups} as ‹lookups› or,
// in Japanese, as ‹回数›.
func Blanks(t codes.Text, l codes.Lang) string {
	var pairs []string
	if l == codes.Japanese {
		for name, ja := range blankNames() {
			pairs = append(pairs, "{"+name+"}", "‹"+ja+"›")
		}
	}
	return strings.NewReplacer(append(pairs, "{", "‹", "}", "›")...).Replace(t.In(l))
}

// blankNames are the Japanese names of what data gives to the texts of rules.
func blankNames() map[string]string {
	return map[string]string{
		"after": "次のサーバー", "before": "前のサーバー", "instance": "番号", // of ARC
		"mails": "通数", "receivers": "受信側", "span": "期間", "was": "変更前の結果", // of sent mails
		"added": "補われる名前", "address": "IPアドレス", "addresses": "IPアドレス", "alias": "別名の先",
		"applied": "適用されるポリシー", "bits": "ビット数", "count": "件数", "destination": "レポート先",
		"dkim": "DKIMの結果", "domain": "ドメイン", "domains": "ドメイン", "expected": "正しい形", "family": "IPv4・IPv6",
		"fault": "誤り", "found": "件数", "from": "From",
		"further": "ほかの誤り", "greeting": "応答", "host": "ホスト", "hosts": "ホスト",
		"include": "include", "includes": "個数", "ip": "IPアドレス", "length": "バイト数",
		"life": "有効期間", "limit": "上限", "lookups": "回数",
		"meant": "意図した名前", "mechanism": "項目", "name": "名前", "names": "名前", "near": "正しいドメイン",
		"note":   "補足",
		"offset": "位置", "org": "組織ドメイン", "place": "現在の場所", "policy": "ポリシー", "preference": "優先度",
		"probed": "件数", "problem": "理由", "psl_org": "組織ドメイン", "psl_policy": "ポリシー", "psl_record": "レコード",
		"record": "レコード", "records": "件数", "reply": "応答", "result": "結果", "shown": "該当する部分",
		"spf": "SPFの結果", "status": "状態", "tag": "タグ", "tags": "タグ", "target": "参照先", "term": "項目",
		"terms": "項目", "text": "該当する部分", "to": "宛先", "type": "種類", "uri": "宛先", "uris": "宛先",
		"version": "バージョン", "weaker": "ポリシー",
		"alike": "一致率", "all": "総数", "by": "受信側サーバー", "days": "日数", "field": "ヘッダー名",
		"fields": "フィールド数", "file": "ファイル名",
		"hops": "サーバー数", "hours": "時間", "html": "文字数", "inside": "中のファイル", "kilobytes": "サイズ",
		"letters": "文字数", "line": "行番号",
		"lone": "件数", "megabytes": "サイズ", "minutes": "分", "octets": "バイト数", "part": "パート番号",
		"plain": "文字数", "real": "実際の文字コード",
		"seconds": "秒数", "shows": "表示", "url": "URL", "value": "値", "what": "内容",
		"computed": "本文のハッシュ", "expires": "有効期限", "n": "件数", "ours": "現在の結果",
		"author": "変更元", "forwarder": "転送サーバー", "where": "場所", "todo": "対処",
		"reason": "理由", "selector": "セレクター", "server": "サーバー", "signed": "署名の値",
		"list": "リスト", "meaning": "登録の内容", "page": "申請先", "used": "使っている受信側", "zone": "ゾーン",
		"mode": "モード", "patterns": "mx", // of MTA-STS
		"behind": "ネームサーバー", "delegation": "ネームサーバー", "networks": "ネットワーク", // of name servers
		"own": "実際の値", "parent": "上位ゾーン",
		"serial": "シリアル番号", "time": "時間", "versions": "ゾーンの版",
		"scanner": "フィルター", "score": "点数", "theirs": "記録された結果", "unsigned": "バイト数",
	}
}
