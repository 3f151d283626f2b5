// Package mail is the one reader and writer of mail: addresses, header fields, texts, attachments, charsets, DKIM
// signatures, and envelope senders that tell bounces apart (VERP).
//
// To write a mail, fill in a Draft and Compose it. Ready first builds the body once, when many recipients get it:
//
//	from, err := mail.ParseAddress("From", "News <news@example.jp>")
//	m, err := mail.Compose(mail.Draft{From: from, To: to, Subject: "件名", Text: "本文"})
//	m, err = signer.Sign(m)
//
// To send a mail as it is in a file, use ParseEML. To look into a mail that came back, use Read. To hold a
// signature against a mail, use Cut: it gives the octets as they stand.
//
// Nothing that a user gives can add a line to a header or a command: an Address, a line and a headerName are made by
// their parsers only, which refuse line breaks. Errors are *codes.UserError; their place is the field ("Subject").
package mail
