package ticket

// rule is a kind of ticket: the first that fits decides.
type rule struct {
	patterns []string
	cause    int
	ask      bool
	weak     bool // notices of servers have the words, too
	fits     func(words) bool
}

// rules are tried in this order: what people say of the place where it went wrong comes before the result of the sending,
// the result before the causes that they suspect, and last comes that nothing arrived.
var rules = []rule{
	{patterns: []string{"E"}, fits: func(w words) bool { return w.say(errorPage) }},
	{patterns: []string{"F"}, fits: func(w words) bool { return w.say(preparing) && !w.say(resultError) }},
	{patterns: []string{"C"}, fits: func(w words) bool { return w.say(cameBack) || w.say(turned) && w.isError() }},
	{patterns: []string{"D"}, fits: func(w words) bool { return w.isOK() && !w.say(resultError) }},
	{patterns: []string{"A"}, cause: 2, fits: func(w words) bool { return w.say(authentication) && !w.say(junkFolder) && !w.say(heldBack) }},
	{patterns: []string{"D"}, fits: func(w words) bool { return w.say(junkFolder) }},
	{patterns: []string{"D"}, weak: true, fits: func(w words) bool { return w.say(heldBack) }},
	{patterns: []string{"G"}, fits: func(w words) bool { return w.say(noDomain) }},
	{patterns: []string{"B"}, fits: func(w words) bool { return w.say(serverTrouble) }},
	{patterns: []string{"A"}, fits: func(w words) bool { return w.say(unknownUser) }},
	{patterns: []string{"A"}, cause: 2, fits: func(w words) bool { return w.say(refused) }},
	{patterns: []string{"E"}, weak: true, fits: func(w words) bool { return w.say(cannotSend) && !w.say(resultError) }},
	{patterns: []string{"D"}, fits: func(w words) bool { return w.say(junk) }},
	{patterns: []string{"A", "B", "C", "G"}, fits: func(w words) bool { return w.say(resultError) }},
	{patterns: []string{"A", "B", "C", "E", "G"}, fits: func(w words) bool { return w.say(anyError) }},
	{ask: true, fits: func(w words) bool { return w.say(notArrived) }},
	{patterns: []string{"G"}, weak: true, fits: func(w words) bool { return w.say(domain) }},
	{patterns: []string{"A", "G"}, weak: true, fits: func(w words) bool { return w.say(notThere) }},
}

// isOK reports whether the sending ended well.
func (w words) isOK() bool {
	return w.say(resultOK) && !w.say(wasOK) || w.deny(anyError) && w.say(notArrived)
}

// isError reports whether the sending is, or became, an error.
func (w words) isError() bool { return w.say(resultError) || w.say(anyError) }

