package report

import (
	"todoku/codes"
	"todoku/diag"
	"todoku/diag/guide/explain"
)

// label names a fixed word of explanations.
type label uint8

const (
	lMeaning label = iota
	lReply
	lServer
	lRecipient
	lNotYet
	lMissing
	lReason
	lReasons
	lClass
	lFlag
	lCode
	lNature
	lAction
	lPause
	lProvider
	lBlocklist
	lWhen
	lOnly
	lSource
	lSee
	lNames
	lHosts
	lExample
	lWho
	lReach
	lDue
	lCheck
	lCountermeasures
	lSteps
	lAsAbove
	lNow
	lCauses
	lGuide
	lAgainst
	lSeveral
	lFailures
	lTold
	lPlaces
	lRevalidate
	lListClosed
	lDomains
	lDemands
	lRefuses
	lRefusedMail
	lSettings
	lLimits
	lChanges
	lTools
	lContact
	lReplies
	lOwnDomain
	labelCount
)

func labels() [labelCount]codes.Text {
	return [labelCount]codes.Text{
		lMeaning:         {EN: "meaning", JA: "意味"},
		lReply:           {EN: "reply", JA: "応答"},
		lServer:          {EN: "server", JA: "サーバー"},
		lRecipient:       {EN: "recipient", JA: "宛先"},
		lNotYet:          {EN: "none yet: the sending server goes on trying", JA: "まだありません(送信側のサーバーが再送を続けています)"},
		lMissing:         {EN: "Delivered but not seen", JA: "正常なのに届いていない場合"},
		lReason:          {EN: "reason", JA: "理由"},
		lReasons:         {EN: "reasons", JA: "考えられる理由"},
		lClass:           {EN: "class", JA: "分類"},
		lFlag:            {EN: "validity", JA: "有効フラグ"},
		lCode:            {EN: "code", JA: "配信コード"},
		lNature:          {EN: "nature", JA: "種別"},
		lAction:          {EN: "to do", JA: "対応"},
		lPause:           {EN: "pause", JA: "待ち時間"},
		lProvider:        {EN: "provider", JA: "事業者"},
		lBlocklist:       {EN: "blocklist", JA: "ブロックリスト"},
		lWhen:            {EN: "or rather", JA: "別の可能性"},
		lOnly:            {EN: "when", JA: "条件"},
		lSource:          {EN: "source", JA: "根拠"},
		lSee:             {EN: "see also", JA: "関連"},
		lNames:           {EN: "also called", JA: "別名"},
		lHosts:           {EN: "hosts", JA: "ホスト"},
		lExample:         {EN: "example", JA: "例"},
		lWho:             {EN: "who", JA: "担当"},
		lReach:           {EN: "reach", JA: "連絡先"},
		lDue:             {EN: "due", JA: "時期"},
		lCheck:           {EN: "check", JA: "確認"},
		lCountermeasures: {EN: "Countermeasures, in this order", JA: "対策(上から順に)"},
		lSteps:           {EN: "What to do, in this order", JA: "解決方法(上から順に)"},
		lAsAbove:         {EN: "What to do: as above.", JA: "解決方法は上と同じです。"},
		lNow:             {EN: "Find the cause now", JA: "いま原因を調べる"},
		lCauses:          {EN: "{n} possible causes, the most likely first", JA: "考えられる原因が{n}つあります(可能性の高い順)"},
		lAgainst:         {EN: "for", JA: "対象"},
		lGuide:           {EN: "step by step", JA: "順に進める"},
		lSeveral:         {EN: "\"{input}\" can be read in {n} ways, the most likely first", JA: "「{input}」は{n}通りに読めます(可能性の高い順)"},
		lFailures:        {EN: "{failures} failures in this text, of {n} kinds", JA: "このテキストには{failures}件のエラーがあります({n}種類)"},
		lTold:            {EN: "\"{input}\" is about {n} things that are known here", JA: "「{input}」に関係する{n}件を説明します"},
		lPlaces:          {EN: "Put in", JA: "置き換え"},
		lRevalidate:      {EN: "mark as valid again: {command}", JA: "有効に戻す: {command}"},
		lDomains:         {EN: "addresses", JA: "ドメイン"},
		lDemands:         {EN: "demands", JA: "要件"},
		lRefuses:         {EN: "refuses", JA: "拒否の応答"},
		lRefusedMail:     {EN: "unwanted mail", JA: "拒否後の扱い"},
		lSettings:        {EN: "settings", JA: "受信者の設定"},
		lLimits:          {EN: "limits", JA: "制限"},
		lChanges:         {EN: "changes", JA: "変更点"},
		lTools:           {EN: "tools", JA: "ツール"},
		lContact:         {EN: "contact", JA: "窓口"},
		lReplies:         {EN: "replies", JA: "応答の例"},
		lOwnDomain:       {EN: "Check your own domain", JA: "送信者ドメインを検査する"},
		lListClosed:      {EN: "this list answers no more: the receiver must remove it", JA: "このリストは終了しています。受信側で設定から外す必要があります"},
	}
}

