package report

import (
	"crypto/sha256"
	"encoding/hex"
	"net/url"
	"path/filepath"
	"strconv"
	"strings"

	"todoku/cmd/report/page"
	"todoku/codes"
	"todoku/diag"
)

// reportSARIF prints reports as one SARIF 2.1.0 log, which code scanning reads: a result for each finding and for each check
// that could not look, with a fingerprint that stays the same as long as rule, subject and target do. Results are written
// as they come; the rules follow at the end.
func reportSARIF(w *page.Out, o Options) page.Printer[*diag.Report] {
	return &sarifLog{w: w, o: o, index: map[string]int{}}
}

const (
	sarifVersion = "2.1.0"
	sarifSchema  = "https://json.schemastore.org/sarif-2.1.0.json"
	unknownRule  = "todoku-unknown" // of results that say that todoku could not look
)

type sarifLog struct {
	w       *page.Out
	o       Options
	rules   []sarifRule
	index   map[string]int // of a rule in rules
	results int
}

type sarifText struct {
	Text     string `json:"text"`
	Markdown string `json:"markdown,omitempty"`
}

type sarifRule struct {
	ID       string         `json:"id"`
	Short    sarifText      `json:"shortDescription"`
	Full     sarifText      `json:"fullDescription"`
	Help     sarifText      `json:"help"`
	Defaults sarifDefault   `json:"defaultConfiguration"`
	Extra    sarifRuleExtra `json:"properties"`
}

type sarifDefault struct {
	Level string `json:"level"`
}

type sarifRuleExtra struct {
	Tags []string `json:"tags"`
}

type sarifResult struct {
	RuleID       string            `json:"ruleId"`
	RuleIndex    int               `json:"ruleIndex"`
	Level        string            `json:"level"`
	Baseline     string            `json:"baselineState,omitempty"`
	Kind         string            `json:"kind,omitempty"` // "": a failure (§3.27.9)
	Message      sarifText         `json:"message"`
	Locations    []sarifLocation   `json:"locations"`
	Fingerprints map[string]string `json:"partialFingerprints"`
	Suppressions []suppression     `json:"suppressions,omitempty"` // not empty: the finding is ignored
	Extra        sarifExtra        `json:"properties"`
}

// suppression says that a result does not count (§3.35): the config file says so, which is no part of what was looked at.
type suppression struct {
	Kind   string `json:"kind"`
	Status string `json:"status"`
	Why    string `json:"justification"`
}

type sarifExtra struct {
	Target  string          `json:"target"`
	Check   string          `json:"check"`
	Subject string          `json:"subject"`
	Status  string          `json:"status"`
	Owner   codes.Owner     `json:"owner,omitempty"`
	Records []diag.Record   `json:"records"`
	Seen    []diag.Evidence `json:"evidence"`
}

type sarifLocation struct {
	Physical sarifPhysical  `json:"physicalLocation"`
	Logical  []sarifLogical `json:"logicalLocations"`
}

type sarifPhysical struct {
	Artifact sarifArtifact `json:"artifactLocation"`
	Region   *sarifRegion  `json:"region,omitempty"`
}

type sarifArtifact struct {
	URI string `json:"uri"`
}

type sarifRegion struct {
	StartLine int `json:"startLine"`
}

type sarifLogical struct {
	Name string `json:"fullyQualifiedName"`
	Kind string `json:"kind"`
}

// Put writes the results of one report.
func (s *sarifLog) Put(r *diag.Report) error {
	same := map[string]int{} // results so far of one rule and subject
	for _, x := range rowsOf(r, s.o.Lang) {
		if x.Rule == nil && x.Status != diag.Unknown {
			continue
		}
		key := x.id() + "\x00" + x.Subject
		same[key]++
		head := ","
		if s.results == 0 {
			head = s.head()
		}
		s.results++
		if err := s.w.JSON(head, s.result(x, same[key]), ""); err != nil {
			return err
		}
	}
	return nil
}

func (s *sarifLog) head() string {
	return `{"$schema":"` + sarifSchema + `","version":"` + sarifVersion + `","runs":[{"results":[` + "\n"
}

