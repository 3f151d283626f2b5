package report

import (
	"todoku/codes"
	"todoku/diag"
	"todoku/diag/check"
	"todoku/diag/resolve"
)

// word names one of the fixed texts of reports. Everything else that people
// read comes from rules and data.
type word uint8

const (
	wWhy word = iota
	wFix
	wWho
	wSeen
	wLive
	wProblems
	wWarnings
	wUnknowns
	wCounts
	wNext
	wFound
	wRevoked
	wTesting
	wNullMX
	wImplicit
	wNoRecord
	wLookups
	wRunning
	wCheaper
	wCheaperStep
	wMore
	wNoAddress
	wNoName
	wUnconfirmed
	wAligned
	wUnaligned
	wApplied
	wFrom
	wBy
	wUnknownHelp
	wFailed
	wSeverity
	wRef
	wCodes
	wPass
	wBits
	wNoSelector
	wProvider
	wServices
	wordCount
)

// dictionary holds every fixed text in both languages.
func dictionary() [wordCount]codes.Text {
	return [wordCount]codes.Text{
		wWhy:         {EN: "why", JA: "理由"},
		wFix:         {EN: "fix", JA: "対策"},
		wWho:         {EN: "who", JA: "担当"},
		wSeen:        {EN: "seen", JA: "確認"},
		wLive:        {EN: "{who}; live after {ttl} s (TTL)", JA: "{who}(反映まで最大{ttl}秒)"},
		wProblems:    {EN: "problems: {n}", JA: "問題 {n}件"},
		wWarnings:    {EN: "warnings: {n}", JA: "警告 {n}件"},
		wUnknowns:    {EN: "unknown: {n}", JA: "確認できず {n}件"},
		wCounts:      {EN: "{n} questions, {ms} ms", JA: "問い合わせ{n}件、{ms}ミリ秒"},
		wNext:        {EN: "next", JA: "次に"},
		wFound:       {EN: "found {n} of {m} selectors probed; others may exist", JA: "試した{m}個のセレクターのうち{n}個で鍵を確認しました(ほかにもある可能性があります)"},
		wRevoked:     {EN: "revoked", JA: "失効"},
		wTesting:     {EN: "testing", JA: "テスト中"},
		wNullMX:      {EN: "null MX: takes no mail", JA: "null MX: メールを受信しません"},
		wImplicit:    {EN: "no MX record: the domain's own address", JA: "MXレコードなし: ドメイン自身のアドレス"},
		wNoRecord:    {EN: "no record", JA: "レコードなし"},
		wLookups:     {EN: "DNS look-ups: {n} (limit {limit})", JA: "DNS参照 {n}回(上限{limit}回)"},
		wRunning:     {EN: "running total", JA: "累計"},
		wCheaper:     {EN: "cheaper, step by step", JA: "参照回数を減らす手順"},
		wCheaperStep: {EN: "{action} {term}: saves {n}", JA: "{term} を{action}: {n}回減ります"},
		wMore:        {EN: "and {n} more", JA: "ほか{n}件"},
		wNoAddress:   {EN: "no address to look at; give the sending ones with --ip ADDR", JA: "確認するアドレスがありません。送信元アドレスは --ip ADDR で指定してください"},
		wNoName:      {EN: "no name", JA: "逆引きなし"},
		wUnconfirmed: {EN: "does not point back", JA: "正引きが一致しません"},
		wAligned:     {EN: "aligned", JA: "一致"},
		wUnaligned:   {EN: "not aligned", JA: "不一致"},
		wApplied:     {EN: "policy that applies: {policy}", JA: "適用されるポリシー: {policy}"},
		wFrom:        {EN: "record of {domain}", JA: "{domain} のレコード"},
		wBy:          {EN: "{result} by {mechanism} of {domain}", JA: "{result}({domain} の {mechanism})"},
		wUnknownHelp: {EN: "what could not be looked up says nothing about the domain: look again, or ask another server (--resolver)", JA: "確認できなかった項目については、ドメインの良し悪しはまだ分かりません。再実行するか、--resolver で別のサーバーに問い合わせてください"},
		wFailed:      {EN: "could not look", JA: "確認できませんでした"},
		wSeverity:    {EN: "severity", JA: "重大度"},
		wRef:         {EN: "source", JA: "根拠"},
		wCodes:       {EN: "codes", JA: "対象エラーコード"},
		wPass:        {EN: "nothing wrong found", JA: "問題は見つかりませんでした"},
		wBits:        {EN: "{n} bits", JA: "{n}ビット"},
		wNoSelector:  {EN: "looking for a key needs its selector: --selector NAME", JA: "鍵のセレクターが分かる場合は --selector NAME で指定してください"},
		wServices:    {EN: "services that send: {names}", JA: "送信サービス: {names}"},
		wProvider:    {EN: "run by {name}", JA: "運用: {name}"},
	}
}

