package event

import (
	"strings"

	"todoku/codes/paste"
)

// daemons are the names of programs that send notices, as they stand in From or Return-Path, in lower case.
var daemons = []string{
	"mailer-daemon", "mailer_daemon", "mailerdaemon", "mailer daemon", "mail-daemon", "mail_daemon", "maildaemon", "mail daemon",
	"mail delivery sub", "mail delivery sys", "mail delivery ser", "mail delivery agent", "mail deliver system", "mail.delivery.s",
	"maildelivery", "microsoftexchange", "postmaster", "post_master", "post-master",
}

// offices are names of people and programs that send notices, and other mails too, in lower case.
var offices = []string{
	"delivery subsystem", "delivery system", "system administrator", "system attendant", "systemadministrator", "sysadmin",
	"mail administrator", "mail admin", "mailadmin", "mail system", "mailsystem", "mail router", "microsoft outlook", "uucp", "mdaemon",
	"amavis", "content-filter", "bounce", "mailgate", "mail gateway", "daemon@", "mail server", "mailserver", "mail-system", "interscan",
	"mimesweeper", "mailmarshal", "returned mail", "non-delivery", "ndr", "failure notice", "delivery failure", "undeliver", "nondeliver",
	"smtp agent", "mail transfer", "mta@", "listserv", "list server", "メール配信", "メールシステム", "配信システム",
	"メーラーデーモン", "系统退信", "почтов",
}

// failSubjects are what the Subject of a notice says, in lower case.
var failSubjects = []string{
	"undeliver", "delivery status notification", "delivery failure", "delivery failed", "delivery report", "delivery notification",
	"delivery status", "delivery error", "delivery problem", "failure notice", "failure delivery", "failed delivery", "delivery has failed",
	"delivery incomplete", "mail failure", "message failure", "failed mail", "mail delivery", "message delivery", "delivery delay",
	"delayed mail", "message delayed", "delayed:", "delay notification", "returned mail", "return mail", "mail returned", "message returned",
	"returned message", "returned to sender", "return to sender", "returning message", "mail system error", "mail error", "error sending",
	"error mail", "error in delivery", "error while sending", "problem delivering", "problems delivering", "non-delivery", "nondelivery",
	"non delivery", "nondeliverable", "non-deliverable", "non remis", "unable to deliver", "cannot deliver",
	"can't deliver", "could not deliver",
	"could not be delivered", "couldn't be delivered", "cannot be delivered", "not be delivered", "not delivered", "wasn't delivered",
	"could not send", "unable to send", "was not sent", "not sent", "warning: message", "warning: could not", "warning - message",
	"mail not deliver", "message not deliver", "unknown address", "unknown user", "user unknown", "unknown recipient", "invalid recipient",
	"no such user", "bounced", "bounce notification", "bounce message", "rejected mail", "mail rejected", "message rejected", "rejected:",
	"blocked", "rejected posting", "no longer exist", "loop alert", "not member", "has been rejected", "was rejected", "mta-blocked",
	"mailbox full", "over quota", "quota exceeded", "permanent error", "automatically rejected",
	"permanent delivery", "permanent fail", "expired", "ndn:", "status report", "mail delivery system", "message status", "email error",
	"message could not", "your message", "message you sent", "returned email", "recipient error", "not reach", "service unavailable",
	"unzustellbar", "nicht zugestellt", "nicht zustellbar", "zustellung", "zustellfehler", "zustellbericht", "zurückgewiesen", "zurück an",
	"unzustellbarkeit", "nachricht nicht", "fehlgeschlagen", "échec", "echec", "impossible de remettre", "non distribué", "non délivré",
	"notification d'état", "remise", "retour de courrier", "retardé", "no se puede entregar", "no se pudo entregar", "no entregado",
	"no entregable", "devuelto", "entrega", "rechazado", "mensaje no", "error al enviar", "falha", "não entregue", "não foi possível",
	"devolvid", "mensagem não", "недостав", "не доставлен", "не удалось",
	"невозможно доставить", "сбой доставки", "ошибка доставки",
	"отказ в доставке", "возврат", "уведомление о", "доставк", "退信", "退回",
	"投递", "无法投递", "未送达", "无法送达", "發送失敗", "傳遞失敗", "无法传递",
	"未传递", "傳送失敗", "無法傳遞", "送信エラー", "配信エラー", "配送エラー",
	"送信できません", "送信できなかった", "配信できません", "配信できなかった", "配信不能",
	"配送不能", "エラーメール", "不達", "届きません", "届けられません", "配信失敗",
	"送達不能", "配信されません", "送信失敗", "配送失敗", "配信不可", "配信の遅延", "配信遅延",
	"配信状況", "配達", "返送", "送信に失敗", "配信に失敗", "エラー通知", "メールエラー", "配信ステータス",
	"宛先不明", "送信不可", "전달 실패", "전송 실패", "반송", "배달 실패", "배달되지",
	"배달할 수", "발송 실패", "전송실패", "mancata consegna", "non recapitat", "impossibile recapitare",
	"mancato recapito", "recapito", "consegna",
	"onbestelbaar", "niet bezorgd", "niet worden bezorgd", "niet afgeleverd", "bezorging", "kunde inte levereras",
	"ikke leveres", "niedostarcz",
	"nie można dostarczyć", "nedoručiteln", "kézbesít", "teslim edilemedi",
}

