// Package aggregatetest writes reports for tests: what sender/aggregate reads again. Only tests import it.
package aggregatetest

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"net/netip"
	"strconv"
	"time"

	"todoku/sender/aggregate"
)

// Form is how an aggregate report is written.
type Form uint8

// The forms of aggregate reports.
const (
	RFC7489 Form = iota // as most reporters write them: without a namespace
	RFC9990             // with the namespace of RFC 9990
	Draft               // of 2012: no version, "identities" instead of "identifiers"
	OneLine             // as RFC7489, without line ends
)

// XML is an aggregate report in a form. What is empty in d is left out.
func XML(d *aggregate.DMARC, form Form) []byte {
	w := &writer{oneLine: form == OneLine}
	w.b.WriteString(`<?xml version="1.0" encoding="UTF-8"?>`)
	w.newline()
	feedback := "feedback"
	if form == RFC9990 {
		feedback = `feedback xmlns="urn:ietf:params:xml:ns:dmarc-2.0"`
	}
	w.within(feedback, func() {
		if form != Draft {
			w.text("version", d.Version)
		}
		w.head(d)
		for i := range d.Rows {
			w.record(&d.Rows[i], form)
		}
	})
	return w.b.Bytes()
}

type writer struct {
	b       bytes.Buffer
	depth   int
	oneLine bool
}

func (w *writer) newline() {
	if !w.oneLine {
		w.b.WriteByte('\n')
	}
}

func (w *writer) indent() {
	for range w.depth {
		if !w.oneLine {
			w.b.WriteString("  ")
		}
	}
}

// within writes an element that has elements.
func (w *writer) within(start string, inner func()) {
	w.indent()
	w.b.WriteString("<" + start + ">")
	w.newline()
	w.depth++
	inner()
	w.depth--
	w.indent()
	name, _, _ := bytes.Cut([]byte(start), []byte(" "))
	w.b.WriteString("</" + string(name) + ">")
	w.newline()
}

// text writes an element that has a text; none for "".
func (w *writer) text(name, value string) {
	if value == "" {
		return
	}
	w.indent()
	w.b.WriteString("<" + name + ">")
	_ = xml.EscapeText(&w.b, []byte(value)) // into memory
	w.b.WriteString("</" + name + ">")
	w.newline()
}

func (w *writer) head(d *aggregate.DMARC) {
	w.within("report_metadata", func() {
		w.text("org_name", d.Org)
		w.text("email", d.Email)
		w.text("extra_contact_info", d.Contact)
		w.text("report_id", d.ID)
		w.within("date_range", func() {
			w.text("begin", seconds(d.Begin))
			w.text("end", seconds(d.End))
		})
		for _, e := range d.Errors {
			w.text("error", e)
		}
		w.text("generator", d.Generator)
	})
	p := &d.Policy
	w.within("policy_published", func() {
		w.text("domain", p.Domain)
		w.text("adkim", p.ADKIM)
		w.text("aspf", p.ASPF)
		w.text("p", p.P)
		w.text("sp", p.SP)
		w.text("np", p.NP)
		w.text("pct", p.Pct)
		w.text("fo", p.Fo)
		w.text("testing", p.Testing)
		w.text("discovery_method", p.Discovery)
		w.text("version_published", p.VersionReported)
	})
}

func seconds(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return strconv.FormatInt(t.Unix(), 10)
}

func (w *writer) record(r *aggregate.Row, form Form) {
	w.within("record", func() {
		w.within("row", func() {
			w.text("source_ip", address(r.Source))
			w.text("count", strconv.FormatInt(r.Count, 10))
			w.within("policy_evaluated", func() {
				w.text("disposition", r.Disposition)
				w.text("dkim", r.DKIM)
				w.text("spf", r.SPF)
				for _, o := range r.Overrides {
					w.within("reason", func() {
						w.text("type", o.Type)
						w.text("comment", o.Comment)
					})
				}
			})
		})
		name := "identifiers"
		if form == Draft {
			name = "identities"
		}
		w.within(name, func() {
			w.text("envelope_to", r.EnvelopeTo)
			w.text("envelope_from", r.EnvelopeFrom)
			w.text("header_from", r.HeaderFrom)
		})
		w.within("auth_results", func() { w.results(r) })
	})
}

func (w *writer) results(r *aggregate.Row) {
	for _, d := range r.DKIMResults {
		w.within("dkim", func() {
			w.text("domain", d.Domain)
			w.text("selector", d.Selector)
			w.text("result", d.Result)
			w.text("human_result", d.Human)
		})
	}
	for _, s := range r.SPFResults {
		w.within("spf", func() {
			w.text("domain", s.Domain)
			w.text("scope", s.Scope)
			w.text("result", s.Result)
			w.text("human_result", s.Human)
		})
	}
}

func address(a netip.Addr) string {
	if !a.IsValid() {
		return ""
	}
	return a.String()
}

// JSON is a report about TLS (RFC 8460 §4.4).
func JSON(t *aggregate.TLS) []byte {
	type dates struct {
		Start time.Time `json:"start-datetime"`
		End   time.Time `json:"end-datetime"`
	}
	type policy struct {
		Type    string   `json:"policy-type"`
		Strings []string `json:"policy-string,omitempty"`
		Domain  string   `json:"policy-domain"`
		MXHosts []string `json:"mx-host,omitempty"`
	}
	type summary struct {
		Successful int64 `json:"total-successful-session-count"`
		Failed     int64 `json:"total-failure-session-count"`
	}
	type failure struct {
		Type string `json:"result-type"`
		From string `json:"sending-mta-ip,omitempty"`
		Host string `json:"receiving-mx-hostname,omitempty"`
		HELO string `json:"receiving-mx-helo,omitempty"`
		To   string `json:"receiving-ip,omitempty"`
		N    int64  `json:"failed-session-count"`
		Info string `json:"additional-information,omitempty"`
		Code string `json:"failure-reason-code,omitempty"`
	}
	type entry struct {
		Policy   policy    `json:"policy"`
		Summary  summary   `json:"summary"`
		Failures []failure `json:"failure-details,omitempty"`
	}
	out := struct {
		Org      string  `json:"organization-name"`
		Dates    dates   `json:"date-range"`
		Contact  string  `json:"contact-info"`
		ID       string  `json:"report-id"`
		Policies []entry `json:"policies"`
	}{t.Org, dates{t.Begin, t.End}, t.Contact, t.ID, []entry{}}
	for _, p := range t.Policies {
		e := entry{policy{p.Type, p.Strings, p.Domain, p.MXHosts}, summary{p.Successful, p.Failed}, nil}
		for _, f := range p.Failures {
			e.Failures = append(e.Failures, failure{f.ResultType, address(f.SendingIP), f.ReceivingHost, f.ReceivingHELO,
				address(f.ReceivingIP), f.Count, f.Info, f.Code})
		}
		out.Policies = append(out.Policies, e)
	}
	data, _ := json.Marshal(out) // strings, numbers and times
	return data
}
