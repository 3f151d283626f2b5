package report

import (
	"iter"

	"todoku/cmd/report/page"
	"todoku/diag/watch"
)

// FleetSchemaName is what overviews of a fleet call their schema.
const FleetSchemaName = "todoku/fleet/1"

// The types below are the schema todoku/fleet/1. The findings stand at its end, as they come.
type fleetJSON struct {
	Schema     string         `json:"schema"`
	Tool       toolJSON       `json:"tool"`
	At         string         `json:"at"`
	Domains    int            `json:"domains"`
	Chunks     int            `json:"chunks"`
	Never      int            `json:"never_looked"`
	Overdue    int            `json:"overdue"`
	Lag        int64          `json:"lag_ms"`
	Rate       float64        `json:"domains_per_second"`
	Took       int64          `json:"chunk_ms"`
	OldestLook string         `json:"oldest_look"`
	NewestLook string         `json:"newest_look"`
	ByStatus   countsJSON     `json:"by_status"`
	Rules      []ruleCount    `json:"rules"`
	Silent     []silentCount  `json:"silent"`
	Listed     int            `json:"listed"`
	Expires    []endingJSON   `json:"certificates"`
	Incidents  []incidentJSON `json:"incidents"`
	Queue      *queueJSON     `json:"queue"`
	Alerts     alertsJSON     `json:"alerts"`
}

type ruleCount struct {
	Rule     string `json:"rule"`
	Severity string `json:"severity"`
	Domains  int    `json:"domains"`
}

type silentCount struct {
	Kind    string `json:"kind"`
	Domains int    `json:"domains"`
}

type endingJSON struct {
	Domain string `json:"domain"`
	Host   string `json:"host"`
	Use    string `json:"use"`
	At     string `json:"at"`
}

type incidentJSON struct {
	Change    string   `json:"change"`
	Culprit   string   `json:"culprit"`
	Rule      string   `json:"rule"`
	Check     string   `json:"check"`
	Severity  string   `json:"severity"`
	Message   string   `json:"message"`
	Domains   int      `json:"domains"`
	Standing  int      `json:"standing"`
	Opened    string   `json:"opened"`
	Told      string   `json:"told"`
	Recovered string   `json:"recovered"`
	Examples  []string `json:"examples"`
}

type queueJSON struct {
	Waiting int    `json:"waiting"`
	Running int    `json:"running"`
	Dead    int    `json:"dead"`
	Oldest  string `json:"oldest"`
}

type alertsJSON struct {
	Waiting int `json:"waiting"`
	Failed  int `json:"failed"`
}

func asFleet(f *Fleet, o Options) fleetJSON {
	by := func(name string) int { return f.Summary.Status[name] }
	out := fleetJSON{Schema: FleetSchemaName, Tool: toolJSON{"todoku", o.Version}, At: Stamp(f.At), Domains: f.Domains,
		Chunks: f.Chunks, Never: f.Never, Overdue: f.Overdue, Lag: f.Lag.Milliseconds(), Rate: f.Rate, Took: f.Took.Milliseconds(),
		OldestLook: Stamp(f.OldestLook), NewestLook: Stamp(f.NewestLook), Listed: f.Summary.Listed,
		ByStatus: countsJSON{Pass: by("pass"), Info: by("info"), Warn: by("warn"), Unknown: by("unknown"), Fail: by("fail")},
		Rules:    []ruleCount{}, Silent: []silentCount{}, Expires: []endingJSON{}, Incidents: []incidentJSON{},
		Alerts: alertsJSON{f.AlertsWaiting, f.AlertsFailed}}
	for _, s := range ruleShares(f.Summary) {
		out.Rules = append(out.Rules, ruleCount{s.name, s.status.String(), s.n})
	}
	for _, s := range silentShares(f.Summary) {
		out.Silent = append(out.Silent, silentCount{s.name, s.n})
	}
	for _, e := range f.Summary.Expires {
		out.Expires = append(out.Expires, endingJSON{e.Domain, e.Host, e.Use, Stamp(e.At)})
	}
	for _, n := range f.Incidents {
		out.Incidents = append(out.Incidents, asIncident(n, o))
	}
	if q := f.Queue; q != nil {
		out.Queue = &queueJSON{q.Waiting, q.Running, q.Dead, Stamp(q.Oldest)}
	}
	return out
}

func asIncident(n watch.Incident, o Options) incidentJSON {
	out := incidentJSON{string(n.Key.Turn), n.Key.Culprit, n.Key.Rule, n.Key.Kind, n.Severity, n.Message.In(o.Lang), n.Count, n.Standing,
		Stamp(n.Opened), Stamp(n.Told), Stamp(n.Recovered), []string{}}
	for _, e := range n.Examples {
		out.Examples = append(out.Examples, e.Domain)
	}
	return out
}

// standing are the findings of an overview; none where they were not asked for.
func (f *Fleet) standing() iter.Seq2[FleetRow, error] {
	if f.Findings == nil {
		return func(func(FleetRow, error) bool) {}
	}
	return f.Findings
}

// fleetAs writes overviews as JSON or NDJSON.
func fleetAs(f page.Format) func(*page.Out, Options) page.Printer[*Fleet] {
	return func(w *page.Out, o Options) page.Printer[*Fleet] { return fleetStream{page.NewStream(w, f, o.Many), o} }
}

type fleetStream struct {
	*page.Stream
	o Options
}

// Put writes one overview.
func (p fleetStream) Put(f *Fleet) error {
	return page.PutList(p.Stream, asFleet(f, p.o), "findings", f.standing())
}

// fleetCSV writes what stands, one a row.
func fleetCSV(w *page.Out, o Options) page.Printer[*Fleet] {
	return fleetTable{page.NewTable(w, o.ByteOrderMark, FleetRow{}.Columns())}
}

type fleetTable struct{ *page.Table }

// Put writes the findings of one overview.
func (p fleetTable) Put(f *Fleet) error {
	return eachRow(f.standing(), func(r FleetRow) error { return p.Table.Put(r.Cells()) })
}

// fleetParquet writes what stands as columns for analysis.
func fleetParquet(w *page.Out, _ Options) page.Printer[*Fleet] {
	return fleetColumns{page.NewParquet[FleetRow](w)}
}

type fleetColumns struct{ *page.ParquetRows[FleetRow] }

// Put writes the findings of one overview.
func (p fleetColumns) Put(f *Fleet) error { return eachRow(f.standing(), p.ParquetRows.Put) }

// eachRow puts all rows of a list.
func eachRow[T any](list iter.Seq2[T, error], put func(T) error) error {
	for r, err := range list {
		if err != nil {
			return err
		}
		if err := put(r); err != nil {
			return err
		}
	}
	return nil
}

// asParquet makes a printer of rows for analysis.
func asParquet[T any](w *page.Out, _ Options) page.Printer[T] { return page.NewParquet[T](w) }