// failWords are sentences with which notices say that a mail was not delivered, or not yet, in lower case.
var failWords = []string{
	"error delivering", "an error has occurred", "did not like our", "incorrectly constructed", "malformed address", "account is disabled",
	"exceeds allowed size", "exceeds the allowed", "exceeded the local limit", "final delivery userid", "mailbox size", "delivery attempts",
	"mailbox was unavailable", "mailbox unavailable",
	"not a member", "not allowed to post", "not authorized to send", "not listed in", "no valid recipients",
	"invalid final", "isn't a valid", "is not a valid", "not recognized", "could not find", "couldn't be found", "cannot be found",
	"could not be delivered", "couldn't be delivered", "cannot be delivered", "can not be delivered", "can't be delivered", "not be delivered",
	"was not delivered", "wasn't delivered", "were not delivered", "not been delivered", "not delivered", "has not yet been delivered",
	"unable to deliver", "not able to deliver", "cannot deliver", "could not deliver", "couldn't deliver", "can't deliver",
	"wasn't able to deliver",
	"undeliver", "undelivered", "nondeliver", "non-deliver", "delivery to the following", "delivery of the following", "delivery failed",
	"delivery failure", "delivery has failed", "deliver failed", "failed to deliver", "failed permanently", "failed delivery", "did not reach",
	"has not been delivered", "delivery error", "delivery problem", "problems delivering", "problem delivering",
	"trouble delivering", "had trouble delivering",
	"not reach the following", "sorry to have to inform", "permanent fatal errors", "transient non-fatal errors", "permanent errors",
	"had permanent", "had delivery", "delivery errors", "had transient", "address(es) failed", "addresses failed", "address failed",
	"recipients failed", "recipient failed", "failed recipient", "failed addresses", "failed address", "following address", "returned to you",
	"returned mail", "returned to sender", "returning your mail", "returned because", "was rejected", "were rejected", "has been rejected",
	"rejected by", "has been postponed", "automatically rejected", "not a valid user", "been blocked", "was blocked",
	"not accepted", "refused", "invalid recipient", "invalid address", "invalid user address",
	"unknown user", "user unknown", "unknown recipient", "unknown address", "recipient unknown", "no such user",
	"doesn't exist", "does not exist", "may not exist",
	"not relayed", "was not relayed", "could not be sent", "couldn't be sent", "cannot send", "could not send",
	"unable to send", "not sent", "wasn't sent",
	"couldn't send", "will be retried", "has been delayed", "is delayed", "was delayed", "been queued", "still undelivered",
	"error occurred while", "an error while", "error sending", "error was encountered", "fatal error", "errors occurred", "bounced",
	"mailbox is full", "mailbox full", "over quota", "quota exceeded", "exceeded the quota", "rejected your message", "reasons for rejection",
	"failure reasons", "failure notice", "transcript of session", "non remis", "nicht zugestellt", "nicht zustellen", "unzustellbar",
	"nicht ausgeliefert", "fehlgeschlagen", "konnte nicht", "konnten nicht", "zugestellt werden", "zurückgewiesen", "abgelehnt",
	"n'a pas pu être", "n'a pu être", "ブロックされ", "n'ont pas pu être", "pas été remis", "n'a pas été",
	"échec", "echec", "impossible de",
	"refusé", "rejeté", "no se pudo",
	"no se ha podido", "no ha podido", "no pudo", "no se puede", "rechazad", "devuelto", "não pôde ser",
	"não foi entregue", "não foi possível", "não pode ser",
	"falha", "rejeitad", "recusad", "не удалось", "не может быть доставлено",
	"не было доставлено", "не доставлено", "недоставлен", "невозможно доставить",
	"не была доставлена", "не могло быть доставлено", "доставить",
	"отклонен", "отвергнут", "无法送达", "无法投递", "未能送达", "未送达", "投递失败",
	"被退回", "退信", "拒收",
	"拒绝", "發送失敗", "无法传递", "未传递", "無法傳遞", "無法送達", "送信できません",
	"送信できなかった", "配信できません", "配信できなかった", "配送できません",
	"お届けできません", "届けることができません",
	"届けられません", "届きません", "送信に失敗", "配信に失敗", "配送に失敗", "送信を失敗",
	"配信不能", "配送不能", "送達できません", "配達できません", "返送", "配信されません",
	"送信されません",
	"拒否され", "受信できません", "届かなかった", "エラーのため", "エラーが発生",
	"配信が遅れ", "配信が遅延", "受け取れません", "存在しません", "見つかりません", "一杯",
	"いっぱい", "超過", "不達", "失敗しました", "送ることができません",
	"送れませんでした", "전달되지", "전달할 수 없", "전송하지 못", "전송에 실패",
	"배달되지", "배달할 수 없", "반송", "거부", "발송에 실패", "non è stato possibile", "non recapitat",
	"impossibile recapitare", "non è stato recapitato", "respinto", "rifiutat", "niet worden bezorgd", "niet bezorgd",
	"niet worden afgeleverd",
	"geweigerd", "kunde inte levereras", "kunne ikke leveres", "nie można dostarczyć", "nie zosta", "nelze doručit",
}

