package report

import (
	"todoku/cmd/report/page"
	"todoku/diag"
	"todoku/diag/campaign"
	"todoku/diag/guide"
	"todoku/diag/guide/explain"
	"todoku/diag/sources"
	"todoku/diag/triage"
	"todoku/sender/collect"
	"todoku/sender/history"
)

// Document is a kind of document that T holds, with its formats.
type Document[T any] = page.Document[T]

type form[T any] = page.Form[T]

// Reports, Diagnoses and the others are all documents with all their formats, the default first. This is the one table
// of them: a new format is a line here, and a file that writes it.
var (
	Reports = Document[*diag.Report]{Name: "report", Forms: []form[*diag.Report]{
		{Format: page.TextFormat, Open: reportText},
		{Format: page.JSON, Open: asJSON(asReport)},
		{Format: page.NDJSON, Open: asLines(asReport), Stream: true},
		{Format: page.Markup, Open: each(reportMarkdown)},
		{Format: page.Web, Open: reportHTML},
		{Format: page.CSV, Open: reportCSV},
		{Format: page.JUnit, Open: reportJUnit},
		{Format: page.SARIF, Open: reportSARIF},
		{Format: page.GitHub, Open: reportGitHub},
	}}
	Diagnoses = Document[*guide.Diagnosis]{Name: "diagnosis", Forms: []form[*guide.Diagnosis]{
		{Format: page.TextFormat, Open: diagnosisText},
		{Format: page.JSON, Open: asJSON(asDiagnosis)},
		{Format: page.NDJSON, Open: asLines(asDiagnosis)},
		{Format: page.Markup, Open: diagnosisMarkdown},
		{Format: page.Web, Open: diagnosisHTML},
	}}
	Campaigns = Document[*campaign.Assessment]{Name: "campaign", Forms: []form[*campaign.Assessment]{
		{Format: page.TextFormat, Open: each(campaignText)},
		{Format: page.JSON, Open: asJSON(asCampaign)},
		{Format: page.NDJSON, Open: asLines(asCampaign)},
		{Format: page.Markup, Open: each(campaignMarkdown)},
		{Format: page.Web, Open: asPage("campaign", campaignTitle, campaignHTML)},
		{Format: page.CSV, Open: campaignCSV},
	}}
	Explanations = Document[explain.Explanation]{Name: "explanation", Forms: []form[explain.Explanation]{
		{Format: page.TextFormat, Open: each(explainText)},
		{Format: page.JSON, Open: asJSON(asExplanation)},
		{Format: page.NDJSON, Open: asLines(asExplanation)},
		{Format: page.Markup, Open: each(explainMarkdown)},
		{Format: page.Web, Open: asPage("explanation", explanationTitle, explainView)},
	}}
	Guides = Document[*Guide]{Name: "guide", Forms: []form[*Guide]{
		{Format: page.TextFormat, Open: each(guideText)},
		{Format: page.JSON, Open: asJSON(asGuide)},
		{Format: page.NDJSON, Open: asLines(asGuide)},
		{Format: page.Markup, Open: each(guideMarkdown)},
		{Format: page.Web, Open: asPage("guide", guideTitle, guideHTML)},
	}}
	Letters = Document[guide.Letter]{Name: "letter", Forms: []form[guide.Letter]{
		{Format: page.TextFormat, Open: each(letterText)},
		{Format: page.Markup, Open: each(letterMarkdown)},
		{Format: page.Mail, Open: each(letterMail)},
		{Format: page.JSON, Open: asJSON(asLetter)},
		{Format: page.NDJSON, Open: asLines(asLetter)},
		{Format: page.Web, Open: asPage("letter", letterTitle, letterHTML)},
	}}
	Fixes = Document[Fix]{Name: "fix", Forms: []form[Fix]{
		{Format: page.TextFormat, Open: each(recordsText)},
		{Format: page.JSON, Open: asJSON(asRecords)},
		{Format: page.NDJSON, Open: asLines(asRecords)},
		{Format: page.Web, Open: asPage("fix", fixTitle, fixHTML)},
	}}
	Sendings = Document[Sending]{Name: "sending", Forms: []form[Sending]{
		{Format: page.TextFormat, Open: sendingText},
		{Format: page.JSON, Open: asJSON(asSending)},
		{Format: page.NDJSON, Open: asLines(asSending)},
		{Format: page.Web, Open: sendingsHTML},
	}}
	// Of the history: its list, one of it, the addresses that are invalid, one that is valid again, its export.
	History = Document[history.Sending]{Name: "history", Forms: []form[history.Sending]{
		{Format: page.TextFormat, Open: historyText},
		{Format: page.JSON, Open: asRows[history.Sending](page.JSON)},
		{Format: page.NDJSON, Open: asRows[history.Sending](page.NDJSON)},
		{Format: page.Web, Open: historyHTML},
	}}
	OneSending = Document[history.Sending]{Name: "sending of the history", Forms: []form[history.Sending]{
		{Format: page.TextFormat, Open: each(keptText)},
		{Format: page.JSON, Open: asJSON(identity[history.Sending])},
		{Format: page.NDJSON, Open: asLines(identity[history.Sending])},
		{Format: page.Web, Open: asPage("sending", historyTitle, keptHTML)},
	}}
	Invalid = Document[history.Validity]{Name: "invalid addresses", Forms: []form[history.Validity]{
		{Format: page.TextFormat, Open: each(validityText)},
		{Format: page.JSON, Open: asRows[history.Validity](page.JSON)},
		{Format: page.NDJSON, Open: asRows[history.Validity](page.NDJSON)},
		{Format: page.Web, Open: invalidHTML},
	}}
	Revalidations = Document[Revalidation]{Name: "revalidation", Forms: []form[Revalidation]{
		{Format: page.TextFormat, Open: each(revalidationText)},
		{Format: page.JSON, Open: asJSON(asRevalidation)},
		{Format: page.NDJSON, Open: asLines(asRevalidation)},
		{Format: page.Web, Open: asPage("revalidation", historyTitle, revalidationHTML)},
	}}
	Export = Document[history.Sending]{Name: "export of sendings", Forms: []form[history.Sending]{
		{Format: page.CSV, Open: asCSV[history.Sending]},
		{Format: page.JSON, Open: asRows[history.Sending](page.JSON)},
		{Format: page.NDJSON, Open: asRows[history.Sending](page.NDJSON)},
		{Format: page.Web, Open: columnsHTML[history.Sending](historyTitle)},
	}}
	InvalidExport = Document[history.Validity]{Name: "export of invalid addresses", Forms: []form[history.Validity]{
		{Format: page.CSV, Open: asCSV[history.Validity]},
		{Format: page.JSON, Open: asRows[history.Validity](page.JSON)},
		{Format: page.NDJSON, Open: asRows[history.Validity](page.NDJSON)},
		{Format: page.Web, Open: columnsHTML[history.Validity](invalidTitle)},
	}}
	Triages = Document[*triage.Triage]{Name: "triage", Forms: []form[*triage.Triage]{
		{Format: page.TextFormat, Open: each(triageText)},
		{Format: page.JSON, Open: asJSON(asTriage)},
		{Format: page.NDJSON, Open: asLines(asTriage)},
		{Format: page.Markup, Open: each(triageMarkdown)},
		{Format: page.Web, Open: asPage("triage", triageTitle, triageHTML)},
		{Format: page.CSV, Open: triageCSV},
	}}
	Events = Document[EventRow]{Name: "events", Forms: []form[EventRow]{
		{Format: page.NDJSON, Open: asRows[EventRow](page.NDJSON)},
		{Format: page.JSON, Open: asRows[EventRow](page.JSON)},
		{Format: page.CSV, Open: asCSV[EventRow]},
		{Format: page.Web, Open: columnsHTML[EventRow](eventsTitle)},
	}}
	// What receivers report about the mail of domains.
	Received = Document[*sources.Result]{Name: "reports of receivers", Forms: []form[*sources.Result]{
		{Format: page.TextFormat, Open: each(receivedText)},
		{Format: page.JSON, Open: asJSON(asReceived)},
		{Format: page.NDJSON, Open: asLines(asReceived)},
		{Format: page.Markup, Open: each(receivedMarkdown)},
		{Format: page.Web, Open: asPage("received", receivedTitle, receivedHTML)},
		{Format: page.CSV, Open: receivedCSV},
	}}
	Collections = Document[*collect.Round]{Name: "collection", Forms: []form[*collect.Round]{
		{Format: page.TextFormat, Open: each(collectText)},
		{Format: page.JSON, Open: asJSON(asCollect)},
		{Format: page.NDJSON, Open: asLines(asCollect)},
		{Format: page.Web, Open: asPage("collection", collectTitle, collectHTML)},
		{Format: page.CSV, Open: collectCSV},
	}}
	Unmatched = Document[history.Event]{Name: "unmatched events", Forms: []form[history.Event]{
		{Format: page.TextFormat, Open: each(unmatchedRow)},
		{Format: page.JSON, Open: asRows[history.Event](page.JSON)},
		{Format: page.NDJSON, Open: asRows[history.Event](page.NDJSON)},
		{Format: page.Web, Open: unmatchedHTML},
		{Format: page.CSV, Open: asCSV[history.Event]},
	}}
	// Of a fleet that is watched: what a round changed, how it stands, its domains, one of them, what changed in time.
	WatchRounds = Document[*WatchRound]{Name: "watch", Forms: []form[*WatchRound]{
		{Format: page.TextFormat, Open: each(watchText)},
		{Format: page.JSON, Open: watchAs(page.JSON)},
		{Format: page.NDJSON, Open: watchAs(page.NDJSON)},
		{Format: page.Markup, Open: each(watchMarkdown)},
		{Format: page.Web, Open: watchHTML},
		{Format: page.CSV, Open: watchCSV},
	}}
	Fleets = Document[*Fleet]{Name: "fleet", Forms: []form[*Fleet]{
		{Format: page.TextFormat, Open: each(fleetText)},
		{Format: page.JSON, Open: fleetAs(page.JSON)},
		{Format: page.NDJSON, Open: fleetAs(page.NDJSON)},
		{Format: page.Markup, Open: each(fleetMarkdown)},
		{Format: page.Web, Open: asPage("fleet", fleetTitle, fleetHTML)},
		{Format: page.CSV, Open: fleetCSV},
		{Format: page.Parquet, Open: fleetParquet},
	}}
	Watched = Document[WatchedRow]{Name: "watched domains", Forms: []form[WatchedRow]{
		{Format: page.TextFormat, Open: watchedText},
		{Format: page.JSON, Open: asRows[WatchedRow](page.JSON)},
		{Format: page.NDJSON, Open: asRows[WatchedRow](page.NDJSON)},
		{Format: page.Web, Open: watchedHTML},
		{Format: page.CSV, Open: asCSV[WatchedRow]},
		{Format: page.Parquet, Open: asParquet[WatchedRow]},
	}}
	Timelines = Document[*Timeline]{Name: "timeline", Forms: []form[*Timeline]{
		{Format: page.TextFormat, Open: each(timelineText)},
		{Format: page.JSON, Open: asJSON(asTimeline)},
		{Format: page.NDJSON, Open: asLines(asTimeline)},
		{Format: page.Markup, Open: each(timelineMarkdown)},
		{Format: page.Web, Open: asPage("timeline", timelineTitle, timelineHTML)},
	}}
	Changes = Document[ChangeRow]{Name: "changes", Forms: []form[ChangeRow]{
		{Format: page.TextFormat, Open: changesText},
		{Format: page.JSON, Open: asRows[ChangeRow](page.JSON)},
		{Format: page.NDJSON, Open: asRows[ChangeRow](page.NDJSON)},
		{Format: page.Web, Open: changesHTML},
		{Format: page.CSV, Open: asCSV[ChangeRow]},
		{Format: page.Parquet, Open: asParquet[ChangeRow]},
	}}
	AllSettings = Document[Settings]{Name: "settings", Forms: []form[Settings]{
		{Format: page.TextFormat, Open: each(settingsText)},
		{Format: page.JSON, Open: asJSON(identity[Settings])},
		{Format: page.NDJSON, Open: asLines(identity[Settings])},
		{Format: page.Web, Open: asPage("lines", settingsTitle, settingsHTML)},
		{Format: page.CSV, Open: settingsCSV},
	}}
	Lists = Document[List]{Name: "list", Forms: []form[List]{
		{Format: page.TextFormat, Open: each(listText)},
		{Format: page.JSON, Open: asJSON(identity[List])},
		{Format: page.NDJSON, Open: listRows},
		{Format: page.Web, Open: asPage("lines", listTitle, listHTML)},
	}}
)

// Entry is a row of the table: a document and the names of its formats.
type Entry struct {
	Document string
	Formats  []page.Format
}

// Table lists all documents with their formats.
func Table() []Entry {
	return []Entry{
		entry(Reports), entry(Campaigns), entry(Diagnoses),
		entry(Explanations), entry(Guides), entry(Letters), entry(Fixes), entry(Sendings), entry(History), entry(OneSending),
		entry(Invalid), entry(Revalidations), entry(Export), entry(InvalidExport), entry(Triages), entry(Events),
		entry(Received), entry(Collections), entry(Unmatched), entry(WatchRounds), entry(Fleets), entry(Watched), entry(Timelines),
		entry(Changes), entry(AllSettings), entry(Lists),
	}
}

func entry[T any](d Document[T]) Entry { return Entry{d.Name, d.Formats()} }
