package event

import (
	"testing"

	"todoku/codes"
)

// A name tells one thing at a service.
func TestNamesOfServices(t *testing.T) {
	for _, s := range services() {
		has := map[string]field{}
		for f, names := range s.names {
			for _, name := range names {
				if other, twice := has[name]; twice {
					t.Errorf("%s: %s is field %d and field %d", s.name, name, f, other)
				}
				has[name] = f
			}
		}
		if len(s.marks) == 0 && len(s.hints) == 0 {
			t.Errorf("%s is known by nothing", s.name)
		}
		for word := range s.kinds {
			if squeezed := squeeze(word); squeezed != word && len(squeezed) != len(word)-1 {
				t.Errorf("%s: %q is not as squeeze writes it", s.name, word)
			}
		}
	}
}

// The words for a reason are read as this reason.
func TestReasonWords(t *testing.T) {
	c, err := codes.Load(codes.Files)
	if err != nil {
		t.Fatal(err)
	}
	for reason, words := range reasonWords {
		v := c.Classify(codes.Reply{Lines: []string{words}}, codes.Context{})
		if v.Reason.ID != reason {
			t.Errorf("%q is read as %s, want %s", words, v.Reason.ID, reason)
		}
	}
	for word, means := range categories {
		if means.reason != "" && reasonWords[means.reason] == "" {
			t.Errorf("%s: no words for %s", word, means.reason)
		}
	}
	for _, s := range services() {
		for word, means := range s.reasons {
			if means.reason != "" && reasonWords[means.reason] == "" {
				t.Errorf("%s: %s: no words for %s", s.name, word, means.reason)
			}
		}
		for word, k := range s.kinds {
			if k.reason != "" && reasonWords[k.reason] == "" {
				t.Errorf("%s: %s: no words for %s", s.name, word, k.reason)
			}
		}
	}
}
