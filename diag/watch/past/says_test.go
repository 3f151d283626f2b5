package past_test

import (
	"testing"
	"time"

	"todoku/codes"
	"todoku/diag/watch"
	"todoku/diag/watch/past"
)

func TestWordsOfChanges(t *testing.T) {
	t.Parallel()
	tokyo := time.FixedZone("JST", 9*3600)
	for name, tt := range map[string]struct {
		h      func(*past.History)
		q      past.Question
		en, ja string
	}{
		"a key": {func(h *past.History) {
			had(h, key, "TXT", at(0, 0), at(8, 0), "v=DKIM1; p=AAA")
			had(h, key, "TXT", at(9, 0), time.Time{})
			refusals(h, "dkim", at(9, 7), 3)
		}, dkim(),
			"the DKIM key s1._domainkey.kaisha.example vanished between 2026-11-24 08:00 and 09:00; first refusal 09:07, 3 since",
			"s1._domainkey.kaisha.example のDKIM公開鍵が 2026-11-24 08:00 から 09:00 の間に消えました。" +
				"最初の拒否は 09:07、以後3件"},
		"SPF, mended, in another zone": {func(h *past.History) {
			had(h, "kaisha.example", "TXT", at(0, 0), at(8, 0), "v=spf1 include:esp.example ~all")
			had(h, "kaisha.example", "TXT", at(9, 0), at(16, 0), "v=spf1 ~all")
			had(h, "kaisha.example", "TXT", at(17, 0), time.Time{}, "v=spf1 include:esp.example ~all")
		}, func() past.Question { q := spf(); q.Zone = tokyo; return q }(),
			"the SPF record of kaisha.example lost include:esp.example between 2026-11-24 17:00 and 18:00; " +
				"mended between 2026-11-25 01:00 and 02:00; refused at 18:07",
			"kaisha.example のSPFレコードから 2026-11-24 17:00 から 18:00 の間に include:esp.example がなくなりました" +
				"(2026-11-25 01:00 から 02:00 の間に解消)。拒否されたのは 18:07"},
		"a silence": {func(h *past.History) {
			h.Changes = []watch.Change{
				finding(watch.Unknown, "dkim", "", "", at(8, 0), at(9, 0), at(9, 0)),
				finding(watch.Known, "dkim", "", "", at(12, 0), at(13, 0), at(9, 0))}
		}, dkim(),
			"dkim: could not be looked up from 2026-11-24 08:00 to 13:00, so nobody knows what was there",
			"dkim: 2026-11-24 08:00 から 13:00 まで確認できず、当時の状態は不明です"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := world()
			tt.h(&h)
			got := past.Find(h, tt.q)
			if len(got) != 1 {
				t.Fatalf("changes: %+v", got)
			}
			says, data := got[0].Says()
			for lang, want := range map[codes.Lang]string{codes.English: tt.en, codes.Japanese: tt.ja} {
				if s := (codes.Message{Text: says, Args: data}).In(lang); s != want {
					t.Errorf("it says\n%s\nwant\n%s", s, want)
				}
			}
		})
	}
}
