package report

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"todoku/cmd/report/page"
	"todoku/codes"
	"todoku/diag/fix"
	"todoku/diag/guide/walk"
	"todoku/sender/collect"
	"todoku/sender/history"
)

// TestEveryDocumentInEveryFormat prints none, one and three of every document of the table, in each of its formats and
// both languages.
func TestEveryDocumentInEveryFormat(t *testing.T) {
	t.Parallel()
	c := catalogue(t)
	samples, rowsOfOne := everyDocument(t, c)
	for _, e := range Table() {
		print, known := samples[e.Document]
		if !known {
			t.Errorf("%s has no sample here", e.Document)
			continue
		}
		for _, lang := range []codes.Lang{codes.English, codes.Japanese} {
			texts := map[string]page.Format{}
			for _, f := range e.Formats {
				for _, n := range []int{0, 1, 3} {
					for _, many := range []bool{false, true} {
						if n > 1 && !many && f == page.JSON {
							continue // one object is promised
						}
						out, err := print(f, Options{Lang: lang, Many: many, Catalogue: c, Now: noon, Version: "1.2.3"}, n)
						if err == nil {
							rows := n
							if f == page.CSV {
								rows *= rowsOfOne[e.Document]
							}
							err = kept(f, out, rows, many)
						}
						if err != nil {
							t.Errorf("%s as %s, %s, %d, many %t: %v\n%s", e.Document, f, lang, n, many, err, out)
						}
						if n == 1 && !many && !f.ForPrograms() {
							if twin, same := texts[out]; same {
								t.Errorf("%s: %s is the same as %s", e.Document, f, twin)
							}
							texts[out] = f
						}
					}
				}
			}
		}
	}
	for name := range samples {
		if !strings.Contains(fmt.Sprint(Table()), name) {
			t.Errorf("%s is not in the table", name)
		}
	}
}

// everyDocument has a sample of every document, and how many rows it is in CSV.
func everyDocument(t *testing.T, c *codes.Catalogue) (samples map[string]sample, rowsOfOne map[string]int) {
	t.Helper()
	sent := refusedSending(t, c, greylisted())
	invalid := history.Validity{Address: "x@kaisha.test", Errors: 3, Code: "42553", Changed: noon}
	groups, judged, reported := triaged(t, c), assessed(t, "bad-list"), look(t, zone(t), "kaisha.test")
	rowsOfOne = map[string]int{}
	for _, e := range Table() {
		rowsOfOne[e.Document] = 1
	}
	rowsOfOne[Triages.Name], rowsOfOne[Campaigns.Name] = len(groups.Groups), len(judged.Requirements)
	reports := received(t, "")
	rowsOfOne[Received.Name] = len(reports.Domains[0].Groups)
	rowsOfOne[WatchRounds.Name], rowsOfOne[Fleets.Name] = len(someChanges()), 3
	rowsOfOne[AllSettings.Name] = len(someSettings().Values) + len(someSettings().Exceptions)
	rowsOfOne[Reports.Name] = len(rowsOf(reported, codes.English))
	samples = map[string]sample{
		Reports.Name:       copies(Reports, reported),
		Campaigns.Name:     copies(Campaigns, judged),
		Diagnoses.Name:     copies(Diagnoses, stepsToTake(c)),
		Explanations.Name:  copies(Explanations, ambiguous()),
		Guides.Name:        copies(Guides, way(c)),
		Letters.Name:       copies(Letters, inquiry()),
		Fixes.Name:         copies(Fixes, Fix{Plan: &fix.Plan{Before: reported}, As: FixZone}),
		Sendings.Name:      copies(Sendings, sent),
		History.Name:       copies(History, keptSending(t, sent)),
		OneSending.Name:    copies(OneSending, keptSending(t, sent)),
		Invalid.Name:       copies(Invalid, invalid),
		Revalidations.Name: copies(Revalidations, Revalidation{Before: invalid, After: history.Validity{Address: invalid.Address, Valid: true}}),
		Export.Name:        copies(Export, keptSending(t, sent)),
		InvalidExport.Name: copies(InvalidExport, invalid),
		Triages.Name:       copies(Triages, groups),
		Events.Name:        copies(Events, RowOf(&someEvents()[0])),
		Received.Name:      copies(Received, reports),
		Collections.Name:   copies(Collections, collected(t, sent)),
		Unmatched.Name: copies(Unmatched, history.Event{Action: "failed", Time: noon, Recipient: "x@kaisha.test",
			Why: history.UnknownAddress}),
		WatchRounds.Name: copies(WatchRounds, aRound()),
		Fleets.Name:      copies(Fleets, aFleet()),
		Watched.Name:     copies(Watched, aWatched()),
		Timelines.Name:   copies(Timelines, aTimeline()),
		Changes.Name:     copies(Changes, ChangeRowOf(someChanges()[0], codes.English)),
		AllSettings.Name: copies(AllSettings, someSettings()),
		Lists.Name:       copies[List](Lists, fruits{"apple"}),
	}
	return samples, rowsOfOne
}

