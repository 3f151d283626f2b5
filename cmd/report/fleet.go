package report

import (
	"cmp"
	"fmt"
	"iter"
	"maps"
	"slices"
	"strings"
	"time"

	"todoku/codes"
	"todoku/diag"
	"todoku/diag/check"
	"todoku/diag/watch"
)

// Fleet is how the domains stand that are watched, and how far looking at them is.
type Fleet struct {
	At                          time.Time
	Domains, Chunks, Never      int
	Overdue                     int           // domains whose look is late: it was due long ago, and is not done
	Lag                         time.Duration // by how much at most
	Rate                        float64       // domains a second, of the last 15 minutes
	Took                        time.Duration // that a look at a chunk takes
	OldestLook, NewestLook      time.Time
	Summary                     watch.Summary
	Incidents                   []watch.Incident // that are not over, at most MostIncidents
	Queue                       *watch.Depth     // nil: there is none
	AlertsWaiting, AlertsFailed int
	Findings                    iter.Seq2[FleetRow, error] // what stands; nil: it was not asked for
	Progress                    bool                       // how far the work is comes first, not how the domains stand
}

// MostIncidents is how many incidents a document has.
const MostIncidents = 100

// FleetRow is a finding that stands, or a check that cannot look, for programs.
type FleetRow struct {
	Domain    string `json:"domain" parquet:"domain,dict"`
	Name      string `json:"name" parquet:"name,dict"`
	Check     string `json:"check" parquet:"check,dict"`
	Rule      string `json:"rule" parquet:"rule,dict"` // "" where the check cannot look
	Subject   string `json:"subject" parquet:"subject"`
	Severity  string `json:"severity" parquet:"severity,dict"` // "unknown" where the check cannot look
	FirstSeen string `json:"first_seen" parquet:"first_seen"`
	Looked    string `json:"looked" parquet:"looked,dict"` // the last look at the domain
	Message   string `json:"message" parquet:"message"`
	Culprit   string `json:"culprit" parquet:"culprit,dict"`
}

// Columns names the cells of a finding.
func (FleetRow) Columns() []string {
	return []string{"domain", "name", "check", "rule", "subject", "severity", "first_seen", "looked", "message", "culprit"}
}

// Cells are its values.
func (r FleetRow) Cells() []string {
	return []string{r.Domain, r.Name, r.Check, r.Rule, r.Subject, r.Severity, r.FirstSeen, r.Looked, r.Message, r.Culprit}
}

// shareOf is a line of a table: how many domains something is at.
type shareOf struct {
	status diag.Status
	name   string
	n      int
}

// ruleShares are the rules that are broken, the worst and most frequent first.
func ruleShares(s watch.Summary) []shareOf {
	severity := map[string]diag.Status{}
	for _, r := range check.Rules() {
		severity[r.ID] = r.Severity
	}
	var out []shareOf
	for _, id := range slices.Sorted(maps.Keys(s.Rules)) {
		out = append(out, shareOf{severity[id], id, s.Rules[id]})
	}
	slices.SortStableFunc(out, func(a, b shareOf) int { return cmp.Or(cmp.Compare(b.status, a.status), cmp.Compare(b.n, a.n)) })
	return out
}

// silentShares are the kinds of silence, the most frequent first.
func silentShares(s watch.Summary) []shareOf {
	var out []shareOf
	for _, kind := range slices.Sorted(maps.Keys(s.Silent)) {
		out = append(out, shareOf{diag.Unknown, kind, s.Silent[kind]})
	}
	slices.SortStableFunc(out, func(a, b shareOf) int { return cmp.Compare(b.n, a.n) })
	return out
}

// statusShares are the domains by their worst status, the worst first.
func (t watchPage) statusShares(s watch.Summary) []shareOf {
	var out []shareOf
	for _, of := range []diag.Status{diag.Fail, diag.Unknown, diag.Warn, diag.Info, diag.OK} {
		if n := s.Status[of.String()]; n > 0 {
			out = append(out, shareOf{of, t.standing(of), n})
		}
	}
	return out
}

// standing says how a domain stands.
func (t watchPage) standing(s diag.Status) string {
	switch s {
	case diag.Fail:
		return t.tr("with problems", "問題あり")
	case diag.Unknown:
		return t.tr("could not be looked at, or not whole", "確認できず")
	case diag.Warn:
		return t.tr("with warnings", "注意")
	case diag.Info:
		return t.tr("in order, with notes", "問題なし(参考情報あり)")
	}
	return t.tr("in order", "問題なし")
}

