package arc_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"todoku/diag/arc"
	"todoku/diag/resolve"
	"todoku/sender/mail"
)

// TestSets: who said what at each hop, with which key.
func TestSets(t *testing.T) {
	t.Parallel()
	got := validate(t, keys(t, 2), newLetter().seal(hop{}).seal(hop{alg: "ed25519-sha256", selector: "ed", canon: "relaxed/simple"}))
	if got.Result != arc.Pass || len(got.Sets) != 2 || got.Found != 2 {
		t.Fatalf("%+v", got)
	}
	s := got.Sets[1]
	if s.Instance != 2 || s.CV != "pass" || s.Server != "mx2.test" || !strings.HasPrefix(s.AAR, "mx2.test; spf=pass") {
		t.Errorf("%+v", s)
	}
	if want := []mail.AuthResult{{Server: "mx2.test", Method: "spf", Result: "pass", Domain: "a.test"},
		{Server: "mx2.test", Method: "dkim", Result: "pass", Domain: "a.test"}}; !slices.Equal(s.Results, want) {
		t.Errorf("%+v", s.Results)
	}
	for _, sig := range []arc.Signature{s.Message, s.Seal} {
		if sig.State != arc.Holds || sig.Domain != "hop2.test" || sig.Selector != "ed" || sig.Algorithm != "ed25519-sha256" ||
			sig.KeyBits != 256 || !sig.Time.Equal(time.Unix(1_700_000_000, 0)) {
			t.Errorf("%+v", sig)
		}
	}
	if s.Message.Canon != "relaxed/simple" || !slices.Equal(s.Message.Headers, []string{"From", "To", "Subject", "Date", "Message-ID"}) {
		t.Errorf("%+v", s.Message)
	}
	if got.Sets[0].Seal.KeyBits != 1024 {
		t.Errorf("%+v", got.Sets[0].Seal)
	}
}

// TestWhoChangedIt: a set whose AMS holds no more was made before a change; the chain stays valid when the next hop sealed.
func TestWhoChangedIt(t *testing.T) {
	t.Parallel()
	footer := func(l *letter) *letter {
		l.body += "-- \r\nfooter\r\n"
		return l
	}
	for _, c := range []struct {
		name            string
		letter          *letter
		oldest, changed int
		told            bool
	}{
		{"no change", chain(3), 0, 0, true},
		{"hop 2 added a footer", footer(chain(1)).seal(hop{}).seal(hop{}), 2, 1, true},
		{"hop 3 added a footer", footer(chain(2)).seal(hop{}), 3, 2, true},
		{"hops 2 and 3 added footers", footer(footer(chain(1)).seal(hop{})).seal(hop{}), 3, 2, true},
		{"a footer behind the last seal", footer(chain(3)), 0, 3, false},
		{"hop 2 changed the subject", chain(1).change(t, "", 0, "ordinary", "[b] ordinary").seal(hop{}), 2, 1, true},
		{"the key of AMS 1 is revoked", chainWith(2, 1, hop{ams: "gone"}), 2, 0, true},
		{"no chain", newLetter(), 0, 0, false},
	} {
		got := validate(t, keys(t, 3), c.letter)
		oldest, told := got.OldestPass()
		if oldest != c.oldest || told != c.told || got.Changed() != c.changed {
			t.Errorf("%s: oldest pass %d (%v), changed after %d: %+v", c.name, oldest, told, got.Changed(), got)
		}
	}
	w := keys(t, 3)
	w.fails["s2._domainkey.hop1.test"] = resolve.KindTimeout
	got := validate(t, w, chainWith(3, 1, hop{ams: "s2"}))
	if _, told := got.OldestPass(); told || got.Sets[0].Message.State != arc.Unknown || got.Sets[0].Message.Err == nil {
		t.Errorf("%+v", got.Sets[0].Message)
	}
}

// TestAllFaultsAreTold: a chain with several faults has them all, the first by the steps of RFC 8617 §5.2.
func TestAllFaultsAreTold(t *testing.T) {
	t.Parallel()
	w := keys(t, 3)
	w.txt["s._domainkey.hop1.test"] = []string{"v=DKIM1; p="}
	l := chainWith(3, 2, hop{cv: "none"}).change(t, arc.AS, 3, "i=3;", "i=3; h=From;")
	l.body = "Changed.\r\n"
	var told []string
	got := validate(t, w, l)
	for _, f := range got.Faults {
		told = append(told, fmt.Sprintf("%d %s %s", f.Instance, f.Kind, f.Reason))
	}
	want := []string{"2 as bad_cv", "3 as as_h_tag", "3 ams ams_body_hash_mismatch", "1 as key_revoked"}
	if !slices.Equal(told, want) {
		t.Errorf("%q, want %q", told, want)
	}
	if m := got.Sets[0].Message.Faults; len(m) != 2 || m[0].Reason != arc.KeyRevoked || m[1].Reason != arc.BodyHashMismatch {
		t.Errorf("%+v", m)
	}
}

