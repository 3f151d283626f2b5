// Package mailbox opens what users name where mails and logs wait: a file, standard input, a directory, an mbox, a Maildir,
// and mailboxes of servers (IMAP, POP3). Each is a sequence of items, and each item a reader:
//
//	box, err := mailbox.Open(ctx, "imap://news@mail.example.jp/INBOX", mailbox.Options{…})
//	for item, err := range box.Items(ctx) {
//		r, err := item.Open(ctx)
//		…
//	}
//
// What an item holds is not looked at here: sender/event recognises it. An item is read when it is opened, so that memory
// does not grow with what is there. Nothing is changed (no mail is marked as read, moved or deleted) but by Move and Delete.
package mailbox
