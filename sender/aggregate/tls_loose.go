package aggregate

import (
	"bytes"
	"encoding/json"
	"strings"
)

// loose is a text that may stand as a number, a word of JSON or a list of texts: reporters do not agree on it.
type loose string

// UnmarshalJSON reads it. What is an object is "".
func (l *loose) UnmarshalJSON(b []byte) error {
	switch {
	case len(b) == 0, b[0] == '{', string(b) == "null":
		*l = ""
	case b[0] == '"':
		var s string
		if err := json.Unmarshal(b, &s); err != nil {
			return err
		}
		*l = loose(cutText(strings.TrimSpace(s)))
	case b[0] == '[':
		var list looseList
		if err := list.UnmarshalJSON(b); err != nil {
			return err
		}
		*l = loose(cutText(strings.Join(list, " ")))
	default:
		*l = loose(cutText(string(b)))
	}
	return nil
}

// cutText bounds a text.
func cutText(s string) string {
	if len(s) > maxText {
		return strings.ToValidUTF8(s[:maxText], "")
	}
	return s
}

// looseList is a list of texts that may stand as one text.
type looseList []string

// UnmarshalJSON reads at most maxStrings of them.
func (l *looseList) UnmarshalJSON(b []byte) error {
	*l = nil
	if len(b) == 0 || b[0] != '[' {
		var one loose
		if err := one.UnmarshalJSON(b); err != nil {
			return err
		}
		if one != "" {
			*l = looseList{string(one)}
		}
		return nil
	}
	d := json.NewDecoder(bytes.NewReader(b))
	if _, err := d.Token(); err != nil {
		return err
	}
	for d.More() && len(*l) < maxStrings {
		var raw json.RawMessage
		if err := d.Decode(&raw); err != nil {
			return err
		}
		if raw[0] == '[' || raw[0] == '{' {
			continue
		}
		var one loose
		if err := one.UnmarshalJSON(raw); err != nil {
			return err
		}
		*l = append(*l, string(one))
	}
	return nil
}

// nothing passes over a value.
type nothing struct{}

// UnmarshalJSON does nothing: the decoder has found the end of the value.
func (*nothing) UnmarshalJSON([]byte) error { return nil }
