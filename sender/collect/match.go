package collect

import (
	"context"
	"errors"
	"strings"
	"time"

	"todoku/codes"
	"todoku/sender/event"
	"todoku/sender/history"
	"todoku/sender/mail"
)

// matcher finds the sending of an event.
type matcher struct {
	history history.Store
	now     func() time.Time
}

// found is the sending of an event, or why there is none.
type found struct {
	sending string
	by      string // what told: see history.Event
	why     history.Unmatched
}

// What is told of a mail comes within this time after it was sent: servers try for five days, and some for longer
// (RFC 5321 §4.5.4.1). Clocks differ, and a time without a zone may be of any.
const (
	window    = 10 * 24 * time.Hour
	skew      = 10 * time.Minute
	zonesSkew = 14 * time.Hour
	maxFits   = 200 // sendings that are looked at for one event
)

// find finds the sending of an event. The error is one of the history.
func (m *matcher) find(ctx context.Context, e *event.Event) (found, error) {
	f := found{}
	for _, by := range []func(context.Context, *event.Event) (found, error){m.byVERP, m.byEnvelope, m.byMessage} {
		got, err := by(ctx, e)
		if err != nil || got.sending != "" || got.why == history.Ambiguous {
			return got, err
		}
		if got.why != "" {
			f.why = got.why
		}
	}
	if f.why == history.UnknownEnvelope { // it names another history
		return f, nil
	}
	if f.why != "" && (e.Subject == "" || e.From == "") && !kept(e.Action) { // as most lines of a log: see byRecipient
		return f, nil
	}
	return m.byRecipient(ctx, e, f.why)
}

// byVERP reads the address to which a notice came back, or from which a log says that the mail came.
func (m *matcher) byVERP(ctx context.Context, e *event.Event) (found, error) {
	for _, address := range []string{e.ReturnPath, e.From} {
		_, id, to, ok := mail.ParseVERP(address)
		if !ok {
			continue
		}
		s, err := m.history.Get(ctx, id)
		switch {
		case errors.Is(err, history.ErrNotFound), errors.Is(err, history.ErrAmbiguous),
			err == nil && (s.ID != id || history.Key(s.Recipient) != history.Key(to.String())):
			return found{why: history.UnknownEnvelope}, nil
		case err != nil:
			return found{}, passOver(err)
		}
		return found{sending: s.ID, by: "verp"}, nil
	}
	return found{}, nil
}

// passOver takes a row that cannot be read for one that is not there.
func passOver(err error) error {
	if bad := (*history.RowError)(nil); errors.As(err, &bad) {
		return nil
	}
	return err
}

// byEnvelope looks for the ENVID (RFC 3461 §4.4). Others give mails one too, so that an unknown one tells nothing.
func (m *matcher) byEnvelope(ctx context.Context, e *event.Event) (found, error) {
	if e.EnvelopeID == "" {
		return found{}, nil
	}
	list, err := m.list(ctx, history.Filter{EnvelopeID: e.EnvelopeID})
	if err != nil {
		return found{}, err
	}
	return choose(list, e, "envelope_id"), nil
}

// byMessage looks for the Message-ID.
func (m *matcher) byMessage(ctx context.Context, e *event.Event) (found, error) {
	id := strings.Trim(e.MessageID, "<> ")
	if id == "" {
		return found{}, nil
	}
	list, err := m.list(ctx, history.Filter{MessageID: id})
	if err == nil && len(list) == 0 {
		list, err = m.list(ctx, history.Filter{MessageID: "<" + id + ">"})
	}
	if err != nil {
		return found{}, err
	}
	if len(list) == 0 {
		return found{why: history.UnknownMessage}, nil
	}
	return choose(list, e, "message_id"), nil
}

