package alert

import (
	"context"
	"fmt"
	"time"

	"todoku/codes"
	"todoku/sender"
	"todoku/sender/history"
	"todoku/sender/mail"
)

// Mailer delivers a mail; *sender.Deliverer does. It tries once: what fails is tried again by a Deliverer of this package.
type Mailer interface {
	Deliver(ctx context.Context, j sender.Job) (sender.Outcome, error)
}

// refusedFor is how long a mail that was refused for good waits: somebody may mend the mailbox, but it is not asked each hour.
const refusedFor = 6 * time.Hour

// letters sends notices as mails.
type letters struct {
	to     mail.Address
	from   mail.Address
	mailer Mailer
}

// Letters is a teller that mails to the address of the channel.
func (c Channel) Letters(from mail.Address, m Mailer) Teller {
	return letters{to: c.To, from: from, mailer: m}
}

// Compose makes the mail of a notice. It asks for no automatic answer (RFC 3834 §5), belongs to a list (RFC 2919), and has the same
// Message-ID when it is sent again.
func Compose(n Notice, from, to mail.Address) (*mail.Message, error) {
	domain := from.Domain()
	if _, literal := from.Literal(); literal {
		domain = "alerts.invalid"
	}
	return mail.Compose(mail.Draft{From: from, To: []mail.Address{to}, Date: n.At, MessageID: "alert." + n.ID + "@" + domain,
		Subject: "[todoku] " + shorten(n.Title, 200), Text: n.Text + "\n",
		Headers: []mail.Header{{Name: "Auto-Submitted", Value: "auto-generated"}, {Name: "X-Auto-Response-Suppress", Value: "All"},
			{Name: "List-Id", Value: "<todoku-alerts." + domain + ">"}}})
}

// Tell mails a notice. The error is a *Failure, or that of ctx.
func (l letters) Tell(ctx context.Context, n Notice) error {
	m, err := Compose(n, l.from, l.to)
	if err != nil {
		return &Failure{TooLarge: true, Says: "the mail cannot be made: " + err.Error()}
	}
	out, err := l.mailer.Deliver(ctx, sender.Job{ID: "", Kind: "alert", Message: m, From: l.from, To: l.to})
	switch {
	case err != nil:
		return &Failure{Says: err.Error()}
	case out.Result == history.OK:
		return nil
	}
	f := &Failure{Wait: out.RetryAfter, Says: fmt.Sprintf("%s %s", out.Verdict.Delivery.ID, out.Verdict.Delivery.Title.EN)}
	if said := out.Reply.String(); said != "" {
		f.Says += ": " + shorten(said, 200)
	} else if out.Err != nil {
		f.Says += ": " + out.Err.Error()
	}
	if out.Verdict.Permanent == codes.Yes {
		f.Wait = max(f.Wait, refusedFor)
	}
	return f
}
