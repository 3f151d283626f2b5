package report

import (
	"strings"

	"todoku/codes"
)

// fixView is a plan of records as its template shows it: each record set with its reasons, then all of them in the form that is wanted.
type fixView struct {
	Head                  string
	Zones                 []fixZoneView
	FormTitle, NotesTitle string
	Form                  copyView
	Notes                 []markedView
}

type fixZoneView struct {
	Zone    string
	Changes []fixChangeView
}

type fixChangeView struct {
	Name  string
	Why   []markedView
	Was   []string
	Lines []copyView
}

func fixHTML(f Fix, o Options) fixView {
	t := makeWebText(o)
	v := fixView{Head: fixHead(f, o.Lang), FormTitle: t.tr("All of them: ", "すべてのレコード: ") + string(f.As),
		NotesTitle: t.tr("Notes", "補足"), Notes: plainLines(FixNotes(f, o.Lang))}
	for _, zone := range f.zones() {
		z := fixZoneView{Zone: t.tr("zone ", "ゾーン ") + zone}
		for _, c := range f.in(zone) {
			x := fixChangeView{Name: c.Name + " " + c.Type, Why: plainLines(fixReasons(c, o.Lang))}
			for i := range x.Why {
				x.Why[i].Text = strings.TrimSpace(x.Why[i].Text)
			}
			for _, value := range c.Was {
				x.Was = append(x.Was, zoneLine(c, value))
			}
			for _, value := range c.Values {
				x.Lines = append(x.Lines, t.copyable("", zoneLine(c, value)))
			}
			z.Changes = append(z.Changes, x)
		}
		v.Zones = append(v.Zones, z)
	}
	if len(f.Changes) > 0 {
		v.Form = t.block(f.document(o.Lang))
	}
	return v
}

// fixTitle is what a page of records is called.
var fixTitle = codes.Text{EN: "Records to change", JA: "変更するレコード"}