// statusText is a status as a verdict.
func statusText(s diag.Status) codes.Text {
	switch s {
	case diag.Fail:
		return codes.Text{EN: "FAIL", JA: "問題あり"}
	case diag.Unknown:
		return codes.Text{EN: "UNKNOWN", JA: "確認できず"}
	case diag.Warn:
		return codes.Text{EN: "WARN", JA: "注意"}
	case diag.Info:
		return codes.Text{EN: "OK", JA: "問題なし"}
	}
	return codes.Text{EN: "OK", JA: "問題なし"}
}

// kindText says why a question stayed without an answer.
func kindText(k resolve.Kind) codes.Text {
	switch k {
	case resolve.KindServFail:
		return codes.Text{EN: "the DNS server could not find out (SERVFAIL)", JA: "DNSサーバーが回答を得られませんでした(SERVFAIL)"}
	case resolve.KindRefused:
		return codes.Text{EN: "the DNS server refused to answer (REFUSED)", JA: "DNSサーバーが回答を拒否しました(REFUSED)"}
	case resolve.KindRcode:
		return codes.Text{EN: "the DNS server answered with an error", JA: "DNSサーバーがエラーを返しました"}
	case resolve.KindTimeout:
		return codes.Text{EN: "no answer within the time limit", JA: "制限時間内に応答がありませんでした"}
	case resolve.KindNetwork:
		return codes.Text{EN: "the DNS server cannot be reached", JA: "DNSサーバーに接続できません"}
	case resolve.KindMangled:
		return codes.Text{EN: "what came was no answer to the question", JA: "質問に対応しない応答が返りました"}
	case check.KindUnreachable:
		return codes.Text{EN: "the mail server cannot be reached", JA: "メールサーバーに接続できません"}
	case check.KindSilent:
		return codes.Text{EN: "the mail server does not answer in time", JA: "メールサーバーから時間内に応答がありません"}
	case check.KindTurnedAway:
		return codes.Text{EN: "the server refuses us, which says nothing about mail from others", JA: "サーバーが確認元を拒否しました(ほかの送信元からの受信可否は分かりません)"}
	case check.KindBrokenOff:
		return codes.Text{EN: "the mail server breaks off, or what it says is no answer to this; that may be about us", JA: "メールサーバーが切断したか、この場面では意味をなさない応答を返しました(確認元が原因の可能性もあります)"}
	case check.KindOffline:
		return codes.Text{EN: "no server was asked: nothing touches the network with --offline", JA: "--offline のため、サーバーへの確認はしていません"}
	case resolve.KindLoop:
		return codes.Text{EN: "aliases (CNAME) lead in a circle", JA: "別名(CNAME)が循環しています"}
	case diag.KindBounded:
		return codes.Text{EN: "a bound of todoku was reached", JA: "todoku の上限に達しました"}
	case kindInterrupted:
		return codes.Text{EN: "interrupted before the answer came", JA: "応答を受け取る前に中断されました"}
	case resolve.KindDescriptors:
		return codes.Text{EN: "this machine has no file descriptor or port left (ulimit -n)", JA: "この端末のファイルディスクリプターまたはポートが不足しています(ulimit -n)"}
	case resolve.KindName:
		return codes.Text{EN: "this is no name that can be asked for", JA: "問い合わせできない名前です"}
	}
	return codes.Text{EN: "something went wrong on our side", JA: "こちら側で問題が発生しました"}
}

// actionText says what a step does to an SPF record.
func actionText(action string) codes.Text {
	switch action {
	case "merge":
		return codes.Text{EN: "merge", JA: "統合"}
	case "flatten":
		return codes.Text{EN: "flatten", JA: "IPアドレスに展開"}
	}
	return codes.Text{EN: "drop", JA: "削除"}
}
