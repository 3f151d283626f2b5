package report

import (
	"testing"

	"todoku/cmd/report/page"
	"todoku/codes"
)

func TestCommandNamesItsWorld(t *testing.T) {
	t.Parallel()
	o := Options{World: []codes.Arg{{Flag: "--lab"}, codes.Arg{Flag: "--zone", Place: codes.PlaceFile}.With("my zone")}}
	for _, c := range []struct {
		command codes.Command
		want    string
	}{
		{codes.Todoku("check", "recipient", "a@takes.test"), "todoku --lab --zone 'my zone' check recipient a@takes.test"},
		{codes.Todoku("diagnose", "--last"), "todoku --lab --zone 'my zone' diagnose --last"},
		{codes.Todoku("explain", "42550"), "todoku explain 42550"},
		{codes.Todoku("letter", "ID"), "todoku letter ID"},
		{codes.Command{}, ""},
	} {
		if got := page.Command(o.here(c.command)); got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
		if got, want := page.Command((Options{}).here(c.command)), page.Command(c.command); got != want {
			t.Errorf("%q without flags: %q", want, got)
		}
	}
}
