package event

import (
	"bytes"
	"strings"

	"todoku/sender/mail"
)

// pastedNotice reads a notice as people paste it: its words alone, without the header.
func pastedNotice(text []byte) []Event {
	if len(text) >= headSize || bytes.IndexByte(text, '@') < 0 {
		return nil
	}
	var b strings.Builder
	for line := range strings.Lines(string(text)) {
		b.WriteString(unquoted(strings.TrimSuffix(line, "\n")) + "\n")
	}
	n := &notice{mail: mail.Open(nil), pasted: b.String()}
	n.readWords()
	if !containsAny(n.text.low[:min(len(n.text.low), 4<<10)], ownSentences) {
		return nil
	}
	for _, c := range n.recipients() {
		if c.rank != atStart {
			return nil
		}
	}
	return n.done(n.readNotice()).events
}

// givePasted gives the events of a pasted notice. Each stands on the line that names its recipient.
func (in *input) givePasted(list []Event, text string, lines [][]byte) error {
	t := noticeText{low: strings.ToLower(text)}
	for _, e := range list {
		e.Source.Line = int64(t.lineOf(e.Recipient)) + 1
		if err := in.give(&e); err != nil {
			return err
		}
	}
	in.countLines(lines)
	return nil
}

// ownSentences are those with which a program tells whom it could not give a mail, in lower case.
var ownSentences = []string{
	"this is the mail system at host", "created automatically by mail delivery software", "this is the qmail-send program",
	"had permanent fatal errors", "had transient non-fatal errors", "address(es) failed", "delivery to the following",
	"delivery of the following", "did not reach the following", "could not be delivered to", "couldn't be delivered to",
	"cannot be delivered to", "can't be delivered to", "can not be delivered to", "was not delivered to", "wasn't delivered to",
	"has not been delivered to", "not delivered to the following", "not be delivered to the following", "not be delivered to one or more",
	"unable to deliver your message", "unable to deliver the following", "unable to deliver a message", "able to deliver your message",
	"able to deliver the following", "could not deliver your", "couldn't deliver your", "failed to deliver your", "delivery has failed to",
	"rejected your message to", "delivery of email to this address", "following address", "following recipient", "failed recipients",
	"nicht zugestellt werden", "nicht ausgeliefert werden", "nicht an folgende", "pas pu être remis", "pas pu être délivré",
	"pas pu être distribué", "pas pu etre delivre", "pas pu etre remis", "pas pu être livré", "pas pu être envoyé",
	"destinataires suivants",
	"destinataire suivant", "no se pudo entregar", "no ha podido ser entregado", "no se ha podido entregar", "no pudo ser entregado",
	"siguientes destinatarios", "siguiente destinatario", "não pôde ser entregue", "não pode ser entregue", "não foi possível entregar",
	"não foi entregue", "seguintes destinatários", "seguinte destinatário", "non è stato possibile consegnare", "non è stato recapitato",
	"seguenti destinatari", "niet worden bezorgd", "niet worden afgeleverd", "volgende ontvanger", "kunde inte levereras",
	"не было доставлено", "не может быть доставлено",
	"не удалось доставить", "не доставлено", "следующим получателям",
	"следующим адрес", "无法送达", "无法投递", "未能送达", "投递失败", "退信", "無法傳遞", "無法送達",
	"配信できません", "配信できなかった", "送信できません", "送信できなかった", "お届けできません",
	"お届けできなかった", "届けられません", "配送できません", "配送できなかった", "配信されません",
	"配信に失敗", "送信に失敗", "配送に失敗", "전달되지", "전달할 수 없", "배달되지", "전송하지 못",
}
