package event

import (
	"encoding/json"
	"net/netip"

	"todoku/codes"
)

// kumomta is the records that KumoMTA writes to its logs and sends to webhooks.
func kumomta() *service {
	return &service{
		name: "kumomta",
		names: map[field][]string{
			fieldKind:       {"type"},
			fieldTime:       {"timestamp"},
			fieldTime2:      {"created"},
			fieldRecipient:  {"feedback_report.original_rcpt_to", "recipient"},
			fieldFrom:       {"feedback_report.original_mail_from", "sender"},
			fieldSubject:    {"headers.Subject"},
			fieldMessageID:  {"headers.Message-ID", "headers.Message-Id"},
			fieldQueueID:    {"id"},
			fieldRemote:     {"peer_address.name"},
			fieldRemoteIP:   {"peer_address.addr"},
			fieldSendingIP:  {"feedback_report.source_ip", "source_address.address"},
			fieldCode:       {"response.code"},
			fieldList:       {"response.enhanced_code"},
			fieldDiagnostic: {"response.content"},
			fieldFeedback:   {"feedback_report.feedback_type"},
		},
		marks: []string{"egress_pool", "egress_source"},
		kinds: kindsOf(map[Action][]string{
			Delivered: {"delivery"},
			Delayed:   {"transientfailure"},
			Failed:    {"bounce", "adminbounce", "oob"},
			Expired:   {"expiration"},
			Complaint: {"feedback"},
			Other:     {"reception", "rejection", "delayed", "adminrebind", "deferredinjectionrebind", "xferin", "xferout"},
		}),
		split: splitKumoMTA,
	}
}

// splitKumoMTA takes the enhanced code of the reply, which is an object. Who sent a complaint, and from where, is not told of the mail.
func splitKumoMTA(r *rows, e *Event) error {
	var code struct{ Class, Subject, Detail int }
	if e.Action.Trouble() && json.Unmarshal([]byte(r.v.get(fieldList)), &code) == nil && code.Class >= 4 {
		e.Reply.Enhanced = codes.Enhanced{Class: code.Class, Subject: code.Subject, Detail: code.Detail}
	}
	if e.Action == Complaint {
		if e.RemoteMTA, e.RemoteIP = "", (netip.Addr{}); r.v.spans[fieldFrom].rank > 1 {
			e.From = ""
		}
	}
	return r.toEach(e, r.v.get(fieldRecipient))
}
