package check

import (
	"slices"

	"todoku/cmd/app"
	"todoku/cmd/scope"
	"todoku/codes"
	"todoku/diag"
)

// beside is a check that a flag adds to those of a domain.
type beside struct {
	name  string
	added bool
	needs codes.Message // what to give, so that it can run
}

// beside are the checks that flags add.
func (s checkRun) beside() []beside {
	return []beside{
		{"change", s.mends(), codes.Say(codes.Text{EN: "say what is to change with --set, --plan, or --before and --zone",
			JA: "変更の内容を --set か --plan、または --before と --zone で指定してください"})},
		{"traffic", s.sent != nil && len(s.sent.inputs) > 0, codes.Say(codes.Text{EN: "give the mails that were sent with --traffic LOG",
			JA: "送信済みのメールのログを --traffic LOG で指定してください"})},
	}
}

// selected applies --only and --skip. Nothing is left where --only names checks alone that a flag adds: these run beside. Where
// it names one that no flag adds, the error says which flag is missing.
func (s checkRun) selected(a *app.App, checks []*diag.Check) ([]*diag.Check, error) {
	var names []string
	for _, b := range s.beside() {
		if s.sent != nil && !b.added && slices.Contains(scope.Only(a), b.name) {
			return nil, codes.At("--only", codes.Wrong(codes.Say(codes.Text{EN: "the check {name} has nothing to look at",
				JA: "検査 {name} の対象が指定されていません"}, codes.Str("name", b.name)), b.needs))
		}
		if b.added {
			names = append(names, b.name)
		}
	}
	return scope.Select(a, checks, names...)
}