// fleetAnswer is the sentence that answers: how many domains stand how.
func (t watchPage) fleetAnswer(f *Fleet) string {
	if f.Domains == 0 {
		return t.tr("No domain is watched.", "監視しているドメインはありません。")
	}
	all := t.domains(f.Domains) + t.tr(": ", "のうち、")
	var parts []string
	for _, s := range t.statusShares(f.Summary) {
		parts = append(parts, fmt.Sprintf(t.tr("%s %s", "%[2]s%[1]s件"), thousands(int64(s.n)), s.name))
	}
	if f.Never > 0 {
		parts = append(parts, fmt.Sprintf(t.tr("%s not looked at yet", "未確認%s件"), thousands(int64(f.Never))))
	}
	return all + strings.Join(parts, comma(t.o.Lang)) + t.tr(".", "。")
}

// workLines say how far looking is, and what waits.
func (t watchPage) workLines(f *Fleet) []markedView {
	var out []markedView
	add := func(s diag.Status, format string, values ...any) {
		out = append(out, markedLine(s, fmt.Sprintf(format, values...)))
	}
	looked := diag.OK
	if f.Overdue > 0 {
		looked = diag.Warn
		add(looked, t.tr("late: %s wait for their look, the longest %s too long", "遅れ: %sが確認待ち(最大%sの遅れ)"),
			t.domains(f.Overdue), t.lasting(f.Lag))
	} else if f.Domains > 0 {
		add(looked, "%s", t.tr("on time: no domain waits too long for its look",
			"遅れなし: 確認が遅れているドメインはありません"))
	}
	if !f.OldestLook.IsZero() {
		add(diag.OK, t.tr("last looks: the oldest %s, the newest %s",
			"最後の確認: 最も古いもの %s、最も新しいもの %s"), t.moment(f.OldestLook), t.moment(f.NewestLook))
	}
	if f.Rate > 0 {
		add(diag.OK, t.tr("rate: %.1f domains a second (last 15 minutes); a chunk takes %s",
			"速度: 毎秒%.1fドメイン(直近15分)、1チャンクの所要時間は%s"), f.Rate, t.shortly(f.Took))
	}
	if q := f.Queue; q != nil {
		add(diag.OK, t.tr("work: %d waiting, %d under way", "作業: 待機%d件、実行中%d件"), q.Waiting, q.Running)
		if q.Dead > 0 {
			add(diag.Fail, t.tr("given up after many attempts: %d", "繰り返し失敗して中止した作業: %d件"), q.Dead)
		}
	}
	if f.AlertsWaiting > 0 {
		add(diag.Warn, t.tr("alerts that wait to be delivered: %d", "未送信の通知: %d件"), f.AlertsWaiting)
	}
	if f.AlertsFailed > 0 {
		add(diag.Fail, t.tr("alerts that could not be delivered: %d", "送信できなかった通知: %d件"), f.AlertsFailed)
	}
	return out
}

// endingLines are the certificates that end first.
func (t watchPage) endingLines(f *Fleet) []markedView {
	var out []markedView
	for _, e := range f.Summary.Expires {
		status, left := diag.Info, e.At.Sub(f.At)
		when := fmt.Sprintf(t.tr("in %s", "残り%s"), t.lasting(left))
		switch {
		case left <= 0:
			status, when = diag.Fail, t.tr("ended", "期限切れ")
		case left < 14*24*time.Hour:
			status = diag.Warn
		}
		out = append(out, markedLine(status, e.Host+" ("+domainName(e.Domain)+")  "+t.moment(e.At)+" · "+when))
	}
	return out
}

// incidentLine is what is told at once of several domains.
func (t watchPage) incidentLine(n watch.Incident) markedView {
	name := n.Key.Culprit
	if name == "" {
		name = cmp.Or(n.Key.Rule, n.Key.Kind)
	}
	return markedLine(statusNamed(n.Severity), fmt.Sprintf(t.tr("%s · %s of %s · since %s · %s",
		"%s ・ %[3]sのうち%[2]sで継続中 ・ %[4]s から ・ %[5]s"),
		name, t.number(n.Standing), t.domains(n.Count), t.moment(n.Opened), shown(n.Message.In(t.o.Lang))))
}

// number is a count of things.
func (watchPage) number(n int) string { return thousands(int64(n)) }

// fleetNext are commands to go on with.
func (t watchPage) fleetNext(f *Fleet) []codes.Command {
	var out []codes.Command
	add := func(c codes.Command) { out = append(out, t.o.SameWorld(c)) }
	switch {
	case f.Domains == 0:
		add(codes.Todoku("watch", "add", "DOMAIN"))
	case f.Queue != nil && f.Queue.Dead > 0:
		add(codes.Todoku("watch", "status", "--revive"))
	case f.Summary.Status[diag.Fail.String()] > 0:
		add(codes.Todoku("watch", "list", "--status=fail"))
	}
	return out
}
