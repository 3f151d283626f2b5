package mailboxes

import (
	"errors"

	"todoku/cmd/app"
	"todoku/codes"
)

// Unread counts the inputs that could not be read, and tells of the first ones.
type Unread struct {
	App   *app.App
	Count int
}

// Complain tells of an input that could not be read, and gives the error as it is told.
func (u *Unread) Complain(place string, err error) error {
	if known, ok := errors.AsType[*codes.UserError](err); !ok || known.Place == "" {
		err = u.App.ReadError(place, err, codes.Text{EN: "it cannot be read (to its end)", JA: "(最後まで)読めません"}, codes.Text{})
	}
	if u.Count++; u.Count <= app.MaxComplaints {
		u.App.Complain(err)
	}
	return err
}

// TellRest tells how many more there are.
func (u *Unread) TellRest() {
	if more := u.Count - app.MaxComplaints; more > 0 {
		u.App.Tell(codes.Say(codes.Text{EN: "and {n} more inputs that could not be read", JA: "ほかに{n}件の入力を読めませんでした"}, codes.Num("n", more)))
	}
}
