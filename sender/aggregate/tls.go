package aggregate

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/netip"
	"strings"
	"time"
)

// Bounds of a report about TLS.
const (
	maxPolicies = 10_000
	maxFailures = 100_000 // of all policies of a report
	maxStrings  = 1_000   // lines and hosts of a policy
)

// tls reads reports about TLS (RFC 8460 §4.4): one, several one after another, or a list of them.
func (in *reader) tls(r *bufio.Reader) error {
	data, ok := in.whole(r)
	if !ok && len(data) == 0 {
		return in.tell()
	}
	defer in.memory.keepWhole(data)
	t := &tlsReader{in: in}
	t.d = json.NewDecoder(bytes.NewReader(bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))))
	err := t.all()
	if t.given != nil {
		return t.given
	}
	if err != nil && !errors.Is(err, io.EOF) {
		if !t.found {
			in.faults.add(NotReport, 0, "JSON", false)
			return in.tell()
		}
		kind := BadJSON
		if errors.Is(err, io.ErrUnexpectedEOF) {
			kind = Truncated
		}
		t.faults.add(kind, 0, shorten(err.Error()), true)
		return t.give()
	}
	return in.tell()
}

// tlsReader takes a report apart value by value, so that what came before a fault counts.
type tlsReader struct {
	in       *reader
	d        *json.Decoder
	faults   faults
	rep      TLS
	found    bool // something that only such a report has
	failures int
	given    error // of the caller
}

// all reads what stands at the top.
func (t *tlsReader) all() error {
	for {
		tok, err := t.d.Token()
		if err != nil {
			return err
		}
		switch tok {
		case json.Delim('['), json.Delim(']'):
		case json.Delim('{'):
			if err := t.report(); err != nil {
				if errors.Is(err, io.EOF) {
					err = io.ErrUnexpectedEOF
				}
				return err
			}
			if t.given = t.give(); t.given != nil {
				return t.given
			}
		}
	}
}

// give gives the report that was read.
func (t *tlsReader) give() error {
	if !t.found {
		t.in.faults.add(NotReport, 0, "JSON", false)
		return t.in.tell()
	}
	for _, m := range [...]struct {
		missing bool
		name    string
	}{{t.rep.Org == "", "organization-name"}, {t.rep.ID == "", "report-id"}, {t.rep.Begin.IsZero(), "start-datetime"},
		{t.rep.End.IsZero(), "end-datetime"}, {len(t.rep.Policies) == 0, "policies"}} {
		if m.missing {
			t.faults.add(Missing, 0, m.name, false)
		}
	}
	if t.rep.End.Before(t.rep.Begin) && !t.rep.End.IsZero() {
		t.faults.add(BadPeriod, 0, "", false)
	}
	rep, list := t.rep, t.faults.list
	t.rep, t.faults, t.found, t.failures = TLS{}, faults{}, false, 0
	return t.in.report(Report{TLS: &rep, Faults: list})
}

// members calls take with the name of each member of an object whose "{" was read. take reads the value.
func (t *tlsReader) members(take func(name string) error) error {
	for t.d.More() {
		tok, err := t.d.Token()
		if err != nil {
			return err
		}
		name, _ := tok.(string)
		if err := take(strings.ToLower(name)); err != nil {
			return err
		}
	}
	_, err := t.d.Token()
	return err
}

// report reads the members of a report.
func (t *tlsReader) report() error {
	return t.members(func(name string) error {
		switch name {
		case "organization-name":
			t.found = true
			return t.d.Decode((*loose)(&t.rep.Org))
		case "contact-info":
			return t.d.Decode((*loose)(&t.rep.Contact))
		case "report-id":
			return t.d.Decode((*loose)(&t.rep.ID))
		case "date-range":
			var period struct {
				Start loose `json:"start-datetime"`
				End   loose `json:"end-datetime"`
			}
			if err := t.decode(&period); err != nil {
				return err
			}
			t.time(string(period.Start), &t.rep.Begin)
			t.time(string(period.End), &t.rep.End)
			return nil
		case "policies":
			t.found = true
			return t.list(t.policy)
		}
		return t.d.Decode(new(nothing))
	})
}

// decode reads a value; one of another type than is meant is a fault that loses it.
func (t *tlsReader) decode(to any) error {
	err := t.d.Decode(to)
	var wrong *json.UnmarshalTypeError
	if errors.As(err, &wrong) {
		t.faults.add(BadJSON, 0, wrong.Field+": "+wrong.Value, true)
		return nil
	}
	return err
}

func (t *tlsReader) time(s string, to *time.Time) {
	v, ok := parseTime(s)
	if !ok && s != "" {
		t.faults.add(BadTime, 0, s, false)
		return
	}
	*to = v
}