// TestQuestions: each key is asked for once, and none for a mail without a chain or with too many sets.
func TestQuestions(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		letter *letter
		asked  int64
	}{{newLetter(), 0}, {chain(3), 3}, {chainWith(3, 2, hop{ams: "s2"}), 4}, {chain(51), 0}, {chain(50), 50}} {
		w := keys(t, 51)
		if validate(t, w, c.letter); w.asked.Load() != c.asked {
			t.Errorf("%d questions, want %d", w.asked.Load(), c.asked)
		}
	}
}

// TestNoTimeLeft: a run that has ended says nothing of signatures that it did not verify.
func TestNoTimeLeft(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	got := arc.Validate(ctx, keys(t, 3), mail.Cut([]byte(chain(3).text())))
	if got.Result != arc.TempError || !errors.Is(got.Err, context.Canceled) {
		t.Errorf("%s, %v", got.Result, got.Err)
	}
	got = arc.Validate(ctx, keys(t, 3), mail.Cut([]byte(chainWith(3, 2, hop{leave: arc.AS}).text())))
	if got.Result != arc.Fail || got.Reason != arc.MissingHeader {
		t.Errorf("%s, %s", got.Result, got.Reason)
	}
}

// TestManyBodies: however many lengths the message signatures name, the body is hashed a few times, the newest first.
func TestManyBodies(t *testing.T) {
	t.Parallel()
	l := newLetter()
	for i := 1; i <= 20; i++ {
		l.seal(hop{more: fmt.Sprintf(" l=%d;", i)})
	}
	got := validate(t, keys(t, 20), l)
	judged := 0
	for _, s := range got.Sets {
		if s.Message.State != arc.Unjudged {
			judged++
		}
	}
	if judged != 6 || got.Sets[19].Message.State == arc.Unjudged {
		t.Errorf("%d of 20 were judged", judged)
	}
}

// TestLargeHeader: a large field that every message signature names is not hashed for all of them, but for the newest.
func TestLargeHeader(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	for i := 40; i > 0; i-- {
		fmt.Fprintf(&b, "ARC-Message-Signature: i=%d; a=ed25519-sha256; d=hop1.test; s=ed; h=X-Large; bh=AAAA; b=AAAA\r\n", i)
	}
	b.WriteString("X-Large: " + strings.Repeat("x", 1<<20) + "\r\n\r\n")
	got := arc.Validate(t.Context(), keys(t, 1), mail.Cut([]byte(b.String())))
	judged := 0
	for _, s := range got.Sets {
		if s.Message.State == arc.Broken {
			judged++
		}
	}
	if judged != 32 || len(got.Sets) != 40 || got.Sets[39].Message.State != arc.Broken {
		t.Errorf("%d of %d were judged", judged, len(got.Sets))
	}
}

// TestManyNames: names in h= cost no more than their number, however many fields there are.
func TestManyNames(t *testing.T) {
	t.Parallel()
	text := "ARC-Message-Signature: i=1; a=ed25519-sha256; d=hop1.test; s=ed; bh=AAAA; b=AAAA; h=" + strings.Repeat("a:b:", 50_000) + "\r\n" +
		strings.Repeat("A: 1\r\n", 9_000) + "\r\n"
	got := arc.Validate(t.Context(), keys(t, 1), mail.Cut([]byte(text)))
	if len(got.Sets) != 1 || len(got.Sets[0].Message.Headers) != 100_000 || got.Sets[0].Message.State != arc.Broken {
		t.Errorf("%d sets, %s", len(got.Sets), got.Result)
	}
}

// FuzzValidate: whatever a mail holds, there is a result that its parts bear out.
func FuzzValidate(f *testing.F) {
	f.Add([]byte(chain(2).text()))
	f.Add([]byte(chainWith(2, 2, hop{cv: "fail", alg: "ed25519-sha256", selector: "ed", more: " l=3;"}).text()))
	f.Add([]byte("ARC-Seal: i=1; a=rsa-sha256\nARC-Authentication-Results: i (a\\) = 1;\n\n"))
	f.Add([]byte("ARC-Message-Signature: i=99; h=:a:; l=-1; c=/; bh=; b\n"))
	w := keys(f, 3)
	f.Fuzz(func(t *testing.T, data []byte) {
		got := arc.Validate(t.Context(), w, mail.Cut(data))
		if (got.Result == arc.Fail) != (got.Reason != "") || (got.Result == arc.Fail) != (len(got.Faults) > 0) || len(got.Sets) > arc.MaxSets {
			t.Errorf("%+v", got)
		}
		for _, s := range got.Sets {
			if got.Result == arc.Pass && s.Seal.State != arc.Holds {
				t.Errorf("a chain passes whose seal %d does not hold", s.Instance)
			}
			if (s.Message.State == arc.Broken) != (len(s.Message.Faults) > 0) {
				t.Errorf("%+v", s.Message)
			}
		}
		got.OldestPass()
		got.Changed()
	})
}

// BenchmarkValidate judges a mail of three sets: six signatures of RSA-1024.
func BenchmarkValidate(b *testing.B) {
	w, raw := keys(b, 3), mail.Cut([]byte(chain(3).text()))
	b.ReportAllocs()
	for b.Loop() {
		if got := arc.Validate(b.Context(), w, raw); got.Result != arc.Pass {
			b.Fatal(got)
		}
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "chains/s")
}
