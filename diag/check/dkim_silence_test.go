package check_test

import (
	"context"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"todoku/diag/check"
	"todoku/diag/resolve"
)

// silentAt is a resolver in which nothing exists; names for which silent is true have no answer for the time limit.
type silentAt struct {
	silent func(name string) bool
	asked  *atomic.Int32
}

const questionTime = 5 * time.Second

func (s silentAt) Ask(ctx context.Context, name string, t resolve.Type) (resolve.Answer, error) {
	s.asked.Add(1)
	if s.silent(name) {
		time.Sleep(questionTime)
		return resolve.Answer{}, &resolve.Error{Kind: resolve.KindTimeout, Name: name, Type: t.String()}
	}
	time.Sleep(20 * time.Millisecond)
	status := resolve.NoName
	if name == "_domainkey.d.test" || name == "d.test" {
		status = resolve.NoData
	}
	return resolve.Answer{Name: name, Type: t, Status: status}, nil
}

// TestSilenceInAList: in a list of domains, one that does not answer holds up the others for less than two time limits of a
// question, however many selectors there are.
func TestSilenceInAList(t *testing.T) {
	t.Parallel()
	var nine []string
	for i := range 9 {
		nine = append(nine, fmt.Sprintf("s%d", i))
	}
	for name, tt := range map[string]struct {
		silent func(string) bool
		o      check.DKIMOptions
		within time.Duration
	}{
		"the whole domain":       {silent: func(string) bool { return true }, within: 2 * questionTime},
		"with all selectors":     {silent: func(string) bool { return true }, o: check.DKIMOptions{AllSelectors: true}, within: 3 * questionTime},
		"_domainkey":             {silent: func(s string) bool { return strings.HasSuffix(s, "_domainkey.d.test") }, within: 2 * questionTime},
		"the selectors":          {silent: func(s string) bool { return strings.Contains(s, "._domainkey.") }, within: 2 * questionTime},
		"selectors that we name": {silent: func(string) bool { return true }, o: check.DKIMOptions{Selectors: nine}, within: 2 * questionTime},
		"one selector":           {silent: func(s string) bool { return strings.HasPrefix(s, "google.") }, within: 2 * questionTime},
		"healthy twin":           {silent: func(string) bool { return false }, within: time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var asked atomic.Int32
				begun := time.Now()
				res, facts := lookForKeys(t, silentAt{tt.silent, &asked}, false, tt.o)
				if took := time.Since(begun); took > tt.within {
					t.Errorf("took %s", took)
				}
				if (res.Err != nil) != (tt.within > time.Second) {
					t.Errorf("error: %v", res.Err)
				}
				if n := int(asked.Load()); n < facts.Probed {
					t.Errorf("%d questions for %d selectors", n, facts.Probed)
				}
			})
		})
	}
}