// The words, in lower case. "…" stands for a few words between, "-" at the end for a denial: 「ない」「ません」「ず」.
var (
	errorPage = []string{"エラー画面", "エラーページ", "画面にエラー", "画面がエラー",
		"送信ボタン…エラー", "送信ウィザード…エラー", "送信ウィザード…進め-",
		"smtpの不具合", "smtpサーバーに接続", "smtpサーバに接続", "smtpエラーの画面",
		"送信操作…エラー", "送信時にエラー", "送信しようと…エラー", "送信すると…画面",
		"システムエラー…表示", "error page", "error screen", "page shows an error", "press send", "click send",
		"when submitting", "submitting fails",
		"submission fails"}
	preparing = []string{"準備中", "送信待ち", "順番待ち", "プログレスバー", "進捗バー",
		"送信中のまま", "配信中のまま", "処理中のまま", "進まない", "進みません", "進んでいない",
		"動かない", "送信が始まら-", "送信が開始され-", "配信が始まら-", "配信が開始され-",
		"送信が終わら-", "配信が終わら-", "送信が完了し-", "配信が完了し-", "滞留", "送信されないまま",
		"preparing", "stuck", "pending", "in the queue", "queued", "queue", "progress bar", "waiting to be sent", "does not start"}
	cameBack = []string{"エラーメール", "バウンス", "返ってき", "戻ってき", "返って来",
		"戻って来", "返ってくる", "戻ってくる", "戻ります", "返送され", "リターンメール", "配信不能通知",
		"不達通知", "未達通知", "配信失敗通知", "時間を置いてエラー", "時間をおいてエラー",
		"遅延エラー", "後からエラー", "あとからエラー", "のちにエラー", "後日エラー", "転送先",
		"転送に失敗", "返送メール", "戻りメール", "mailer-daemon", "mail delivery subsystem", "mail delivery system",
		"postmaster…から", "bounce", "came back", "comes back", "returned mail",
		"returned to", "undeliver",
		"delivery status notification", "delivery failure notice", "forwarding failed"}
	turned = []string{"変わ", "後から", "あとから", "その後", "翌日", "翌朝", "今朝",
		"しばらくして", "later", "afterwards", "turned", "changed to"}

	resultOK = []string{"結果…正常", "結果…成功", "結果…ok", "結果…送信済",
		"ステータス…正常", "ステータス…送信済", "ステータス…配信済", "ステータス…成功",
		"ステータス…完了",
		"履歴…正常", "画面…正常", "表示…正常", "「正常」", "\"正常\"", "正常と", "正常な", "正常で", "正常だ",
		"送信は正常", "配信は正常", "送信は成功", "配信は成功", "成功してい", "成功しました",
		"正常に送信", "正常に配信", "正常に完了", "正常終了", "すべて正常", "全て正常",
		"送信済みな", "送信済み」",
		"送信済みに", "送信に成功", "配信に成功", "送信できているの", "送信されているの",
		"送れているの", "配信済みな", "配信済みに", "配信完了", "送信完了", "250 ok",
		"result is ok", "result ok", "result: ok", "status ok", "status is ok", "status is sent", "status: sent",
		"shows as sent", "shows sent", "marked as sent",
		"marked as delivered", "sent successfully", "successfully sent", "delivered successfully", "successfully delivered",
		"says ok", "says delivered",
		"says sent", "is \"ok\"", "was sent ok", "sent without error", "sent fine"}
	wasOK = []string{"以前は", "これまで", "昨日まで", "先週まで", "先月まで", "いつもは",
		"普段は", "正常に送信でき", "正常に届かな", "正常に配信でき", "正常に受信でき",
		"until yesterday", "used to"}
	resultError = []string{"結果…エラー", "ステータス…エラー", "履歴…エラー", "「エラー」",
		"\"エラー\"", "エラーになりました", "エラーになります", "エラーになる", "エラーとな", "即時エラー",
		"result is error", "result…shows error", "result…says error", "status…says error", "result…an error",
		"result: error", "result error", "status error", "status is error", "ends in an error", "status: error",
		"result of the sending is an error"}
	anyError = []string{"エラー", "error", "failed", "failure", "送信失敗", "配信失敗", "送信に失敗",
		"配信に失敗", "失敗"}

	authentication = []string{"送信ドメイン認証", "spf", "dkim", "dmarc", "受信拒否の対策",
		"受信拒否対策", "受信拒否される場合", "なりすましと", "なりすましの疑い"}
	junkFolder = []string{"迷惑メールフォルダ", "迷惑フォルダ", "迷惑メールボックス",
		"迷惑メールのフォルダ", "迷惑メールに入", "迷惑メールに振り分", "迷惑メールに分類",
		"迷惑メール扱い",
		"迷惑メールとして振り分", "迷惑メールへ", "ゴミ箱", "プロモーションタブ", "指定受信",
		"受信許可", "受信リスト", "許可リスト", "なりすまし規制", "pcメール拒否", "pcメールを拒否",
		"urlリンク付き", "rfc違反", "受信設定", "迷惑メール設定", "junk",
		"spam folder", "spam box", "allow list", "promotions tab"}
	heldBack = []string{"検疫", "隔離", "quarantine"}
	noDomain = []string{"mxなし", "mxがな", "mxレコードがな", "ドメイン…存在し-",
		"ドメイン…見つから-", "ドメイン…失効", "ドメイン…期限", "ドメイン…間違",
		"ドメイン…誤", "ドメイン…ミス",
		"ドメイン…がありません", "ドメイン…不明", "宛先ドメイン", "ドメイン名が違",
		"名前解決", "dnsエラー", "dnsに接続", "dns接続", "ホストが見つから-", "no mx", "null mx",
		"nxdomain", "no such host", "no such domain",
		"host not found", "domain does not exist", "domain not found", "mistyped", "typo", "unknown host", "dns error",
		"アドレス間違い", "入力誤り", "入力ミス", "打ち間違"}
	serverTrouble = []string{"一時的", "一時拒否", "再送期限", "期限切れ", "サーバー…不具合",
		"サーバ…不具合", "サーバー…障害", "サーバ…障害", "サーバー…ダウン",
		"サーバ…ダウン", "サーバー…停止",
		"サーバ…停止", "サーバー…応答し-", "サーバ…応答し-", "応答しない", "応答がない",
		"応答がありません", "応答なし", "混雑", "つながらない", "つながりません",
		"繋がらない", "繋がりません",
		"接続できない", "接続できません", "接続エラー", "タイムアウト", "グレイリスト",
		"グレーリスト", "容量超過", "容量オーバー", "容量がいっぱい", "容量不足", "いっぱい", "満杯",
		"サイズ超過", "サイズオーバー", "サイズが大き", "受信できない状態", "処理できない",
		"try again", "temporar", "deferred", "server down", "server is down", "timeout", "timed out", "time out",
		"greylist", "graylist", "not responding", "does not answer", "mailbox full", "mailbox is full", "over quota",
		"too large", "server in trouble", "connection refused"}
	unknownUser = []string{"宛先不明", "アドレスが存在し-", "アドレスは存在し-",
		"ユーザーが存在し-", "ユーザが存在し-", "宛先が存在し-", "宛先アドレスの誤り",
		"アドレスの誤り", "アドレスが間違", "アドレスが誤",
		"アドレスが違", "アドレスが無効", "退職", "解約", "メールボックスが利用でき",
		"user unknown", "unknown user", "no such user", "address is wrong", "address wrong",
		"wrong address", "does not exist"}
	refused = []string{"受信拒否", "拒否", "ブロックされ", "ブロックして", "ブラックリスト",
		"ブロックリスト", "弾かれ", "はじかれ", "短時間の大量", "大量送信", "大量配信", "refused",
		"rejected", "blocked",
		"blocklist", "blacklist", "denied"}
	cannotSend = []string{"送信できない", "送信できません", "送信出来ない", "送信出来ません",
		"送信ができない", "送信ができません", "送れない", "送れません", "配信できない", "配信できません",
		"送信エラー", "システムエラー", "通信エラー", "cannot send", "can't send", "can not send",
		"unable to send", "submit", "submission"}
	junk       = []string{"迷惑メール", "迷惑メイル", "スパム", "spam"}
	notArrived = []string{"届かな", "届きませ", "届いてな", "届いていな", "届いてませ",
		"届いていませ", "届いておりませ", "届いておら", "届かず", "とどかな", "とどきませ",
		"とどいてな", "とどいていな",
		"届けられ", "不達", "未達", "未着", "着信しな", "着信していな", "受信できな",
		"受信できませ", "受信できていな", "受信できていませ", "受信していな",
		"受信していませ", "受け取れな", "受け取れませ", "受け取っていな",
		"受け取っていませ", "到着しな", "到着していな", "到着していませ", "来ない",
		"来ていない", "来ていません", "来ません", "きていない", "きていません", "きません",
		"着いていな", "着いていませ", "着かない", "着きませ",
		"見当たら-", "メールが見つから-", "nothing arriv", "not arriv", "never arriv",
		"n't arriv", "not received", "not been received", "n't been received", "never received", "not receive", "n't receive",
		"did not get", "didn't get", "not get our", "never got", "not getting", "missing",
		"not deliver", "did not come", "not reach", "never reach", "n't reach", "undelivered"}
	domain   = []string{"ドメイン", "domain", "mx"}
	notThere = []string{"存在しな", "存在しま", "見つかりません"}
)
