package serve

import (
	"todoku/cmd/report/page"
	"todoku/codes"
	"todoku/diag/lab"
)

// exampleGroups lists the situations of the lab by their groups.
func exampleGroups(l codes.Lang) (out []exampleGroup) {
	all := scenarios()
	for _, g := range lab.ScenarioGroups() {
		group := exampleGroup{Title: g.Title.In(l)}
		for _, x := range all {
			if x.Group == g.ID {
				group.Examples = append(group.Examples, example{x.Name, x.Situation.In(l), page.Command(x.Command)})
			}
		}
		if group.Examples != nil {
			out = append(out, group)
		}
	}
	return out
}
