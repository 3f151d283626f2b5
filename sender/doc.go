// Package sender delivers one mail to one recipient and records step by step how far it got.
//
// A Deliverer holds what all mails share: how to find the servers (Router or Relay), how to connect (Open), the rate,
// the retries, and the Journal that remembers. Deliver takes a Job and gives an Outcome:
//
//	d := &sender.Deliverer{Router: router, Codes: catalogue, Open: sender.Dialer{Helo: "out.example.jp"}.Open}
//	defer d.Close()
//	out, err := d.Deliver(ctx, sender.Job{Message: m, From: from, To: to})
//
// What the servers say is in the Outcome, never in the error. The error says that the context ended, that the job is
// wrong (a *codes.UserError), or that the journal could not be written.
//
// A delivery goes through these files: deliver.go (attempts, and the servers of an attempt), conversation.go (one
// session: EHLO, STARTTLS, AUTH, MAIL, RCPT, DATA), judge.go (what the end of a session means), journal.go (what is
// written down, and when). The journal has the phase content-sent before the final dot goes out (RFC 5321 §4.1.1.4).
// So after a crash it is known which mails the server may have, and none of those is sent again by itself.
//
// The other rooms: sender/mail makes and reads mails, sender/smtp is one SMTP session, sender/history is the journal in a
// file. sender/batch, which sends many mails, calls this package.
package sender
