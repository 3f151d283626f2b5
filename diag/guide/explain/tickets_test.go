package explain_test

import (
	"bufio"
	"cmp"
	"os"
	"slices"
	"strings"
	"testing"

	"todoku/codes"
	"todoku/diag/guide"
	"todoku/diag/guide/explain"
	"todoku/diag/guide/walk"
)

// supportTicket is a ticket of testdata/tickets.txt with the answer that is wanted.
type supportTicket struct {
	name, text string
	want       map[string]string
}

func readTickets(t *testing.T) []supportTicket {
	t.Helper()
	f, err := os.Open("../testdata/tickets.txt")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var list []supportTicket
	for s := bufio.NewScanner(f); s.Scan(); {
		line := s.Text()
		if name, ok := strings.CutPrefix(line, "== "); ok {
			list = append(list, supportTicket{name: name, want: map[string]string{}})
			continue
		}
		if len(list) == 0 { // what stands above the first
			continue
		}
		last := &list[len(list)-1]
		if words, ok := strings.CutPrefix(line, "want: "); ok && len(last.want) == 0 {
			for w := range strings.FieldsSeq(words) {
				key, value, _ := strings.Cut(w, "=")
				last.want[key] = value
			}
			continue
		}
		last.text += line + "\n"
	}
	return list
}

// TestTickets: what support engineers paste is read as they mean it, and diagnose, explain and guide agree.
func TestTickets(t *testing.T) {
	t.Parallel()
	c, err := codes.Load(codes.Files)
	if err != nil {
		t.Fatal(err)
	}
	list := readTickets(t)
	bad := 0
	for _, ticket := range list {
		got := answers(c, ticket.text)
		var wrong []string
		for key, want := range ticket.want {
			if got[key] != want {
				wrong = append(wrong, key+" is "+got[key]+", want "+want)
			}
		}
		if got["meaning"] == "" && len(got["pattern"]) == 1 {
			wrong = append(wrong, "explain says nothing, guide "+got["pattern"])
		}
		if p := got["explained"]; p != "" && !slices.Contains(strings.Split(got["pattern"], ","), p) {
			wrong = append(wrong, "explain says "+p+", guide "+got["pattern"])
		}
		if p := got["diagnosed"]; p != "" && !slices.Contains(strings.Split(got["pattern"], ","), p) {
			wrong = append(wrong, "diagnose says "+p+", guide "+got["pattern"])
		}
		if len(wrong) > 0 {
			bad++
			slices.Sort(wrong)
			t.Errorf("%s: %s", ticket.name, strings.Join(wrong, "; "))
		}
	}
	t.Logf("%d tickets, %d right", len(list), len(list)-bad)
}

// answers are what the three say of a ticket.
func answers(c *codes.Catalogue, text string) map[string]string {
	s := walk.ReadSymptom(c, text)
	k := guide.Read(c, text)
	out := map[string]string{"pattern": cmp.Or(strings.Join(s.Patterns, ","), "none"), "code": "none",
		"reason": k.Verdict.Reason.ID, "provider": k.Verdict.Provider, "to": s.Facts[codes.PlaceAddr], "from": s.Facts[codes.PlaceSender],
		"ip": s.Facts[codes.PlaceIP], "diagnosed": k.Verdict.Pattern()}
	if s.NoResult {
		out["pattern"] = "ask"
	}
	if len(k.Codes()) > 0 {
		out["code"] = strings.Join(k.Codes(), ",")
	}
	e := explain.Explainer{Catalogue: c}.Explain(text)
	if len(e.Readings) > 0 {
		out["meaning"] = string(e.Readings[0].Kind)
		out["explained"] = worked(c, e.Readings[0])
	}
	return out
}

// worked is the pattern by which a reading is worked through; "" where it names none.
func worked(c *codes.Catalogue, r explain.Reading) string {
	switch r.Kind {
	case explain.KindPattern:
		return r.ID
	case explain.KindDelivery, explain.KindReplyCode:
		return codes.Verdict{Delivery: r.Delivery}.Pattern()
	case explain.KindReply:
		return c.Classify(r.Pasted.Reply, r.Pasted.Context).Pattern()
	}
	return ""
}
