package sender

import (
	"fmt"

	"todoku/codes"
	"todoku/sender/mail"
)

func inputError(field string, fault mail.Fault, en, ja string, args ...any) *mail.InputError {
	return &mail.InputError{Field: field, Fault: fault, Says: codes.Text{EN: fmt.Sprintf(en, args...), JA: fmt.Sprintf(ja, args...)}}
}

func missing(field string) *mail.InputError {
	return inputError(field, mail.FaultMissing, "is missing", "指定されていません")
}
