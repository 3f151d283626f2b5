package bundle

import (
	"context"
	"errors"
	"io"
	"net"
	"os"
	"syscall"

	"todoku/codes"
	"todoku/diag/probe"
	"todoku/diag/resolve"
	"todoku/sender/smtp"
)

// errorJSON is an error with its causes, so that errors.Is and errors.As find what they found in the run.
type errorJSON struct {
	Text    octets      `json:"text"`
	Known   string      `json:"known,omitempty"` // one of known: the error is that value
	Timeout bool        `json:"timeout,omitempty"`
	Stage   codes.Stage `json:"stage,omitempty"` // of an *smtp.Error
	Kind    smtp.Kind   `json:"kind,omitempty"`
	Heard   octets      `json:"heard,omitempty"` // of an *smtp.HeardError
	DNS     *dnsError   `json:"dns,omitempty"`
	Is      []string    `json:"is,omitempty"` // of several causes: those of known that are among them
	Cause   *errorJSON  `json:"cause,omitempty"`
}

// dnsError is a *resolve.Error.
type dnsError struct {
	resolve.Error
	Sent   int  `json:"sent"`
	Direct bool `json:"direct"`
	NoWay  bool `json:"no_way"`
}

type knownError struct {
	name string
	err  error
}

// known are the errors that code compares with.
func known() []knownError {
	return []knownError{
		{"refused", syscall.ECONNREFUSED}, {"reset", syscall.ECONNRESET}, {"broken_pipe", syscall.EPIPE},
		{"host_unreachable", syscall.EHOSTUNREACH}, {"network_unreachable", syscall.ENETUNREACH}, {"network_down", syscall.ENETDOWN},
		{"no_address", syscall.EADDRNOTAVAIL}, {"access", syscall.EACCES}, {"not_permitted", syscall.EPERM},
		{"timed_out", syscall.ETIMEDOUT}, {"no_family", syscall.EAFNOSUPPORT}, {"descriptors", syscall.EMFILE},
		{"eof", io.EOF}, {"unexpected_eof", io.ErrUnexpectedEOF}, {"closed", net.ErrClosed},
		{"io_deadline", os.ErrDeadlineExceeded}, {"deadline", context.DeadlineExceeded}, {"canceled", context.Canceled},
		{"injected", smtp.ErrInjected}, {"unasked", smtp.ErrUnasked}, {"no_mechanism", smtp.ErrNoAuth}, {"no_tls", smtp.ErrPlain},
		{"no_roots", smtp.ErrNoRoots}, {"passed_over", probe.ErrPassedOver},
	}
}

// keepError makes an errorJSON; nil of nil.
func keepError(err error) *errorJSON { return keepCause(err, maxCause) }

func keepCause(err error, left int) *errorJSON {
	if err == nil {
		return nil
	}
	j := &errorJSON{Text: octets(err.Error()), Timeout: smtp.TimedOut(err)}
	for _, k := range known() {
		if err == k.err {
			j.Known = k.name
			return j
		}
	}
	switch e := err.(type) {
	case *resolve.Error:
		j.DNS = &dnsError{*e, e.Sent, e.Direct, e.NoWay()}
		return j
	case *smtp.Error:
		j.Stage, j.Kind = e.Stage, e.Kind
	case *smtp.HeardError:
		j.Heard = octets(e.Heard)
	case interface{ Unwrap() []error }:
		for _, k := range known() {
			if errors.Is(err, k.err) {
				j.Is = append(j.Is, k.name)
			}
		}
		return j
	}
	if left > 1 {
		j.Cause = keepCause(errors.Unwrap(err), left-1)
	}
	return j
}

// masked is the error with its names masked; nil of nil. Its kinds stay.
func (j *errorJSON) masked(m *mask) *errorJSON {
	if j == nil {
		return nil
	}
	out := *j
	out.Text, out.Heard, out.Cause = octets(m.text(string(j.Text))), octets(m.text(string(j.Heard))), j.Cause.masked(m)
	if j.DNS != nil {
		d := *j.DNS
		d.Name, d.Server, d.EDE, d.Message = m.name(d.Name), m.text(d.Server), m.text(d.EDE), m.text(d.Message)
		out.DNS = &d
	}
	return &out
}

// error gives the error back; nil of nil.
func (j *errorJSON) error() error { return j.restore(maxCause) }

func (j *errorJSON) restore(left int) error {
	if j == nil || left == 0 {
		return nil
	}
	cause := j.Cause.restore(left - 1)
	switch {
	case j.Known != "":
		if err := knownNamed(j.Known); err != nil {
			return err
		}
	case j.DNS != nil:
		return j.DNS.error()
	case j.Kind != "" && cause != nil:
		return &smtp.Error{Stage: j.Stage, Kind: j.Kind, Err: cause}
	case j.Heard != "" && cause != nil:
		return &smtp.HeardError{Heard: string(j.Heard), Err: cause}
	case len(j.Is) > 0:
		several := &severalErrors{keptError: keptError{text: string(j.Text), timeout: j.Timeout}}
		for _, name := range j.Is {
			if err := knownNamed(name); err != nil {
				several.causes = append(several.causes, err)
			}
		}
		return several
	}
	return &causedError{keptError{string(j.Text), j.Timeout}, cause}
}

func (e *dnsError) error() error {
	err := e.Error
	err.Sent, err.Direct = e.Sent, e.Direct
	if e.NoWay {
		return err.NoWayTo()
	}
	return &err
}

func knownNamed(name string) error {
	for _, k := range known() {
		if k.name == name {
			return k.err
		}
	}
	return nil
}

// keptError is an error of a type of its own, of which the text is left.
type keptError struct {
	text    string
	timeout bool
}

func (e *keptError) Error() string { return e.text }

// Timeout is that of net.Error.
func (e *keptError) Timeout() bool { return e.timeout }

// causedError is one with a cause, or with none.
type causedError struct {
	keptError
	cause error
}

func (e *causedError) Unwrap() error { return e.cause }

// severalErrors is one with several causes.
type severalErrors struct {
	keptError
	causes []error
}

func (e *severalErrors) Unwrap() []error { return e.causes }