// readingText says as what something was read.
func readingText(k explain.Kind) codes.Text {
	return map[explain.Kind]codes.Text{
		explain.KindDelivery:  {EN: "delivery code", JA: "メール配信コード"},
		explain.KindReplyCode: {EN: "SMTP reply code", JA: "SMTP応答コード"},
		explain.KindEnhanced:  {EN: "enhanced status code", JA: "拡張ステータスコード"},
		explain.KindReply:     {EN: "reply of a server", JA: "サーバーの応答"},
		explain.KindRule:      {EN: "rule of a check", JA: "検査のルール"},
		explain.KindReason:    {EN: "reason", JA: "理由"},
		explain.KindClass:     {EN: "class of reasons", JA: "理由の分類"},
		explain.KindPattern:   {EN: "pattern of the guide", JA: "事象のパターン"},
		explain.KindWording:   {EN: "known wording", JA: "既知の文言"},
		explain.KindProvider:  {EN: "provider", JA: "事業者"},
		explain.KindBlocklist: {EN: "blocklist", JA: "ブロックリスト"},
		explain.KindRemedy:    {EN: "remedy", JA: "解決方法"},
		explain.KindTerm:      {EN: "word of the field", JA: "用語"},
	}[k]
}

// certaintyText says what a statement rests on. The platform's own codes are in
// its manual.
func certaintyText(c codes.Certainty, k explain.Kind) codes.Text {
	switch {
	case k == explain.KindReason || k == explain.KindClass || k == explain.KindRemedy || k == explain.KindTerm: // our own order of things
		return codes.Text{}
	case c == codes.Documented && (k == explain.KindDelivery || k == explain.KindPattern):
		return codes.Text{EN: "in the manual", JA: "マニュアルに記載"}
	case c == codes.Documented:
		return codes.Text{EN: "documented", JA: "文書に記載"}
	case c == codes.Inferred:
		return codes.Text{EN: "inferred", JA: "推定"}
	case c == codes.Observed:
		return codes.Text{EN: "seen in replies", JA: "実際の応答で確認"}
	case c == codes.General:
		return codes.Text{EN: "common knowledge", JA: "一般的な知見"}
	case c == codes.Unconfirmed:
		return codes.Text{EN: "unconfirmed", JA: "未確認"}
	}
	return codes.Text{}
}

// disablesText says what one error does to the validity of an address.
func disablesText(d codes.Disables) codes.Text {
	switch d {
	case codes.DisablesAtOnce:
		return codes.Text{EN: "one error makes the address invalid: a resend would meet the same answer", JA: "1回のエラーで無効になります(再送しても同じ結果になるため)"}
	case codes.DisablesCounts:
		return codes.Text{EN: "counts as an error: three in a row make the address invalid", JA: "エラー1回と数えます(3回連続で無効になります)"}
	case codes.DisablesNever:
		return codes.Text{EN: "stays valid", JA: "有効のままです"}
	}
	return codes.Text{}
}

// natureText says whether sending again makes sense.
func natureText(v codes.Verdict) codes.Text {
	switch {
	case v.WorthLater():
		return codes.Text{EN: "permanent: sending again at once will not help; try again after some time", JA: "恒久的なエラー(すぐに再送しても届きません。時間をおいて再送してください)"}
	case v.Permanent == codes.Yes:
		return codes.Text{EN: "permanent: sending the same again will not help", JA: "恒久的なエラー(そのまま再送しても届きません)"}
	case v.Permanent == codes.No:
		return codes.Text{EN: "temporary: a resend may pass", JA: "一時的なエラー(再送で届く可能性があります)"}
	}
	return codes.Text{EN: "permanent (5xx) or temporary (4xx), as the reply says", JA: "応答コードによります(5xxは恒久的、4xxは一時的)"}
}

