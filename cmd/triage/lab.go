package triage

import (
	"time"

	"todoku/cmd/mailboxes"
	"todoku/diag/lab"
	"todoku/sender/mailbox"
)

// morning is what the lab has to read where nothing else is named: a log and a mailbox with three causes in them.
func morning() mailbox.Box {
	log, bounces := lab.Morning()
	at := time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
	return mailboxes.Texts(mailboxes.Text("mail.log", log, at), mailboxes.Text("bounces.mbox", bounces, at))
}