// choose takes the one of the sendings of a mail that went to the recipient; the only one also where another address is
// told: the mail was forwarded.
func choose(list []history.Sending, e *event.Event, by string) found {
	var fits []history.Sending
	for _, s := range list {
		if sameAddress(s.Recipient, e.Recipient) || sameAddress(s.Recipient, e.OriginalRecipient) {
			fits = append(fits, s)
		}
	}
	if len(fits) == 0 && len(list) == 1 {
		fits = list
	}
	switch len(fits) {
	case 0:
		if len(list) > 0 {
			return found{why: history.Ambiguous}
		}
		return found{}
	case 1:
		return found{sending: fits[0].ID, by: by}
	}
	for _, s := range fits { // the newest first: a mail that was sent again keeps its Message-ID
		if !s.Started.After(e.Time.Add(skew)) {
			return found{sending: s.ID, by: by}
		}
	}
	return found{sending: fits[len(fits)-1].ID, by: by}
}

func sameAddress(a, b string) bool { return b != "" && canonical(a) == canonical(b) }

// canonical is an address in one form: lower case, and the domain as people write it.
func canonical(address string) string {
	address = strings.Trim(address, "<> ")
	if a, err := mail.ParseAddress("", address); err == nil {
		address = a.String()
	}
	return history.Key(address)
}

// byRecipient looks for what was sent to the recipient at that time. Where the record names a mail that is not known here,
// only the same subject and sender say that it is ours: relays may give a mail another Message-ID.
func (m *matcher) byRecipient(ctx context.Context, e *event.Event, named history.Unmatched) (found, error) {
	at := e.Time
	if at.IsZero() {
		at = m.now()
	}
	early, late := at.Add(-window), at.Add(skew)
	if e.Clock != event.Exact {
		early, late = early.Add(-zonesSkew), at.Add(zonesSkew)
	}
	why := history.NoRecipient
	for _, address := range []string{e.Recipient, e.OriginalRecipient} {
		if address = canonical(address); address == "" {
			continue
		}
		list, err := m.list(ctx, history.Filter{Recipient: address, Since: early, Until: late})
		if err != nil {
			return found{}, err
		}
		if len(list) == 0 {
			if why, err = m.neverOrThen(ctx, address, why); err != nil {
				return found{}, err
			}
			continue
		}
		if s, reason := nearest(list, e, named != ""); s != nil {
			return found{sending: s.ID, by: "recipient"}, nil
		} else {
			why = reason
		}
	}
	if named != "" && why == history.UnknownAddress {
		why = named
	}
	return found{why: why}, nil
}

// neverOrThen tells whether anything was ever sent to an address.
func (m *matcher) neverOrThen(ctx context.Context, address string, why history.Unmatched) (history.Unmatched, error) {
	any, err := m.list(ctx, history.Filter{Recipient: address, Limit: 1})
	switch {
	case err != nil || why != history.NoRecipient && why != history.UnknownAddress:
		return why, err
	case len(any) == 0:
		return history.UnknownAddress, nil
	}
	return history.OutOfTime, nil
}

// nearest is the newest sending that the event can be about.
func nearest(list []history.Sending, e *event.Event, strict bool) (*history.Sending, history.Unmatched) {
	why := history.OtherMail
	for i, s := range list {
		switch {
		case s.Result == history.Preparing && s.Phase == history.Queued && s.Attempts == 0,
			s.Result == history.Failed && s.Code != codes.DeliveryBounced && e.Action != event.Delayed:
			why = history.NotSent
		case fits(s, e, strict):
			return &list[i], ""
		}
	}
	return nil, why
}

// fits reports whether the subject and the sender of an event, where they are known, are those of a sending; strict wants
// both to be known.
func fits(s history.Sending, e *event.Event, strict bool) bool {
	if e.Subject != "" && squeeze(e.Subject) != squeeze(s.Subject) {
		return false
	}
	if e.From != "" && !sameAddress(s.Sender, e.From) && !sameAddress(s.ErrorsTo, e.From) {
		return false
	}
	return !strict || e.Subject != "" && e.From != ""
}

// squeeze is a subject without what folding changes.
func squeeze(s string) string { return strings.Join(strings.Fields(s), " ") }

// list collects sendings, the newest first. Rows that cannot be read are not there.
func (m *matcher) list(ctx context.Context, f history.Filter) (out []history.Sending, err error) {
	if f.Limit == 0 {
		f.Limit = maxFits
	}
	for s, err := range m.history.List(ctx, f) {
		if err = passOver(err); err != nil {
			return nil, err
		}
		if s.ID != "" {
			out = append(out, s)
		}
	}
	return out, nil
}
