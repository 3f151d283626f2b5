package report

import (
	"todoku/codes"
	"todoku/diag"
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
	wChecked
	wProblems
	wWarnings
	wUnknowns
	wCounts
	wCountsOne
	wAgain
	wAgainAfter
	wMore
	wUnknownHelp
	wUnknownSMTP
	wFailed
	wNothing
	wSeverity
	wRef
	wCodes
	wPass
	wNoSubject
	wIgnored
	wEnded
	wIgnoredCount
	wIgnoredWord
	wSince
	wMended
	wWhatIf
	wTurned
	wBecomes
	wDecide
	wNext
	wLookedAt
	wDoThis
	wThatMails
	wNotSent
	wCameBack
	wordCount
)

// dictionary holds every fixed text in both languages.
func dictionary() [wordCount]codes.Text {
	return [wordCount]codes.Text{
		wWhy:         {EN: "why", JA: "影響"},
		wFix:         {EN: "fix", JA: "対策"},
		wWho:         {EN: "who", JA: "担当"},
		wSeen:        {EN: "seen", JA: "指摘"},
		wLive:        {EN: "{who}; live after {ttl} s (TTL)", JA: "{who}(反映まで最大{ttl}秒)"},
		wChecked:     {EN: "checked: {n}", JA: "検査 {n}件"},
		wProblems:    {EN: "problems: {n}", JA: "問題 {n}件"},
		wWarnings:    {EN: "warnings: {n}", JA: "警告 {n}件"},
		wUnknowns:    {EN: "unknown: {n}", JA: "確認できず {n}件"},
		wCounts:      {EN: "{n} questions, {ms} ms", JA: "DNS問い合わせ{n}回、{ms}ミリ秒"},
		wCountsOne:   {EN: "1 question, {ms} ms", JA: "DNS問い合わせ1回、{ms}ミリ秒"},
		wAgain:       {EN: "next, after the change", JA: "次に(変更後)"},
		wAgainAfter:  {EN: "next, {ttl} s after the change", JA: "次に(変更の{ttl}秒後)"},
		wMore:        {EN: "and {n} more", JA: "ほか{n}件"},
		wUnknownHelp: {EN: "what could not be looked up says nothing about the domain: look again, or ask another server (--resolver)", JA: "確認できなかった項目については、ドメインに問題があるかどうかは、まだ判断できません。再実行するか、--resolver で別のサーバーに問い合わせてください"},
		wUnknownSMTP: {EN: "what could not be looked up says nothing about the domain: look again later, or from another network",
			JA: "確認できなかった項目については、ドメインに問題があるかどうかは、まだ判断できません。時間をおいて、または別のネットワークから再実行してください"},
		wFailed:   {EN: "could not look", JA: "確認できませんでした"},
		wNothing:  {EN: "nothing to tell", JA: "特に表示する内容はありません"},
		wSeverity: {EN: "severity", JA: "重大度"},
		wRef:      {EN: "source", JA: "根拠"},
		wCodes:    {EN: "codes", JA: "対象エラーコード"},
		wPass:     {EN: "nothing wrong found", JA: "問題は見つかりませんでした"},
		wSince: {EN: "since the baseline: new {new}, changed {changed}, mended {mended}; {same} known as before are not told",
			JA: "ベースラインとの比較: 新規{new}件、変化{changed}件、解消{mended}件(変わらない{same}件は省略)"},
		wMended: {EN: "mended: {rule} {subject}", JA: "解消: {rule} {subject}"},
		wWhatIf: {EN: "before → after: mended {mended}, new {new}, changed {changed}, same {same}, unknown {unknown}",
			JA: "変更前 → 変更後: 解消{mended}件、新規{new}件、変化{changed}件、変わらず{same}件、確認できず{unknown}件"},
		wTurned:       {EN: "{turn}: {rule} {subject}", JA: "{turn}: {rule} {subject}"},
		wDecide:       {EN: "To decide what is open, add", JA: "未確定の要因を判定するには、次を追加してください"},
		wNext:         {EN: "next:", JA: "次に:"},
		wBecomes:      {EN: "{check}: {before} → {after}", JA: "{check}: {before} → {after}"},
		wIgnored:      {EN: "ignored until {until}: {reason}", JA: "除外中({until} まで): {reason}"},
		wEnded:        {EN: "the exception of {rule} ended on {until}: {reason}", JA: "{rule} の除外は {until} で終了しました: {reason}"},
		wIgnoredCount: {EN: "ignored: {n}", JA: "除外 {n}件"},
		wIgnoredWord:  {EN: "IGNORED", JA: "除外"},
		wNoSubject:    {EN: "there was nothing to look at", JA: "確認する対象がありませんでした"},
		wLookedAt:     {EN: "Looked at", JA: "確認した結果"},
		wDoThis:       {EN: "Do this, in this order", JA: "対策(上から順に)"},
		wNotSent:      {EN: "nothing was sent (--dry-run)", JA: "送信していません(--dry-run)"},
		wCameBack:     {EN: "what came back:", JA: "返ってきた通知:"},
		wThatMails:    {EN: "A check that sends a mail is run only with --yes.", JA: "メールを送信する確認は、--yes を付けた場合のみ実行されます。"},
	}
}

// reasonName is a reason as people know it, with the id for explain. Japanese pages have no ids, which are English words:
// explain knows the Japanese titles too.
func reasonName(r codes.Reason, l codes.Lang) string {
	if l == codes.Japanese {
		return r.Title.JA
	}
	return r.Title.EN + " (" + r.ID + ")"
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

// severityText is the severity of a finding: one that only informs is no verdict.
func severityText(s diag.Severity) codes.Text {
	if s == diag.Info {
		return codes.Text{EN: "NOTE", JA: "参考"}
	}
	return statusText(s)
}

// resultText is the status of a check for people: where there was nothing to look at, nothing is in order.
func resultText(res diag.Result) codes.Text {
	if res.Status() == diag.Info && !res.Looked() {
		return codes.Same("–")
	}
	return statusText(res.Status())
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
	case resolve.KindLoop:
		return codes.Text{EN: "aliases (CNAME) lead in a circle", JA: "別名(CNAME)が循環しています"}
	case diag.KindBounded:
		return codes.Text{EN: "a bound of todoku was reached", JA: "todoku の上限に達しました"}
	case diag.KindUntold:
		return codes.Text{EN: "something needed was not told", JA: "必要な情報が指定されていません"}
	case kindInterrupted:
		return codes.Text{EN: "interrupted before the answer came", JA: "応答を受け取る前に中断されました"}
	case resolve.KindDescriptors:
		return codes.Text{EN: "this machine has no file descriptor or port left (ulimit -n)", JA: "この端末のファイルディスクリプターまたはポートが不足しています(ulimit -n)"}
	case resolve.KindUnrecorded:
		return codes.Text{EN: "the bundle does not have the answer: the recorded run did not ask for it", JA: "バンドルに記録がありません(元の実行では問い合わせていません)"}
	case resolve.KindName:
		return codes.Text{EN: "this is no name that can be asked for", JA: "問い合わせできない名前です"}
	}
	return codes.Text{EN: "something went wrong on our side", JA: "todoku の実行環境で問題が発生しました"}
}
