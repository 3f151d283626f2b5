package page_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"

	"todoku/cmd/report/page"
	"todoku/codes"
)

func TestErrorLines(t *testing.T) {
	t.Parallel()
	spf := codes.Todoku("check", "spf", "DOMAIN", "--ip", "IP")
	inner := codes.Wrong(codes.Say(codes.Text{EN: "no text", JA: "テキストではない"}), codes.Say(codes.Text{EN: "give text", JA: "テキストを"}))
	outer := &codes.UserError{Place: "a.zone", Cause: inner, Says: codes.Say(codes.Text{EN: "unreadable", JA: "読めない"}),
		Remedy: codes.Say(codes.Text{EN: "see {command}", JA: "{command} を参照"}, codes.Typed("command", spf.With(codes.PlaceDomain, "example.jp").With(codes.PlaceIP, "192.0.2.1")))}
	late := &codes.UserError{Says: codes.Say(codes.Text{EN: "{why}", JA: "{why}"}, codes.Failure("why", fmt.Errorf("dial: %w", context.DeadlineExceeded)))}
	for _, c := range []struct {
		err    error
		en, ja []string
	}{
		{errors.New("odd"), []string{"odd"}, []string{"odd"}},
		{fmt.Errorf("wrapped: %w", outer), []string{"a.zone: unreadable: no text", "see todoku check spf example.jp --ip 192.0.2.1"},
			[]string{"a.zone: 読めない: テキストではない", "todoku check spf example.jp --ip 192.0.2.1 を参照"}},
		{late, []string{"the deadline has passed"}, []string{"期限を過ぎました"}},
	} {
		if en, ja := page.ErrorLines(c.err, codes.English), page.ErrorLines(c.err, codes.Japanese); !slices.Equal(en, c.en) ||
			!slices.Equal(ja, c.ja) {
			t.Errorf("%q\n%q", en, ja)
		}
	}
}
