package serve

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"

	"todoku/cmd/report"
	"todoku/cmd/report/page"
	"todoku/codes"
)

// fleet are the pages of the domains that are watched.
type fleet struct{ *server }

// fleetBody is a page of the fleet: all of it, its domains by how they stand, what changed, or one domain.
type fleetBody struct {
	Domain, Status, Since string
	View                  string // "report", "list", "changes", "show"
	Shown                 resultBody
	Domains               []string // those that are shown and have pages, the first ones
}

var fleetTitle = codes.Text{EN: "Watched domains", JA: "監視中のドメイン"}

// page shows what the address asks for.
func (s fleet) page(w http.ResponseWriter, r *http.Request) {
	if s.options.store.Where == "" {
		s.notFound(w, r)
		return
	}
	q := r.URL.Query()
	v := func(name string) string { return strings.TrimSpace(shortened(q.Get(name))) }
	b := fleetBody{Domain: v("domain"), Status: v("status"), Since: v("since"), View: v("view")}
	f := s.frame(w, r, fleetTitle)
	j, err := s.job(&b)
	var status int
	if b.Shown, status = shown(s).answer(w, r, f, j, err); status > 0 {
		if res, ok := s.results.get(b.Shown.ID); ok && b.Domain == "" {
			b.Domains = namesIn(res.files[page.JSON])
		}
		show(w, status, "watch", f, b)
	}
}

// mostNames bounds the links to domains of a page.
const mostNames = 100

// namesIn are the domains that a document of the fleet names, each once, in its order.
func namesIn(document []byte) (names []string) {
	type row struct {
		Domain string `json:"domain"`
	}
	var rows []row // a list, or what an overview holds
	if json.Unmarshal(document, &rows) != nil {
		var all struct {
			Findings []row `json:"findings"`
		}
		if json.Unmarshal(document, &all) != nil {
			return nil
		}
		rows = all.Findings
	}
	for _, r := range rows {
		if len(names) < mostNames && codes.PlaceDomain.Takes(r.Domain) && !slices.Contains(names, r.Domain) {
			names = append(names, r.Domain)
		}
	}
	return names
}

// job is the command line of a page. Its store is the one that the server shares.
func (s fleet) job(b *fleetBody) (j job, err error) {
	switch {
	case b.Domain != "":
		b.View = "show"
		j = job{title: fleetTitle, subject: b.Domain, command: codes.Todoku("watch", "show", "DOMAIN"), formats: report.Timelines.Formats()}
		if !codes.PlaceDomain.Takes(b.Domain) {
			return j, codes.Wrong(codes.Say(codes.Text{EN: "{value} is not a domain name", JA: "{value} はドメイン名ではありません"},
				codes.QuotedStart("value", b.Domain, 80)), codes.Message{})
		}
		j.command = j.command.With(codes.PlaceDomain, b.Domain)
		return j, nil
	case b.View == "changes":
		c := codes.Todoku("watch", "report", "--changes", "--limit=500")
		c, err = given(c, codes.Todoku("--since", "REPLY"), codes.PlaceReply, "--since", b.Since)
		return job{title: fleetTitle, command: c, formats: report.Changes.Formats()}, err
	}
	var list codes.Command
	switch b.Status {
	case "fail":
		list = codes.Todoku("watch", "list", "--status=fail")
	case "unknown":
		list = codes.Todoku("watch", "list", "--status=unknown")
	case "warn":
		list = codes.Todoku("watch", "list", "--status=warn")
	default:
		b.View, b.Status = "report", ""
		return job{title: fleetTitle, command: codes.Todoku("watch", "report"), formats: report.Fleets.Formats()}, nil
	}
	b.View = "list"
	return job{title: fleetTitle, command: list, formats: report.Watched.Formats()}, nil
}