// list reads the objects of a list, or one that stands without a list.
func (t *tlsReader) list(take func() error) error {
	tok, err := t.d.Token()
	if err != nil {
		return err
	}
	if tok == json.Delim('{') {
		return take()
	}
	if tok != json.Delim('[') {
		t.faults.add(BadJSON, 0, "", true)
		return nil
	}
	for t.d.More() {
		tok, err := t.d.Token()
		if err != nil {
			return err
		}
		if tok != json.Delim('{') {
			t.faults.add(BadJSON, 0, "", true)
			if err := t.rest(tok); err != nil {
				return err
			}
			continue
		}
		if err := take(); err != nil {
			return err
		}
	}
	_, err = t.d.Token()
	return err
}

// rest passes over what begins with a token.
func (t *tlsReader) rest(tok json.Token) error {
	for depth := 0; ; {
		switch tok {
		case json.Delim('['), json.Delim('{'):
			depth++
		case json.Delim(']'), json.Delim('}'):
			depth--
		}
		if depth <= 0 {
			return nil
		}
		var err error
		if tok, err = t.d.Token(); err != nil {
			return err
		}
	}
}

// policy reads what was met under one policy, whose "{" was read. What was read counts, also where the end is missing.
func (t *tlsReader) policy() error {
	if len(t.rep.Policies) == maxPolicies {
		t.faults.add(TooManyResults, 0, "policies", true)
		return t.rest(json.Delim('{'))
	}
	var p TLSPolicy
	err := t.members(func(name string) error {
		switch name {
		case "policy":
			return t.published(&p)
		case "summary":
			var sum struct {
				Good   loose `json:"total-successful-session-count"`
				Failed loose `json:"total-failure-session-count"`
			}
			err := t.decode(&sum)
			p.Successful, p.Failed = t.count(sum.Good), t.count(sum.Failed)
			return err
		case "failure-details":
			return t.list(func() error { return t.failure(&p) })
		}
		return t.d.Decode(new(nothing))
	})
	if p.Type != "" || p.Domain != "" || len(p.Failures) > 0 || p.Successful+p.Failed > 0 {
		t.rep.Policies = append(t.rep.Policies, p)
	}
	return err
}

func (t *tlsReader) published(p *TLSPolicy) error {
	var v struct {
		Type     loose     `json:"policy-type"`
		Domain   loose     `json:"policy-domain"`
		Strings  looseList `json:"policy-string"`
		Hosts    looseList `json:"mx-host"`
		Patterns looseList `json:"mx-host-pattern"`
	}
	err := t.decode(&v)
	p.Type, p.Domain = lower(string(v.Type)), strings.TrimSuffix(lower(string(v.Domain)), ".")
	p.Strings, p.MXHosts = v.Strings, append(v.Hosts, v.Patterns...)
	if len(v.Strings) == maxStrings || len(v.Hosts) == maxStrings || len(v.Patterns) == maxStrings {
		t.faults.add(TooManyResults, 0, "policy", false)
	}
	return err
}

// failure reads one way in which sessions failed, whose "{" was read.
func (t *tlsReader) failure(p *TLSPolicy) error {
	if t.failures++; t.failures > maxFailures {
		t.faults.add(TooManyResults, 0, "failure-details", true)
		return t.rest(json.Delim('{'))
	}
	var f TLSFailure
	err := t.members(func(name string) error {
		var v loose
		if err := t.d.Decode(&v); err != nil {
			return err
		}
		t.field(&f, name, string(v))
		return nil
	})
	if f.ResultType != "" || f.Count > 0 {
		p.Failures = append(p.Failures, f)
	}
	return err
}

func (t *tlsReader) field(f *TLSFailure, name, v string) {
	switch name {
	case "result-type":
		f.ResultType = lower(v)
	case "sending-mta-ip":
		f.SendingIP = t.addr(v)
	case "receiving-ip":
		f.ReceivingIP = t.addr(v)
	case "receiving-mx-hostname":
		f.ReceivingHost = lower(v)
	case "receiving-mx-helo":
		f.ReceivingHELO = lower(v)
	case "failed-session-count":
		f.Count = t.count(loose(v))
	case "additional-information", "additional-info-uri":
		f.Info = v
	case "failure-reason-code":
		f.Code = v
	}
}

func (t *tlsReader) addr(v string) netip.Addr {
	a, ok := parseAddr([]byte(v))
	if !ok && v != "" {
		t.faults.add(BadAddress, 0, v, false)
	}
	return a
}

// count is a number of sessions; 0 where it is missing. One that cannot be read is told.
func (t *tlsReader) count(v loose) int64 {
	n, ok := parseCount([]byte(v))
	if !ok && v != "" {
		t.faults.add(BadNumber, 0, string(v), true)
		return 0
	}
	return n
}
