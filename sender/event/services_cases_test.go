package event_test

import (
	"bytes"
	"encoding/json"
	"os"
	"strings"
	"testing"
)

func indented(object string) string {
	var b bytes.Buffer
	if err := json.Indent(&b, []byte(object), "", "  "); err != nil {
		panic(object)
	}
	return b.String()
}

func quoted(s string) string {
	b, err := json.Marshal(s)
	if err != nil {
		panic(err)
	}
	return string(b)
}

// serviceCases are the records of testdata/services.txt, and what they tell.
func serviceCases(t testing.TB) (cases []serviceCase) {
	t.Helper()
	text, err := os.ReadFile("testdata/services.txt")
	if err != nil {
		t.Fatal(err)
	}
	for block := range strings.SplitSeq(string(text), "\n\n") {
		head, object, ok := strings.Cut(strings.TrimSpace(block), "\n")
		if !ok {
			continue
		}
		format, tells, _ := strings.Cut(head, " ")
		cases = append(cases, serviceCase{format, tells, object})
	}
	return cases
}

type serviceCase struct{ format, tells, object string }

func TestServices(t *testing.T) {
	for _, c := range serviceCases(t) {
		for name, text := range formsOf(c.object) {
			t.Run(c.format+" "+name, func(t *testing.T) { checkEvents(t, text, c.format, c.tells) })
		}
	}
}
