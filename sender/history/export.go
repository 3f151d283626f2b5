package history

import (
	"bufio"
	"encoding/csv"
	"encoding/json"
	"io"
	"iter"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"todoku/codes"
)

// Row is what can be exported: a Sending or a Validity.
type Row interface {
	columns() []string
	cells() []string
}

// WriteCSV writes rows as they come, as RFC 4180 has it: a line of names, CRLF,
// UTF-8. What a spreadsheet would take for a formula begins with an apostrophe.
func WriteCSV[T Row](w io.Writer, rows iter.Seq2[T, error]) error {
	c := csv.NewWriter(w)
	c.UseCRLF = true
	var names T
	if err := c.Write(names.columns()); err != nil {
		return err
	}
	for row, err := range rows {
		if err != nil {
			c.Flush() // what was read is good
			return err
		}
		cells := row.cells()
		for i, cell := range cells {
			cells[i] = harmless(cell)
		}
		if err := c.Write(cells); err != nil {
			return err
		}
	}
	c.Flush()
	return c.Error()
}

// harmless keeps a spreadsheet from calculating what somebody else wrote.
// Spreadsheets set to Japanese take the full-width signs too.
func harmless(cell string) string {
	cell = strings.ToValidUTF8(cell, "\uFFFD")
	if first, n := utf8.DecodeRuneInString(cell); n > 0 && strings.ContainsRune("=+-@\t\r\n＝＋－＠", first) {
		return "'" + cell
	}
	return cell
}

// WriteNDJSON writes rows as they come, one JSON object a line.
func WriteNDJSON[T Row](w io.Writer, rows iter.Seq2[T, error]) error {
	b := bufio.NewWriter(w)
	e := json.NewEncoder(b)
	e.SetEscapeHTML(false)
	for row, err := range rows {
		if err != nil {
			b.Flush()
			return err
		}
		if err := e.Encode(row); err != nil {
			return err
		}
	}
	return b.Flush()
}

// WriteJSON writes rows as they come, as one JSON array. It is closed only when
// all went well: what was cut off does not parse.
func WriteJSON[T Row](w io.Writer, rows iter.Seq2[T, error]) error {
	b := bufio.NewWriter(w)
	e := json.NewEncoder(b)
	e.SetEscapeHTML(false)
	between := "["
	for row, err := range rows {
		if err != nil {
			b.Flush()
			return err
		}
		b.WriteString(between)
		between = ","
		if err := e.Encode(row); err != nil {
			return err
		}
	}
	if between == "[" {
		b.WriteString("[")
	}
	b.WriteString("]\n")
	return b.Flush()
}

func (Sending) columns() []string {
	return []string{"id", "started", "finished", "kind", "sender", "name", "recipient", "cc", "bcc", "reply_to", "errors_to", "subject",
		"result", "delivery_code", "reason", "reason_class", "permanent", "own", "reply", "host", "address", "via",
		"message_id", "envelope_id", "attempts", "next_attempt", "phase", "updated"}
}

func (s Sending) cells() []string {
	permanent := ""
	if s.Permanent != codes.Unknown {
		permanent = strconv.FormatBool(s.Permanent == codes.Yes)
	}
	return []string{s.ID, stamp(s.Started), stamp(s.Finished), s.Kind, s.Sender, s.Name, s.Recipient, strings.Join(s.Cc, ", "), strings.Join(s.Bcc, ", "),
		s.ReplyTo, s.ErrorsTo, s.Subject, string(s.Result), s.Code, s.Reason, s.ReasonClass, permanent, strconv.FormatBool(s.Own), s.Reply, s.MX, s.Address, s.Via,
		s.MessageID, s.EnvelopeID, strconv.Itoa(s.Attempts), stamp(s.NextAttempt), string(s.Phase), stamp(s.Updated)}
}

func (Validity) columns() []string {
	return []string{"address", "valid", "errors", "delivery_code", "changed", "revalidated", "note"}
}

func (v Validity) cells() []string {
	return []string{v.Address, strconv.FormatBool(v.Valid), strconv.Itoa(v.Errors), v.Code, stamp(v.Changed), stamp(v.Revalidated), v.Note}
}

// stamp is a time that reads the same everywhere.
func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format("2006-01-02T15:04:05.000Z07:00")
}
