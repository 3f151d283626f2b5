package event

import (
	"bytes"
	"encoding/json"
	"net/url"
	"slices"
)

// isForm reports whether an input is the body of a webhook, as a form: "event=bounced&recipient=…", "mandrill_events=…".
func isForm(head []byte) bool {
	line, _, _ := bytes.Cut(head, newline)
	i := bytes.IndexByte(line, '=')
	if i < 1 || i > 40 || bytes.ContainsAny(line[:i], " \t:<\"{") || bytes.ContainsAny(line, " \t") {
		return false
	}
	if bytes.HasPrefix(line, []byte("mandrill_events=")) {
		return true
	}
	object, ok := formObject(bytes.TrimRight(line, "\r"))
	return ok && newRows(nil).holdsEvent(object, 0)
}

// formObject is a form as an object of JSON.
func formObject(line []byte) ([]byte, bool) {
	form, err := url.ParseQuery(string(line))
	if err != nil || len(form) == 0 {
		return nil, false
	}
	fields := make(map[string]string, len(form))
	for name, values := range form {
		fields[name] = values[0]
	}
	object, err := json.Marshal(fields)
	return object, err == nil
}

// readForm reads a form a line.
func (in *input) readForm() error {
	r := newRows(in)
	for {
		row, n := r.lineAt(0)
		if n == 0 {
			return r.end()
		}
		if err := in.ctx.Err(); err != nil {
			return err
		}
		r.line = r.w.line
		if object, ok := formObject(row); ok {
			length, err := r.object(object, 0, false)
			if err == nil && length == 0 {
				err = r.inside(object, 0, false)
			}
			if err != nil {
				return err
			}
		} else if len(row) > 0 && slices.Contains([]byte(row), '=') {
			in.Input.Unread++
		}
		r.w.pass(n)
	}
}