// containsAny reports whether one of the words stands in a text.
func containsAny(text string, words []string) bool {
	for _, w := range words {
		if strings.Contains(text, w) {
			return true
		}
	}
	return false
}

// aboutBounces are Subjects of mails to those who run a list or a service: they tell of notices and are none.
var aboutBounces = []string{
	"bounce notification", "bounce action", "bounce report", "bounce summary", "bounce statistics", "bounce digest", "bounce alert",
	"bounced mail report", "bounce rate",
}

// isNotice reports whether a mail says that another one did not arrive, or not yet.
func (n *notice) isNotice() bool {
	return n.mail.Has("X-Failed-Recipients") || originOf(n).tells(n) || speaksOfOwn(n)
}

// origin is what the header of a mail tells of who sent it.
type origin struct {
	report  bool // a program, as a report (RFC 6522), and none of what became of a mail that arrived
	daemon  bool // a program that sends notices
	nobody  bool // it does not tell
	machine bool // a program or an office that sends notices, among other mails, or nobody
	empty   bool // the envelope names no sender
	quiet   bool // it is for nobody to answer
}

func originOf(n *notice) origin {
	from := strings.Trim(strings.ToLower(n.mail.Words("From")), "<> ")
	back := strings.ToLower(strings.TrimSpace(n.mail.Get("Return-Path")))
	o := origin{nobody: from == "", daemon: containsAny(from, daemons), empty: back == "<>"}
	o.report = n.mail.Type == "multipart/report" && !strings.Contains(strings.ToLower(n.mail.Param("report-type")), "disposition")
	o.machine = o.daemon || o.nobody || containsAny(from, offices) || containsAny(back, daemons) || n.mail.Has("X-MLServer")
	o.quiet = o.empty || strings.HasPrefix(strings.ToLower(n.mail.Get("Auto-Submitted")), "auto-") || isNoReply(from)
	return o
}

