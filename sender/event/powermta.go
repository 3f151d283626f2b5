package event

import (
	"strings"

	"todoku/codes"
)

// powermtaColumns are those of an accounting file as PowerMTA writes it where nothing else is said.
const powermtaColumns = "type,timeLogged,timeQueued,orig,rcpt,orcpt,dsnAction,dsnStatus,dsnDiag,dsnMta,bounceCat,srcType,srcMta,dlvType," +
	"dlvSourceIp,dlvDestinationIp,dlvEsmtpAvailable,dlvSize,vmta,jobId,envId,queue,vmtaPool"

// powermta is the accounting files of PowerMTA.
func powermta() *service {
	return &service{
		name:   "powermta",
		strict: true,
		names: map[field][]string{
			fieldKind:       {"type"},
			fieldKind2:      {"dsnAction"},
			fieldCategory:   {"bounceCat"},
			fieldTime:       {"timeLogged"},
			fieldTime2:      {"timeQueued"},
			fieldRecipient:  {"rcpt"},
			fieldOriginal:   {"orcpt"},
			fieldFrom:       {"orig", "header_From"},
			fieldSubject:    {"header_Subject"},
			fieldMessageID:  {"header_Message-Id"},
			fieldEnvelopeID: {"envId"},
			fieldReporter:   {"dsnReportingMta"},
			fieldRemote:     {"dsnMta"},
			fieldRemoteIP:   {"dlvDestinationIp"},
			fieldSendingIP:  {"dlvSourceIp"},
			fieldStatus:     {"dsnStatus"},
			fieldDiagnostic: {"dsnDiag"},
			fieldFeedback:   {"feedbackType"},
		},
		marks: []string{"timeLogged", "bounceCat", "dsnDiag"},
		kinds: powermtaKinds(),
		split: splitPowerMTA,
	}
}

// splitPowerMTA reads what PowerMTA itself says behind a status, "5.4.4 (unable to route: no mail hosts for domain)": its category
// has one word for several of these.
func splitPowerMTA(r *rows, e *Event) error {
	status := r.v.get(fieldStatus)
	if e.Action == Delayed && strings.HasPrefix(status, "2.") && strings.EqualFold(r.v.get(fieldKind), "rs") {
		e.Action, e.Reply, e.Diagnostic = Delivered, codes.Reply{}, r.v.get(fieldDiagnostic)
	}
	_, comment, ok := strings.Cut(status, "(")
	if says, known := powermtaComments[squeeze(comment)]; ok && known && e.Action.Trouble() && r.v.get(fieldDiagnostic) == "" {
		e.setReason(evidence{status: status, means: category{reason: says}})
	}
	return r.toEach(e, r.v.get(fieldRecipient))
}

// powermtaComments are the reasons of what stands behind a status where the category does not say it.
var powermtaComments = map[string]string{
	"unabletoroutenomailhostsfordomain": "domain_unknown",
	"unabletoroutednslookupfailure":     "dns_failure",
	"unabletoroutedomainnotfound":       "domain_unknown",
	"baddestinationsystemnosuchdomain":  "domain_unknown",
	"routingloopdetected":               "mail_loop",
}

func powermtaKinds() map[string]kind {
	return kindsOf(map[Action][]string{
		Delivered: {"d", "rs/delivered", "rs/relayed"},
		Delayed:   {"t", "tq", "rs"}, // rs is of a notice that came back and is no bounce
		Failed:    {"b", "rb", "rs/failed"},
		Expanded:  {"rs/expanded"},
		Complaint: {"f"},
		Other:     {"r", "p"}, // received, and whole pieces
	})
}

// bareRow is the table of a row without a heading, where nothing else can be meant: a record of PowerMTA in its usual order.
func (r *rows) bareRow(row []byte) *table {
	for i := range r.known {
		k := &r.known[i]
		if k.name != "powermta" {
			continue
		}
		t := r.heading([]byte(powermtaColumns))
		t.bare = true
		if _, open := t.take(&r.v, row); open {
			return nil
		}
		r.v.settle()
		_, known := k.kindOf(&r.v)
		_, _, dated := r.times.read(r.v.get(fieldTime))
		if !known || !dated || !r.complete(k.service) || !isAddress(r.v.get(fieldRecipient)) || !isAddress(r.v.get(fieldFrom)) {
			return nil
		}
		return t
	}
	return nil
}
