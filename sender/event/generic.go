package event

// generic is a table that names its columns in plain English or Japanese, whoever made it.
func generic() *service {
	names := map[field][]string{
		fieldKind: {"event", "event_type", "status", "delivery_status", "result", "action", "state", "outcome",
			"イベント", "イベント種別",
			"ステータス", "配信ステータス", "配信状況", "送信ステータス", "状態", "配信状態",
			"結果", "配信結果", "送信結果", "処理結果", "種別"},
		fieldTime: {"timestamp", "event_time", "date", "time", "datetime", "date_time", "occurred_at", "created_at",
			"created", "sent_at", "bounced_at",
			"日時", "発生日時", "イベント日時", "送信日時", "配信日時", "エラー日時",
			"バウンス日時", "受信日時", "更新日時", "日付", "時刻"},
		fieldRecipient: {"recipient", "recipient_email", "recipient_address", "email", "email_address", "to", "to_address",
			"rcpt", "rcpt_to", "address",
			"mail_to", "宛先", "宛先アドレス", "宛先メールアドレス", "送信先", "送信先アドレス",
			"送信先メールアドレス", "受信者", "受信者アドレス", "メールアドレス"},
		fieldFrom: {"from", "from_address", "sender", "sender_address", "mail_from", "差出人", "送信者",
			"送信元", "送信元アドレス", "差出人アドレス"},
		fieldSubject:   {"subject", "件名", "タイトル"},
		fieldMessageID: {"message_id", "メッセージid"},
		fieldDiagnostic: {"reason", "bounce_reason", "error_message", "smtp_response", "response", "diagnostic_code",
			"diagnostic", "error", "message",
			"description", "details", "エラー理由", "エラー内容", "エラーメッセージ", "エラー詳細",
			"理由", "バウンス理由", "失敗理由", "応答", "応答メッセージ",
			"smtp応答", "詳細", "備考"},
		fieldStatus: {"dsn", "dsn_status", "enhanced_code", "enhanced_status_code", "smtp_status", "拡張ステータスコード"},
		fieldCode: {"code", "smtp_code", "error_code", "status_code", "reply_code", "response_code", "エラーコード",
			"応答コード", "ステータスコード"},
		fieldCategory: {"category", "bounce_type", "bounce_category", "classification", "エラー種別", "エラー分類",
			"バウンス種別", "分類"},
		fieldRemote: {"mx", "remote_mta", "remote_host", "server", "host", "受信サーバー", "宛先サーバー", "配信先サーバー"},
	}
	hints := append(append([]string{}, names[fieldKind]...), names[fieldRecipient]...)
	return &service{name: "table", names: names, hints: hints, kinds: genericKinds(), guess: true}
}

func genericKinds() map[string]kind {
	return kindsOf(map[Action][]string{
		Delivered: {"delivered", "delivery", "success", "successful", "succeeded", "ok", "配信", "配信済み",
			"配信済", "配信完了", "配信成功", "成功", "送信成功",
			"正常", "正常終了", "到達", "配達済み"},
		Delayed: {"deferred", "deferral", "delayed", "delay", "deliverydelay", "pending", "retry", "retrying",
			"temporaryfailure", "遅延", "配信遅延", "保留",
			"再送中", "再送待ち", "リトライ中", "一時エラー", "一時的なエラー"},
		Failed: {"bounce", "bounced", "hardbounce", "softbounce", "hard", "soft", "failed", "failure", "fail", "dropped",
			"blocked", "rejected", "undelivered",
			"error", "permanentfailure", "undeliverable", "returned", "バウンス", "ハードバウンス",
			"ソフトバウンス", "エラー", "失敗", "配信失敗", "送信失敗",
			"配信エラー", "送信エラー", "不達", "拒否", "受信拒否", "配信不可", "恒久エラー",
			"恒久的なエラー", "異常終了"},
		Expired:   {"expired", "期限切れ", "タイムアウト", "再送期限切れ"},
		Complaint: {"complaint", "complained", "spamreport", "spamcomplaint", "spam", "苦情", "迷惑メール報告", "スパム報告"},
		Other: {"open", "opened", "click", "clicked", "sent", "send", "processed", "accepted", "queued", "unsubscribe",
			"unsubscribed", "開封", "クリック",
			"送信", "送信済み", "送信済", "受付", "配信停止", "処理済み"},
	})
}