// collected is a look at sources that found one bounce.
func collected(t *testing.T, s Sending) *collect.Round {
	t.Helper()
	x := keptSending(t, s)
	before := history.Brief{ID: x.ID, Recipient: x.Recipient, Subject: x.Subject, Started: x.Started, Result: history.OK,
		Code: codes.DeliveryOK}
	after := before
	after.Result, after.Code = history.Failed, codes.DeliveryBounced
	e := history.Event{Sending: before.ID, MatchedBy: "message_id", Effect: history.Bounced, Action: "failed", Time: noon,
		Recipient: before.Recipient, Reply: "552 5.2.2 full", Reason: "mailbox_full", ReasonClass: "mailbox_full", File: "1.eml"}
	return &collect.Round{Started: noon, Counts: collect.Counts{Events: 1, Bounced: 1},
		Changes: []history.Recorded{{Event: e, Before: before, After: after, Flag: history.Validity{Valid: true, Errors: 1}}}}
}

// sample prints n copies of a document.
type sample func(f page.Format, o Options, n int) (string, error)

func copies[T any](d Document[T], v T) sample {
	return func(f page.Format, o Options, n int) (string, error) {
		documents := make([]T, n)
		for i := range documents {
			documents[i] = v
		}
		var b bytes.Buffer
		err := writeAll(d, f, &b, o, documents)
		return b.String(), err
	}
}

// kept says which promise of its format an output of n documents breaks; nil where it keeps them.
func kept(f page.Format, out string, n int, many bool) error {
	if f == page.Parquet {
		_, err := parquetRows(out)
		return err
	}
	if strings.ContainsRune(out, '\x1b') {
		return fmt.Errorf("colour that nobody asked for")
	}
	if n == 1 && strings.TrimSpace(out) == "" {
		return fmt.Errorf("nothing is printed")
	}
	switch f {
	case page.JSON:
		return keptJSON(out, n, strings.HasPrefix(out, "["), many)
	case page.NDJSON:
		lines := strings.Split(strings.TrimSuffix(out, "\n"), "\n")
		if n == 0 && out == "" {
			return nil
		}
		for _, l := range lines {
			if !json.Valid([]byte(l)) {
				return fmt.Errorf("a line is no JSON: %s", l)
			}
		}
		if len(lines) != n {
			return fmt.Errorf("%d lines", len(lines))
		}
	case page.CSV:
		rows, err := csv.NewReader(strings.NewReader(out)).ReadAll()
		if err == nil && len(rows) != n+1 {
			err = fmt.Errorf("%d rows", len(rows))
		}
		return err
	}
	return nil
}

func keptJSON(out string, n int, array, many bool) error {
	var list []json.RawMessage
	switch {
	case n == 0 && out == "" && !many:
		return nil
	case !json.Valid([]byte(out)):
		return fmt.Errorf("no JSON")
	case many != array && n == 1 && strings.HasPrefix(out, "{"):
		return fmt.Errorf("an object where many may come")
	case array && json.Unmarshal([]byte(out), &list) == nil && len(list) != n:
		return fmt.Errorf("an array of %d", len(list))
	}
	return nil
}

// way is a way through the guide with a question and a check.
func way(c *codes.Catalogue) *Guide {
	p, _ := c.Pattern("A")
	r, _ := c.Remedy("countermeasure_spf")
	return &Guide{Started: noon, Pattern: p, Codes: []string{"42550"}, Code: "42550", Reply: "550 5.7.23 SPF", Ran: true,
		Known:  []GuideFact{{Name: "from", Place: codes.PlaceSender, Label: codes.Text{EN: "from", JA: "送信者"}, Value: "news@kaisha.test"}},
		Causes: []GuideCause{{Text: codes.Text{EN: "refused", JA: "拒否"}, Command: codes.Todoku("check", "spf", "DOMAIN"), Chosen: true, Proven: true}},
		Steps:  []GuideStep{{Remedy: r, Command: codes.Todoku("check", "spf", "DOMAIN"), State: walk.StepDone}},
		Way: []Passage{{At: noon, ID: "symptom", Question: codes.Text{EN: "What?", JA: "何が?"}, Answer: codes.Text{EN: "this", JA: "これ"}},
			{At: noon, ID: "check", Question: codes.Text{EN: "SPF", JA: "SPF"}, Check: &GuideCheck{Command: codes.Todoku("check", "spf", "kaisha.test"), Verdict: CheckWrong, Status: 1, Result: "wrong", Output: "wrong\n"}}}}
}

// fruits is a list.
type fruits []string

func (f fruits) Lines(*page.Out, Options) string { return strings.Join(f, "\n") + "\n" }
