package report

import (
	"strings"
	"time"

	"todoku/cmd/report/page"
	"todoku/codes"
	"todoku/diag/sources"
	"todoku/sender/aggregate"
)

// ReceivedSchemaName is what reports of receivers call their schema.
const ReceivedSchemaName = "todoku/reports/1"

// The types below are the schema todoku/reports/1.
type receivedJSON struct {
	Schema     string               `json:"schema"`
	Tool       toolJSON             `json:"tool"`
	Inputs     []receivedInput      `json:"inputs"`
	Counts     receivedCounts       `json:"counts"`
	First      string               `json:"first"`
	Last       string               `json:"last"`
	DNS        string               `json:"dns"` // "", no_dns, silent
	Incomplete bool                 `json:"incomplete"`
	Domains    []receivedDomainJSON `json:"domains"`
	TLS        []receivedTLS        `json:"tls"`
}

type receivedInput struct {
	File    string   `json:"file"`
	Reports int64    `json:"reports"`
	Others  int64    `json:"others"`
	Error   string   `json:"error"`
	Notes   []string `json:"notes"`
}

type receivedCounts struct {
	DMARC       int64 `json:"dmarc"`
	TLS         int64 `json:"tls"`
	Rows        int64 `json:"rows"`
	Duplicates  int64 `json:"duplicates"`
	Overlapping int64 `json:"overlapping"`
	Outside     int64 `json:"outside"`
	Lost        int64 `json:"lost"`
	Beyond      int64 `json:"beyond"`
	TLSBeyond   int64 `json:"tls_beyond"`
	Unknown     int64 `json:"unknown"`
	Asked       int   `json:"addresses_asked"`
	NotAsked    int   `json:"addresses_not_asked"`
}

type receivedSum struct {
	Mails      int64 `json:"mails"`
	Pass       int64 `json:"pass"`
	Fail       int64 `json:"fail"`
	DKIM       int64 `json:"dkim_aligned"`
	SPF        int64 `json:"spf_aligned"`
	Delivered  int64 `json:"delivered"`
	Quarantine int64 `json:"quarantined"`
	Refused    int64 `json:"rejected"`
}

type receivedDomainJSON struct {
	Domain string `json:"domain"`
	receivedSum
	Policy    policyJSON             `json:"policy"`
	First     string                 `json:"first"`
	Last      string                 `json:"last"`
	Days      int                    `json:"days"`
	Gaps      []gapJSON              `json:"gaps"`
	Reporters []reporterJSON         `json:"reporters"`
	More      int64                  `json:"more_reports"`
	Classes   map[string]receivedSum `json:"classes"`
	Groups    []receivedGroupJSON    `json:"groups"`
	Selectors []selectorSeenJSON     `json:"selectors"`
	MoreKeys  int                    `json:"more_selectors"`
	Fakes     int                    `json:"forged_selectors"`
	Differs   differsJSON            `json:"differs"`
	ByList    bool                   `json:"by_suffix_list"`
	SPF       []brokenSPF            `json:"spf_errors"`
	Error     *errorJSON             `json:"error"`
	WhatIf    *outcomeJSON           `json:"what_if"`
	Next      []nextJSON             `json:"next"`
}

type policyJSON struct {
	P       string `json:"p"`
	SP      string `json:"sp"`
	NP      string `json:"np"`
	ADKIM   string `json:"adkim"`
	ASPF    string `json:"aspf"`
	Pct     string `json:"pct"`
	Testing string `json:"t"`
}

type gapJSON struct {
	First string `json:"first"`
	Last  string `json:"last"`
	Days  int    `json:"days"`
}

type reporterJSON struct {
	Org      string `json:"org"`
	Reports  int64  `json:"reports"`
	Mails    int64  `json:"mails"`
	Days     int    `json:"days"`
	First    string `json:"first"`
	Last     string `json:"last"`
	Treewalk int64  `json:"treewalk"`
	List     int64  `json:"psl"`
}

type differsJSON struct {
	DKIM      int64 `json:"dkim"`
	SPF       int64 `json:"spf"`
	Reporters int   `json:"reporters"`
}

type brokenSPF struct {
	Domain string `json:"domain"`
	Why    string `json:"why"`
}

type nextJSON struct {
	Line string   `json:"line"`
	Argv []string `json:"argv"`
}

type selectorSeenJSON struct {
	Domain    string `json:"domain"`
	Selector  string `json:"selector"`
	Pass      int64  `json:"pass"`
	Fail      int64  `json:"fail"`
	LastPass  string `json:"last_pass"`
	LastFail  string `json:"last_fail"`
	Operators int    `json:"operators"`
}

