package campaign_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"todoku/diag"
	"todoku/diag/campaign"
	"todoku/diag/resolve"
)

// takesAll answers each question for MX with one host.
type takesAll struct{}

func (takesAll) Ask(_ context.Context, name string, t resolve.Type) (resolve.Answer, error) {
	return resolve.Answer{Name: name, Type: t, Records: []resolve.Record{{Host: "mx.esp.test", Pref: 10}}}, nil
}

// BenchmarkCount counts 100,000 recipients of 20,000 domains; DNS costs nothing.
func BenchmarkCount(b *testing.B) {
	env := diag.Env{DNS: takesAll{}, Now: time.Now}
	for b.Loop() {
		list := func(yield func(campaign.Line, error) bool) {
			for i := range 100_000 {
				if !yield(campaign.Line{Address: fmt.Sprintf("user%d@d%d.test", i, i%20_000), Number: i}, nil) {
					return
				}
			}
		}
		if _, err := campaign.Count(b.Context(), env, list, nil, campaign.CountOptions{}); err != nil {
			b.Fatal(err)
		}
	}
}