func actionText(a codes.Action) codes.Text {
	return map[codes.Action]codes.Text{
		codes.ActionNone:             {EN: "nothing", JA: "不要です"},
		codes.ActionCorrectAddress:   {EN: "correct the address", JA: "宛先アドレスを修正します"},
		codes.ActionWait:             {EN: "wait and resend", JA: "時間をおいて再送します"},
		codes.ActionSlowDown:         {EN: "send more slowly", JA: "送信ペースを落とします"},
		codes.ActionFixDNS:           {EN: "fix DNS", JA: "DNSの設定を修正します"},
		codes.ActionFixSender:        {EN: "fix the sending system", JA: "送信側のシステムを修正します"},
		codes.ActionChangeMessage:    {EN: "change the message", JA: "メールの内容を見直します"},
		codes.ActionContactRecipient: {EN: "contact the recipient by other means", JA: "別の手段で受信者に連絡します"},
		codes.ActionContactAdmin:     {EN: "contact the recipient's mail administrator", JA: "宛先の情報システム部門に問い合わせます"},
		codes.ActionContactList:      {EN: "contact the owner of the list", JA: "リストの運営者・管理者に連絡します"},
	}[a]
}

func urgencyText(u codes.Urgency) codes.Text {
	return map[codes.Urgency]codes.Text{
		codes.UrgencyNow:   {EN: "before anything is sent again", JA: "再送する前"},
		codes.UrgencySoon:  {EN: "within days", JA: "数日以内"},
		codes.UrgencyLater: {EN: "when the steps before it did not help", JA: "前の手順で解決しない場合"},
	}[u]
}

// place is a word in capitals that a command leaves open.
type place struct {
	word string
	codes.Text
}

func places() []place {
	return []place{
		{"ADDR", codes.Text{EN: "recipient's address", JA: "宛先E-mailアドレス"}},
		{"MAILBOX", codes.Text{EN: "your own address, for a test", JA: "試験送信に使うご自身のアドレス"}},
		{"INBOX", codes.Text{EN: "where that mail is read (imaps://HOST)", JA: "そのメールを読むメールボックス(imaps://ホスト名)"}},
		{"SENDER", codes.Text{EN: "sender's address", JA: "送信者E-mailアドレス"}},
		{"DOMAIN", codes.Text{EN: "sender's domain", JA: "送信者ドメイン"}},
		{"IP", codes.Text{EN: "sending address", JA: "送信元IPアドレス"}},
		{"CODE", codes.Text{EN: "delivery code", JA: "メール配信コード"}},
		{"REPLY", codes.Text{EN: "the reply in quotes", JA: "応答の全文(引用符で囲む)"}},
		{"HOST", codes.Text{EN: "your mail server", JA: "送信サーバー"}},
		{"HELO", codes.Text{EN: "name of your server in EHLO", JA: "EHLOで名乗るホスト名"}},
		{"RESOLVER", codes.Text{EN: "another DNS server", JA: "別のDNSサーバー"}},
		{"FILE", codes.Text{EN: "the mail or bounce", JA: "メールまたはエラーメールのファイル"}},
		{"ID", codes.Text{EN: "the sending's id", JA: "送信ID"}},
		{"TIME", codes.Text{EN: "date and time of the sending", JA: "メールを送信した日時"}},
	}
}

// NoteText is what stands beside an entry of a list, in words where it is a name of ours.
func NoteText(e explain.Entry) codes.Text {
	switch e.Kind {
	case explain.KindDelivery:
		return certaintyText(codes.Certainty(e.Note), e.Kind)
	case explain.KindRemedy:
		return remedyOwner(codes.Owner(e.Note))
	}
	return codes.Same(e.Note)
}

// SeverityText is how bad a finding of a rule is.
func SeverityText(s diag.Status) codes.Text {
	switch s {
	case diag.Fail:
		return codes.Text{EN: "fail", JA: "問題"}
	case diag.Warn:
		return codes.Text{EN: "warn", JA: "注意"}
	}
	return codes.Text{EN: s.String(), JA: "情報"}
}
