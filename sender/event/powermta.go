package event

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
	}
}

func powermtaKinds() map[string]kind {
	return kindsOf(map[Action][]string{
		Delivered: {"d"},
		Delayed:   {"t", "tq", "rs/delayed"},
		Failed:    {"b", "rb", "rs", "rs/failed"},
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