// tells reports whether who sent a mail, what it is about, and what its words say agree that it is a notice.
func (o origin) tells(n *notice) bool {
	switch {
	case o.nobody && containsAny(n.text.low, failWords):
		return true
	case o.report:
		return o.daemon || n.subjectTells() || n.text.tellsFailure()
	case !o.machine && !o.quiet:
		return false
	case n.isAnswer(), containsAny(n.subject, aboutBounces):
		return o.machine && n.text.quotesReply()
	case o.machine:
		return o.machineTells(n)
	}
	return o.quietTells(n)
}

// machineTells reports whether what a program or an office sent is a notice.
func (o origin) machineTells(n *notice) bool {
	if o.daemon && n.returnsMail() {
		return true
	}
	subject, words := n.subjectTells(), n.text.tellsFailure()
	return words && (subject || o.daemon && o.empty) || (words || subject) && (n.returnsMail() || n.text.quotesReply())
}

// quietTells reports whether a mail that nobody shall answer is a notice.
func (o origin) quietTells(n *notice) bool {
	subject := n.subjectTells()
	if !subject && !o.empty || !n.text.tellsFailure() {
		return false
	}
	return n.returnsMail() || subject && o.empty && (strings.Contains(n.text.low, "@") && n.text.quotesReply() ||
		isOfMail(n.text.low[:min(len(n.text.low), 2<<10)]))
}

// subjectTells reports whether the Subject is one of a notice.
func (n *notice) subjectTells() bool { return containsAny(n.subject, failSubjects) }

// returnsMail reports whether another mail comes back with this one.
func (n *notice) returnsMail() bool { return n.returned != nil || n.original.known }

// tellsFailure reports whether the words say that a mail was not delivered.
func (t *noticeText) tellsFailure() bool {
	return containsAny(t.low[:min(len(t.low), 12<<10)], failWords)
}

// quotesReply reports whether the words have a refusal of a server as programs write it: not in the middle of a sentence.
func (t *noticeText) quotesReply() bool {
	for i, line := range t.textLines() {
		if i == 200 {
			break
		}
		line = strings.TrimLeft(line, " \t<>*-\"'")
		if isReplyLine(line) || len(line) > 5 && (line[0] == '5' || line[0] == '4') && line[1] == '.' && isDigit(line[2]) && line[3] == '.' {
			return true
		}
		if strings.ContainsAny(line, "45") && containsAny(strings.ToLower(line), replyIntros) {
			if r := paste.Parse(line).Reply; r.Code >= 400 || r.Enhanced.Class >= 4 {
				return true
			}
		}
	}
	return false
}

// replyIntros stand before a reply where programs write one, in lower case.
var replyIntros = []string{
	"said:", "responded:", "refused to talk", "returned '", "reported error", "error from remote", "reason:", "raison",
	"motif", "motivo", "grund:", "причина", "原因", "사유", "smtp;", "(#4.", "(#5.", "#550",
	"#5.", "status:", "status code", "diagnostic", "error code", "error:", "response:", "reply:", "応答:",
	"エラーコード", "理由", "原因:",
	"did not like", "... ", "错误", "ошибка:", "fehler:", "erreur", "error ", "code:", "code :", ">:",
}

func isNoReply(from string) bool {
	return containsAny(from, []string{"noreply", "no-reply", "no_reply", "donotreply"})
}

// isAnswer reports whether somebody answers or forwards another mail.
func (n *notice) isAnswer() bool {
	if !n.mail.Has("In-Reply-To") && !n.mail.Has("References") {
		return false
	}
	return hasAnyPrefix(n.subject, "re:", "re[", "aw:", "fw:", "fwd:", "wg:", "sv:", "tr:", "rv:", "返信", "転送", "回复", "转发")
}
