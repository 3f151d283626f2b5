package reports

import (
	"time"

	"todoku/cmd/mailboxes"
	"todoku/diag/lab"
	"todoku/sender/mailbox"
)

// labBox is what the lab has to read where nothing else is named: four weeks of reports.
func labBox() mailbox.Box {
	var items []mailbox.Item
	for _, f := range lab.Received() {
		items = append(items, mailboxes.Text(f.Name, f.Text, time.Time{}))
	}
	return mailboxes.Texts(items...)
}