// asReceived is the JSON of what receivers report.
func asReceived(r *sources.Result, o Options) receivedJSON {
	n := r.Counts
	out := receivedJSON{Schema: ReceivedSchemaName, Tool: toolJSON{"todoku", o.Version}, Inputs: []receivedInput{},
		Counts: receivedCounts{n.DMARC, n.TLS, n.Rows, n.Duplicates, n.Overlapping, n.Outside, n.Lost, n.Beyond, n.TLSBeyond, n.Unknown,
			r.Asked, r.NotAsked},
		First: timeJSON(r.First), Last: timeJSON(r.Last), DNS: string(r.Why), Incomplete: r.Cut,
		Domains: []receivedDomainJSON{}, TLS: []receivedTLS{}}
	for _, in := range r.Inputs {
		j := receivedInput{File: in.File, Reports: in.Reports, Others: in.Others, Notes: []string{}}
		if in.Err != nil {
			j.Error = strings.Join(page.ErrorLines(in.Err, o.Lang), "\n")
		}
		for _, note := range in.Notes {
			j.Notes = append(j.Notes, note.Place+": "+page.Message(note.Fault.Message(), o.Lang))
		}
		out.Inputs = append(out.Inputs, j)
	}
	for _, d := range r.Domains {
		out.Domains = append(out.Domains, asReceivedDomain(d, o))
	}
	for _, d := range r.TLS {
		out.TLS = append(out.TLS, asReceivedTLS(d, o))
	}
	return out
}

func asSum(s sources.Sum) receivedSum {
	return receivedSum{s.Mails, s.Pass, s.Fail, s.DKIM, s.SPF, s.Delivered, s.Quarantine, s.Refused}
}

func asPolicy(p aggregate.Policy) policyJSON {
	return policyJSON{p.P, p.SP, p.NP, p.ADKIM, p.ASPF, p.Pct, p.Testing}
}

func asReceivedDomain(d *sources.Domain, o Options) receivedDomainJSON {
	out := receivedDomainJSON{Domain: d.Name, receivedSum: asSum(d.Sum), Policy: asPolicy(d.Policy), First: timeJSON(d.First),
		Last: timeJSON(d.Last),
		Days: d.Days, Gaps: []gapJSON{}, Reporters: []reporterJSON{}, More: d.More, Classes: map[string]receivedSum{},
		Groups:    []receivedGroupJSON{},
		Selectors: []selectorSeenJSON{}, MoreKeys: d.MoreKeys, Fakes: d.Fakes, Differs: differsJSON(d.Differs), ByList: d.ByList,
		SPF:   []brokenSPF{},
		Error: asError(d.Err, o.Lang), Next: []nextJSON{}}
	for _, g := range d.Gaps {
		out.Gaps = append(out.Gaps, gapJSON{dayJSON(g.First), dayJSON(g.Last), g.Days()})
	}
	for _, r := range d.Reporters {
		out.Reporters = append(out.Reporters, reporterJSON{r.Org, r.Reports, r.Mails, r.Days, timeJSON(r.First), timeJSON(r.Last),
			r.Treewalk, r.List})
	}
	for _, c := range sources.Classes() {
		out.Classes[string(c)] = asSum(d.ByClass[c])
	}
	for _, g := range d.Groups {
		out.Groups = append(out.Groups, asReceivedGroup(g, o))
	}
	for _, s := range d.Selectors {
		out.Selectors = append(out.Selectors, selectorSeenJSON{s.Domain, s.Name, s.Pass, s.Fail, dayJSON(s.LastPass),
			dayJSON(s.LastFail), s.Operators})
	}
	for _, name := range sortedKeys(d.BrokenSPF) {
		out.SPF = append(out.SPF, brokenSPF{name, d.BrokenSPF[name]})
	}
	if d.WhatIf != nil {
		w := asOutcome(d, o)
		out.WhatIf = &w
	}
	if c := SelectorsCommand(d); !c.IsZero() {
		out.Next = append(out.Next, asNext(c, o))
	}
	for i, s := range neverPassing(d) {
		if i < maxLearned {
			out.Next = append(out.Next, asNext(selectorCommand(s), o))
		}
	}
	return out
}

func asNext(c codes.Command, o Options) nextJSON {
	c = o.SameWorld(c)
	return nextJSON{page.Command(c), c.Argv()}
}

// dayJSON is a day; "" for none.
func dayJSON(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.DateOnly)
}
