package triage

import (
	"fmt"
	"slices"
	"strings"

	"todoku/codes"
	"todoku/diag/triage"
	"todoku/sender/event"
	"todoku/sender/mailbox"
)

// maxInputs is how many files of one argument are listed one by one.
const maxInputs = 100

// summary puts together what one argument holds: files are inputs of their own, single mails are not.
type summary struct {
	arg        string
	recognised bool
	octets     int64
	err        error // why it could not be read
	files      []triage.Input
	mails      triage.Input // all single mails, and the files beyond maxInputs
	formats    []string
	unknown    int64 // of these, how many were not recognised
}

func (s *summary) add(item mailbox.Item, in triage.Input, octets int64) {
	s.recognised = s.recognised || in.Format != ""
	s.octets += octets
	if in.Err != nil {
		s.err = in.Err
	}
	if !item.Mail && len(s.files) < maxInputs {
		s.files = append(s.files, in)
		return
	}
	if s.mails.File == "" {
		s.mails.File = s.arg
	}
	s.mails.Lines += max(in.Lines, 1)
	s.mails.Events += in.Events
	s.mails.Unread += in.Unread
	s.mails.Clock = max(s.mails.Clock, in.Clock)
	if in.Format == "" {
		s.unknown++
	}
	for f := range strings.SplitSeq(in.Format, "+") {
		if f != "" && !slices.Contains(s.formats, f) && len(s.formats) < 16 {
			s.formats = append(s.formats, f)
		}
	}
	for _, n := range in.Notes {
		if len(s.mails.Notes) < 16 && !slices.Contains(s.mails.Notes, n) {
			s.mails.Notes = append(s.mails.Notes, n)
		}
	}
}

// inputs are the files, then the mails together.
func (s *summary) inputs() []triage.Input {
	out := s.files
	if len(out) == 0 && s.mails.File == "" {
		out = append(out, triage.Input{Input: event.Input{File: s.arg}})
	}
	if s.mails.File != "" {
		s.mails.Format = strings.Join(s.formats, "+")
		if s.unknown > 0 {
			s.mails.Notes = append(s.mails.Notes, codes.Text{EN: fmt.Sprintf("not recognised, of these: %d", s.unknown),
				JA: fmt.Sprintf("このうち読み取れる形式ではないもの: %d件", s.unknown)})
		}
		out = append(out, s.mails)
	}
	if last := &out[len(out)-1]; last.Err == nil && !s.recognised {
		last.Err = s.err
	}
	return out
}
