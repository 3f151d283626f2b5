package batch

import (
	"context"

	"todoku/sender/history"
	"todoku/sender/mail"
)

// LeaveOutInvalid keeps mail from addresses that are marked invalid: one that was
// named is an *InvalidError, those of a list are passed over and told to Skipped.
func (b *Batch) LeaveOutInvalid(ctx context.Context) error {
	if b.Force {
		return nil
	}
	valid := b.valid
	if b.FromList { // many: one question for all of them
		invalid := map[string]history.Validity{}
		for v, err := range b.History.Invalid(ctx) {
			if err != nil {
				return err
			}
			invalid[history.Key(v.Address)] = v
		}
		valid = func(_ context.Context, to mail.Address) (bool, error) {
			v, marked := invalid[history.Key(to.String())]
			if !marked {
				return true, nil
			}
			return false, b.refuse(v)
		}
	}
	left := b.Items[:0]
	for _, item := range b.Items {
		ok, err := valid(ctx, item.To)
		if err != nil {
			return err
		}
		if ok {
			left = append(left, item)
		}
	}
	b.Items = left
	return nil
}

// valid asks the history whether an address may be sent to. An invalid one is refused.
func (b *Batch) valid(ctx context.Context, to mail.Address) (bool, error) {
	if b.Force {
		return true, nil
	}
	v, err := b.History.Flag(ctx, to.String())
	if err != nil || v.Valid {
		return v.Valid, err
	}
	return false, b.refuse(v)
}

// refuse is the error of an invalid address, unless it stands on a list: then that
// is told, and the address is passed over.
func (b *Batch) refuse(v history.Validity) error {
	if !b.FromList && b.ResumeID == "" {
		return &InvalidError{v}
	}
	b.LeftOut++
	if b.Skipped != nil {
		b.Skipped(v)
	}
	return nil
}