// result is a row, the n-th of its rule and subject.
func (s *sarifLog) result(x row, n int) sarifResult {
	text := page.Clean(x.Message)
	if x.Fix != "" {
		text += "\n" + x.advice(s.o.Lang)
	}
	out := sarifResult{Level: sarifLevel(x.Status), Message: sarifText{Text: text}, Locations: []sarifLocation{locationOf(x)},
		Fingerprints: map[string]string{"todoku/v1": fingerprint(x, n)}, Extra: sarifExtra{Target: x.Target, Check: x.Check.Name,
			Subject: x.Subject, Status: x.Status.String(), Owner: x.Owner, Records: notNil(x.Records), Seen: notNil(x.Evidence)}}
	if x.Ignored {
		out.Suppressions = []suppression{{"external", "accepted", page.Clean(x.Excepted)}}
	}
	out.Baseline = sarifBaseline(x.Turn)
	if out.Baseline == "absent" {
		out.Level, out.Kind = "none", "pass"
	}
	out.RuleID, out.RuleIndex = s.rule(x)
	return out
}

// sarifBaseline is a turn in the words of SARIF (§3.27.24); "" where nobody can tell.
func sarifBaseline(t diag.Turn) string {
	switch t {
	case diag.TurnNew:
		return "new"
	case diag.TurnChanged:
		return "updated"
	case diag.TurnSame:
		return "unchanged"
	case diag.TurnMended:
		return "absent"
	}
	return ""
}

// rule finds a row's rule among those that the log has, or adds it.
func (s *sarifLog) rule(x row) (id string, index int) {
	id = unknownRule
	if x.Rule != nil {
		id = x.Rule.ID
	}
	index, known := s.index[id]
	if !known {
		index = len(s.rules)
		s.index[id], s.rules = index, append(s.rules, ruleOf(x.Rule, s.o.Lang))
	}
	return id, index
}

// ruleOf describes a rule; nil is the one of what todoku could not look at.
func ruleOf(r *diag.Rule, l codes.Lang) sarifRule {
	if r == nil {
		words := codes.Text{EN: "todoku could not look: this says nothing about the domain",
			JA: "確認できませんでした(ドメインの問題を示すものではありません)"}.In(l)
		return sarifRule{ID: unknownRule, Short: sarifText{Text: words}, Full: sarifText{Text: words}, Help: sarifText{Text: words},
			Defaults: sarifDefault{"warning"}, Extra: sarifRuleExtra{[]string{"mail"}}}
	}
	why, fix := Blanks(r.Why, l), Blanks(r.Fix, l)
	return sarifRule{ID: r.ID, Short: sarifText{Text: Blanks(r.Says, l)}, Full: sarifText{Text: why},
		Help: sarifText{Text: why + "\n" + fix + "\n" + r.Ref,
			Markdown: string(page.Filled("%s\n\n%s\n\n%s", page.Escaped(why), page.Escaped(fix), page.Escaped(r.Ref)))},
		Defaults: sarifDefault{sarifLevel(r.Severity)}, Extra: sarifRuleExtra{append([]string{"mail"}, r.Codes...)}}
}

// locationOf is the line of the zone file that holds what the row is about, else its target as a place without lines.
func locationOf(x row) sarifLocation {
	out := sarifLocation{Logical: []sarifLogical{{page.Clean(x.Subject), "resource"}}}
	if at := x.place(); !at.IsZero() {
		out.Physical = sarifPhysical{sarifArtifact{fileURI(at.File)}, &sarifRegion{at.Line}}
		return out
	}
	out.Physical.Artifact.URI = (&url.URL{Path: page.Clean(x.Target)}).EscapedPath()
	return out
}

// fileURI is a file as SARIF names it: relative to the root of the repository, or absolute.
func fileURI(file string) string {
	u := url.URL{Path: filepath.ToSlash(file)}
	if strings.HasPrefix(u.Path, "/") {
		u.Scheme = "file"
	}
	return u.String()
}

// fingerprint is the same for the n-th breach of the same rule by the same subject, whatever the words and the machine.
func fingerprint(x row, n int) string {
	sum := sha256.Sum256([]byte(strings.Join([]string{x.id(), strings.ToLower(x.Subject), strings.ToLower(x.Target),
		strconv.Itoa(n)}, "\x00")))
	return hex.EncodeToString(sum[:16])
}

func sarifLevel(s diag.Status) string {
	switch s {
	case diag.Fail:
		return "error"
	case diag.Warn, diag.Unknown:
		return "warning"
	}
	return "note"
}

// Close writes the rules and ends the log.
func (s *sarifLog) Close() error {
	type driver struct {
		Name    string      `json:"name"`
		Version string      `json:"semanticVersion"`
		Rules   []sarifRule `json:"rules"`
	}
	type tool struct {
		Driver driver `json:"driver"`
	}
	head := ""
	if s.results == 0 {
		head = s.head()
	}
	return s.w.JSON(head+`],"tool":`, tool{driver{"todoku", s.o.Version, notNil(s.rules)}}, "}]}\n")
}
