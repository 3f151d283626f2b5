package report

import (
	"bytes"
	"encoding/xml"
	"strconv"
	"time"

	"todoku/cmd/report/page"
	"todoku/diag"
)

// reportJUnit prints reports as JUnit XML, which CI systems read: a test suite for each target, in it a test case for each
// finding, and for each check without one. What reaches the threshold of --fail-on is a failure, what could not be looked up
// an error, with --fail-on never neither; what does not reach it says its words in its output. A check that had nothing to
// look at is skipped, and so is a finding that is ignored. Elements and attributes are those of the schema of
// Jenkins, which knows no file and no line: those stand in the text.
func reportJUnit(w *page.Out, o Options) page.Printer[*diag.Report] { return &suites{w: w, o: o} }

type suites struct {
	w    *page.Out
	o    Options
	open bool
}

type suiteXML struct {
	XMLName   xml.Name  `xml:"testsuite"`
	Name      string    `xml:"name,attr"`
	Tests     int       `xml:"tests,attr"`
	Failures  int       `xml:"failures,attr"`
	Errors    int       `xml:"errors,attr"`
	Skipped   int       `xml:"skipped,attr"`
	Time      string    `xml:"time,attr"`
	Timestamp string    `xml:"timestamp,attr"`
	Cases     []caseXML `xml:"testcase"`
}

type caseXML struct {
	Name      string    `xml:"name,attr"`
	ClassName string    `xml:"classname,attr"`
	Time      string    `xml:"time,attr"`
	Failure   *faultXML `xml:"failure"`
	Error     *faultXML `xml:"error"`
	Skipped   *skipXML  `xml:"skipped"`
	Output    string    `xml:"system-out,omitempty"`
}

type faultXML struct {
	Message string `xml:"message,attr"`
	Type    string `xml:"type,attr"`
	Text    string `xml:",chardata"`
}

type skipXML struct {
	Message string `xml:"message,attr"`
}

// begin writes the head once.
func (s *suites) begin() error {
	if s.open {
		return nil
	}
	s.open = true
	return s.w.Lines(xml.Header + "<testsuites name=\"todoku\">\n")
}

// Put writes the suite of one report.
func (s *suites) Put(r *diag.Report) error {
	if err := s.begin(); err != nil {
		return err
	}
	suite := suiteXML{Name: page.Clean(r.Target.Name), Time: seconds(r.Elapsed), Timestamp: r.Started.UTC().Format("2006-01-02T15:04:05")}
	for _, x := range rowsOf(r, s.o.Lang) {
		suite.add(x, s.o)
	}
	var b bytes.Buffer
	e := xml.NewEncoder(&b)
	e.Indent("  ", "  ")
	if err := e.Encode(suite); err != nil {
		return err
	}
	return s.w.Lines(b.String() + "\n")
}

// add counts a row and adds its case.
func (s *suiteXML) add(x row, o Options) {
	c := caseXML{Name: page.Clean(x.id()), ClassName: page.Clean(x.Target + "." + x.Check.Name), Time: "0"}
	if x.Rule != nil {
		c.Name += ": " + page.Clean(x.Subject)
	}
	if x.Turn == diag.TurnMended {
		c.Output = page.Clean(x.Message)
	}
	fault := &faultXML{Message: page.Clean(x.Message), Text: x.advice(o.Lang)}
	if at := x.place(); !at.IsZero() {
		fault.Text = page.Clean(at.String()) + "\n" + fault.Text
	}
	switch {
	case x.Ignored:
		c.Skipped = &skipXML{page.Clean(x.Excepted)}
		c.Output = x.Status.String() + ": " + fault.Message + "\n" + fault.Text
		s.Skipped++
	case x.Status == diag.Unknown && fails(o, x.Target, diag.Fail):
		fault.Type = diag.Unknown.String()
		c.Error = fault
		s.Errors++
	case x.Status != diag.Unknown && fails(o, x.Target, x.Status):
		fault.Type = x.id()
		c.Failure = fault
		s.Failures++
	case x.Status == diag.Info && x.Rule == nil: // there was nothing to look at
		c.Skipped = &skipXML{fault.Message}
		s.Skipped++
	case x.Status != diag.OK:
		c.Output = x.Status.String() + ": " + fault.Message + "\n" + fault.Text
	}
	s.Tests++
	s.Cases = append(s.Cases, c)
}

// fails reports whether a status counts as wrong.
func fails(o Options, target string, s diag.Status) bool {
	if o.Fails == nil {
		return s == diag.Fail
	}
	return o.Fails(target, s.String())
}

// Close ends the document.
func (s *suites) Close() error {
	if err := s.begin(); err != nil {
		return err
	}
	return s.w.Lines("</testsuites>\n")
}

// seconds is a time as JUnit has it.
func seconds(d time.Duration) string { return strconv.FormatFloat(d.Seconds(), 'f', 3, 64) }
