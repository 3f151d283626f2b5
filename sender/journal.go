package sender

import (
	"context"
	"strings"
	"time"

	"todoku/sender/history"
	"todoku/sender/mail"
	"todoku/sender/smtp"
)

// Journal remembers what happens to a mail, so that a crash loses nothing that
// was reported as sent and nothing is sent twice. A history.Store is one.
type Journal interface {
	Begin(ctx context.Context, s history.Sending) error
	Progress(ctx context.Context, id string, s history.Step) error
	Finish(ctx context.Context, id string, o history.Outcome) error
}

// journal reports whether this run is written down: a look without a mail is not.
func (r *run) journal() bool { return r.Journal != nil && r.job.QuitAfter == "" }

// begin writes the row, before anything is said to anybody.
func (r *run) begin(ctx context.Context) error {
	if !r.journal() || r.job.Claimed {
		return nil
	}
	m := r.job.Message
	return r.Journal.Begin(ctx, history.Sending{
		ID: r.job.ID, Kind: r.job.Kind, Sender: m.From.String(), Name: m.From.Name(), Recipient: r.job.To.String(),
		Cc: mail.Strings(m.Cc), Bcc: mail.Strings(r.job.Bcc),
		ReplyTo: strings.Join(mail.Strings(m.ReplyTo), ", "), ErrorsTo: r.job.From.String(), Subject: m.Subject, MessageID: m.ID,
		EnvelopeID: r.job.DSN.ENVID,
		Via:        r.via(), Started: r.out.Started, Content: keptContent(m),
	})
}

// keptContent is a mail for the journal, nil where it is too large for that.
func keptContent(m *mail.Message) []byte {
	if m.Size() > history.MaxContent {
		return nil
	}
	return m.Bytes()
}

func (r *run) via() string {
	if r.Relay == nil {
		return ""
	}
	return r.Relay.String()
}

// progress writes a step of the session down.
func (c *conversation) progress(ctx context.Context, p history.Phase) error {
	if !c.journal() {
		return nil
	}
	s := history.Step{Phase: p, MX: c.to.Host, Via: c.via(), Attempts: c.attempt}
	if c.to.At.IsValid() {
		s.Address = c.to.At.String()
	}
	s.Mail = c.mail()
	err := c.Journal.Progress(ctx, c.job.ID, s)
	c.mailRecorded = c.mailRecorded || err == nil
	return err
}

// mail is what the journal does not have yet of a sending of a list.
func (r *run) mail() *history.Mail {
	if !r.job.Listed || r.mailRecorded {
		return nil
	}
	m := r.job.Message
	return &history.Mail{Started: r.out.Started, MessageID: m.ID, ErrorsTo: r.job.From.String(), Content: keptContent(m)}
}

// recordDeferral writes down that the server did not take the mail this time. It does so even when ctx has ended.
func (r *run) recordDeferral(ctx context.Context, e end, until time.Time) error {
	if !r.journal() {
		return nil
	}
	return r.Journal.Progress(context.WithoutCancel(ctx), r.job.ID, history.Step{Phase: history.Queued, MX: e.host,
		Via: r.via(), Reply: replyText(e), Attempts: r.attempt, NextAttempt: until})
}

// finish writes the result down, even when ctx has ended.
func (r *run) finish(ctx context.Context, e end) error {
	if !r.journal() {
		return nil
	}
	o, v := r.out, r.out.Verdict
	done := history.Outcome{
		Result: o.Result, Code: v.Delivery.ID, Reason: v.Reason.ID, ReasonClass: string(v.Reason.Class), Permanent: v.Permanent, Own: o.Ours,
		Reply: replyText(e), Transcript: journalTranscript(o.Sessions), MX: o.Host, Via: r.via(), MessageID: o.MessageID,
		Attempts: o.Attempts, At: o.Started.Add(o.Elapsed), Mail: r.mail(),
	}
	if o.Address.IsValid() {
		done.Address = o.Address.String()
	}
	return r.Journal.Finish(context.WithoutCancel(ctx), r.job.ID, done)
}

// replyText is the reply as the server wrote it, or the error where there was no reply.
func replyText(e end) string {
	if e.reply.Code == 0 && e.err != nil {
		return e.err.Error()
	}
	return strings.Join(smtp.ReplyLines(e.reply), "\n")
}
