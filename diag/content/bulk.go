package content

import (
	"strings"

	"todoku/sender/mail"
)

// Bulk is whether a mail is one of many that a list of people gets, and what tells so.
type Bulk struct {
	Sure  bool     `json:"sure"`  // it says so itself
	Maybe bool     `json:"maybe"` // a sending service took it; it may be a single one, such as a receipt
	Marks []string `json:"marks"` // names of header fields, "text", "told"
}

// readBulk looks for what mails to many have.
func readBulk(e *mail.Entity, told, inText bool) Bulk {
	b := Bulk{Marks: []string{}}
	mark := func(sure bool, name string) {
		b.Marks = append(b.Marks, name)
		b.Sure, b.Maybe = b.Sure || sure, b.Maybe || !sure
	}
	if told {
		mark(true, "told")
	}
	if e.Type == "multipart/report" || strings.EqualFold(strings.TrimSpace(e.Get("Auto-Submitted")), "auto-replied") {
		return b // an answer of a server or a program to one mail
	}
	for _, name := range [...]string{"List-Unsubscribe", "List-Unsubscribe-Post", "List-Id", "X-Campaign-Id", "X-CampaignId", "X-Campaign",
		"X-MC-User"} {
		if e.Has(name) {
			mark(true, name)
		}
	}
	automatic := strings.ToLower(e.Get("Auto-Submitted"))
	switch p := strings.ToLower(strings.TrimSpace(e.Get("Precedence"))); p {
	case "bulk", "list", "junk":
		mark(automatic == "" || automatic == "no", "Precedence")
	}
	for _, name := range [...]string{"Feedback-Id", "X-SG-EID", "X-SES-Outgoing", "X-Mailgun-Sid", "X-Mandrill-User", "X-MSFBL",
		"X-Mailer-Sid",
		"X-CSA-Complaints", "X-Report-Abuse", "X-Report-Abuse-To", "X-Job", "X-HS-Cid", "X-Sib-Id"} {
		if e.Has(name) {
			mark(false, name)
		}
	}
	if inText {
		mark(true, "text")
	}
	return b
}
