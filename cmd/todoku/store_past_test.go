package main

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"todoku/codes"
	"todoku/diag"
	"todoku/diag/check"
	"todoku/diag/resolve"
	"todoku/diag/watch"
	"todoku/diag/watch/store"
	"todoku/diag/world"
)

// kaisha is a domain that is watched while its zone changes.
type kaisha struct {
	t     *testing.T
	store string // the file
	dir   string
	reply string // that is diagnosed
}

const (
	kaishaSPF   = `@ 300 IN TXT "v=spf1 ip4:192.0.2.7 include:esp.example -all"`
	kaishaKey   = `s1._domainkey 300 IN TXT "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="`
	kaishaDMARC = `_dmarc 300 IN TXT "v=DMARC1; p=reject"`
	espSPF      = "$ORIGIN esp.example.\n@ 300 IN TXT \"v=spf1 ip4:192.0.2.9 -all\"\n"
)

func newKaisha(t *testing.T) kaisha {
	t.Helper()
	k := kaisha{t, filepath.Join(t.TempDir(), "watch.db"), t.TempDir(), "550 5.7.30 DKIM authentication did not pass."}
	k.with(func(s *store.Store) error {
		_, err := s.Add(t.Context(), slices.Values([]string{"kaisha.example"}), time.Hour)
		return err
	}, time.Time{})
	return k
}

// with does something with the store at a time.
func (k kaisha) with(do func(*store.Store) error, at time.Time) {
	k.t.Helper()
	s, err := store.Open(k.t.Context(), k.store, store.Options{Now: func() time.Time { return at }})
	if err == nil {
		err = do(s)
	}
	if err != nil {
		k.t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		k.t.Fatal(err)
	}
}

// nobody is a resolver that gets no answers.
type nobody struct{}

func (nobody) Ask(_ context.Context, name string, t resolve.Type) (resolve.Answer, error) {
	return resolve.Answer{}, &resolve.Error{Kind: resolve.KindTimeout, Name: name, Type: t.String(), Server: "192.0.2.53"}
}

// zone writes zone files of the domain with some records, and of what it includes.
func (k kaisha) zone(records ...string) []string {
	k.t.Helper()
	texts := map[string]string{"esp.zone": espSPF}
	if len(records) > 0 {
		texts["kaisha.zone"] = "$ORIGIN kaisha.example.\n@ 300 IN MX 10 mx\nmx 300 IN A 192.0.2.1\n" + strings.Join(records, "\n") + "\n"
	}
	var files []string
	for name, text := range texts {
		file := filepath.Join(k.dir, name)
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			k.t.Fatal(err)
		}
		files = append(files, file)
	}
	return files
}

// look looks at the domain at a time of the day of the tests. Without records nobody answers.
func (k kaisha) look(at string, records ...string) {
	k.t.Helper()
	now, err := time.Parse("2006-01-02 15:04", "2026-11-24 "+at)
	if err != nil {
		k.t.Fatal(err)
	}
	var zones []*resolve.Zone
	for _, name := range k.zone(records...) {
		f, err := os.Open(name)
		if err != nil {
			k.t.Fatal(err)
		}
		z, err := resolve.ParseZone(f, name)
		f.Close()
		if err != nil {
			k.t.Fatal(err)
		}
		zones = append(zones, z)
	}
	w, err := world.Open(k.t.Context(), world.Options{Zones: zones, Offline: true, Now: func() time.Time { return now }})
	if err != nil {
		k.t.Fatal(err)
	}
	defer w.Close()
	run := func() diag.Env {
		env := w.Run()
		if len(records) == 0 {
			env.DNS = nobody{}
		}
		return env
	}
	l := &watch.Looker{Env: run, Words: func(err error) codes.Text { return codes.Text{EN: err.Error(), JA: err.Error()} },
		Places: make(chan struct{}, 4), Checks: func(watch.Kept) []*diag.Check {
			return []*diag.Check{check.SPF(check.SPFOptions{}), check.DKIM(check.DKIMOptions{Selectors: []string{"s1"}}),
				check.DMARC(check.DMARCOptions{})}
		}}
	k.with(func(s *store.Store) error {
		j, err := s.Job(k.t.Context(), "kaisha.example")
		if err != nil {
			return err
		}
		work, err := s.Load(k.t.Context(), j)
		if err != nil {
			return err
		}
		done, err := l.Look(k.t.Context(), work)
		if err != nil {
			return err
		}
		return inTx(k.t, s.DB(), func(tx *sql.Tx) error { return s.Save(k.t.Context(), tx, work, done) })
	}, now)
}

func inTx(t *testing.T, db *sql.DB, do func(*sql.Tx) error) error {
	tx, err := db.BeginTx(t.Context(), nil)
	if err != nil {
		return err
	}
	if err := do(tx); err != nil {
		return err
	}
	return tx.Commit()
}

// log writes a log of Postfix with so many refusals, one a minute from a time on, and returns its name.
func (k kaisha) log(name, at string, n int) string {
	k.t.Helper()
	from, err := time.Parse("15:04", at)
	if err != nil {
		k.t.Fatal(err)
	}
	var b strings.Builder
	for i := range n {
		line := fmt.Sprintf("2026-11-24T%s:11.000000+00:00 mx postfix/", from.Add(time.Duration(i)*time.Minute).Format("15:04"))
		id := fmt.Sprintf("4AB%05X", 4096+i)
		fmt.Fprintf(&b, "%sqmgr[1]: %s: from=<news@kaisha.example>, size=1000, nrcpt=1 (queue active)\n", line, id)
		fmt.Fprintf(&b, "%ssmtp[2]: %s: to=<user%d@gmail.com>, relay=gmail-smtp-in.l.google.com[192.0.2.99]:25, delay=1, delays=0/0/0/1, "+
			"dsn=5.7.30, status=bounced (host gmail-smtp-in.l.google.com[192.0.2.99] said: 550-5.7.30 DKIM authentication did not pass. "+
			"(in reply to end of DATA command))\n", line, id, i)
		fmt.Fprintf(&b, "%sqmgr[1]: %s: removed\n", line, id)
	}
	file := filepath.Join(k.dir, name)
	if err := os.WriteFile(file, []byte(b.String()), 0o600); err != nil {
		k.t.Fatal(err)
	}
	return file
}

// change is what the tests look at in a change.
type change struct {
	Kind, Name, Rule, Since, Until, Text string
	MendedUntil                          string `json:"mended_until"`
	FirstRefusal                         string `json:"first_refusal"`
	Refusals                             int64
}

// triage gives the changes before the first group of a log.
func (k kaisha) triage(log string, more string) []change {
	k.t.Helper()
	_, out, errs := typed(k.t, map[string]string{"TZ": "UTC"}, "triage --no-diagnose --format json --store "+k.store+" "+log+more)
	var r struct {
		Groups []struct {
			Count   int64
			Changes []change
		}
	}
	if err := json.Unmarshal([]byte(out), &r); err != nil || len(r.Groups) != 1 || r.Groups[0].Changes == nil {
		k.t.Fatalf("%v: %s%s", err, out, errs)
	}
	return r.Groups[0].Changes
}

// diagnose gives the verdict on a cause, and the changes it rests on.
func (k kaisha) diagnose(cause, at string, records ...string) (status string, list []change, answer string) {
	k.t.Helper()
	line := "diagnose --offline --format json --store " + k.store + " --from news@kaisha.example --to a@gmail.com --selector s1 --ip 192.0.2.7"
	line += " --time 2026-11-24T" + at + ":00Z"
	for _, z := range k.zone(records...) {
		line += " --zone " + z
	}
	_, out, errs := typed(k.t, map[string]string{"TZ": "UTC"}, line, k.reply)
	var d struct {
		Answer string
		Causes []struct {
			ID, Status string
			Evidence   []struct {
				Kind   string
				Change *change
			}
		}
	}
	if err := json.Unmarshal([]byte(out), &d); err != nil {
		k.t.Fatalf("%v: %s%s", err, out, errs)
	}
	for _, c := range d.Causes {
		if c.ID != cause {
			continue
		}
		for _, e := range c.Evidence {
			if e.Kind == "history" && e.Change != nil {
				list = append(list, *e.Change)
			}
		}
		return c.Status, list, d.Answer
	}
	k.t.Fatalf("no cause %s: %s", cause, out)
	return "", nil, ""
}

// TestWhatChangedBeforeMailWasRefused: a key vanishes; an hour later mail is refused.
func TestWhatChangedBeforeMailWasRefused(t *testing.T) {
	t.Parallel()
	k := newKaisha(t)
	k.look("07:00", kaishaSPF, kaishaKey, kaishaDMARC)
	k.look("08:00", kaishaSPF, kaishaKey, kaishaDMARC)
	k.look("09:00", kaishaSPF, kaishaDMARC)
	log := k.log("mail.log", "09:07", 12)
	got := k.triage(log, "")
	if len(got) != 1 || got[0].Kind != "vanished" || got[0].Name != "s1._domainkey.kaisha.example" || got[0].Refusals != 12 {
		t.Fatalf("changes: %+v", got)
	}
	want := "the DKIM key s1._domainkey.kaisha.example vanished between 2026-11-24 08:00 and 09:00; first refusal 09:07, 12 since"
	if got[0].Text != want {
		t.Errorf("it says %q, want %q", got[0].Text, want)
	}
	// The same log again, and a copy of it, count once.
	copied, err := os.ReadFile(log)
	if err == nil {
		err = os.WriteFile(log+".1", copied, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	if got = k.triage(log, ""); got[0].Refusals != 12 {
		t.Errorf("read twice: %d refusals", got[0].Refusals)
	}
	if got = k.triage(log+".1", ""); got[0].Refusals != 12 {
		t.Errorf("a copy: %d refusals", got[0].Refusals)
	}
	status, list, _ := k.diagnose("dkim-broken", "09:12", kaishaSPF, kaishaDMARC)
	if status != "confirmed" || len(list) != 1 || list[0].Refusals != 12 || !strings.HasPrefix(list[0].FirstRefusal, "2026-11-24T09:07") {
		t.Errorf("%s, %+v", status, list)
	}
	_, text, _ := typed(t, map[string]string{"TZ": "UTC"}, "triage --no-diagnose --store "+k.store+" "+log)
	if !strings.Contains(strings.Join(strings.Fields(text), " "), want) {
		t.Errorf("the page does not say it:\n%s", text)
	}
}

// TestWhatWasMendedIsConfirmedForItsTime: now everything is right; when the mail was refused the key was gone.
func TestWhatWasMendedIsConfirmedForItsTime(t *testing.T) {
	t.Parallel()
	k := newKaisha(t)
	k.look("08:00", kaishaSPF, kaishaKey, kaishaDMARC)
	k.look("09:00", kaishaSPF, kaishaDMARC)
	k.look("10:00", kaishaSPF, kaishaDMARC)
	k.look("11:00", kaishaSPF, kaishaKey, kaishaDMARC)
	now := []string{kaishaSPF, kaishaKey, kaishaDMARC}
	status, list, answer := k.diagnose("dkim-broken", "09:30", now...)
	if status != "confirmed" || len(list) != 1 || !strings.HasPrefix(list[0].MendedUntil, "2026-11-24T11:00") {
		t.Errorf("%s, %+v", status, list)
	}
	if !strings.Contains(answer, "was gone from DNS then (it is back)") {
		t.Errorf("answer: %s", answer)
	}
	if status, list, _ = k.diagnose("dkim-broken", "13:30", now...); status != "excluded" {
		t.Errorf("of a refusal after it was mended: %s, %+v", status, list)
	}
	if status, list, _ = k.diagnose("dkim-broken", "07:30", now...); status != "excluded" || len(list) != 0 {
		t.Errorf("of a refusal before: %s, %+v", status, list)
	}
}

// TestTwoChangesAtOnceAreBothNamed: the key and the SPF record vanish in the same hour, and are back by now.
func TestTwoChangesAtOnceAreBothNamed(t *testing.T) {
	t.Parallel()
	k := newKaisha(t)
	k.reply = "550-5.7.26 Your email has been blocked because the sender is unauthenticated."
	k.look("08:00", kaishaSPF, kaishaKey, kaishaDMARC)
	k.look("09:00", kaishaDMARC)
	k.look("11:00", kaishaSPF, kaishaKey, kaishaDMARC)
	for _, cause := range []string{"spf-none", "dkim-broken"} {
		status, list, answer := k.diagnose(cause, "09:30", kaishaSPF, kaishaKey, kaishaDMARC)
		if status != "confirmed" || len(list) != 1 || !strings.Contains(answer, "SPF record of kaisha.example was gone") ||
			!strings.Contains(answer, "s1._domainkey.kaisha.example was gone") {
			t.Errorf("%s: %s, %+v: %s", cause, status, list, answer)
		}
	}
}

// TestATermThatCoveredTheAddressWasLost: SPF did not allow the sending address for two hours.
func TestATermThatCoveredTheAddressWasLost(t *testing.T) {
	t.Parallel()
	k := newKaisha(t)
	k.reply = "550 5.7.27 SPF authentication did not pass."
	k.look("08:00", kaishaSPF, kaishaKey, kaishaDMARC)
	k.look("09:00", `@ 300 IN TXT "v=spf1 include:esp.example -all"`, kaishaKey, kaishaDMARC)
	k.look("11:00", kaishaSPF, kaishaKey, kaishaDMARC)
	status, list, answer := k.diagnose("spf-ip", "09:30", kaishaSPF, kaishaKey, kaishaDMARC)
	if status != "confirmed" || len(list) != 1 || !strings.Contains(answer, "had lost ip4:192.0.2.7, which covered the sending address") {
		t.Errorf("%s, %+v: %s", status, list, answer)
	}
}

// TestWhatStandsIsNotCalledMended: a policy became stricter, and is so still; that there is a record does not undo it.
func TestWhatStandsIsNotCalledMended(t *testing.T) {
	t.Parallel()
	k := newKaisha(t)
	k.reply = "550-5.7.26 Unauthenticated email from kaisha.example is not accepted due to domain's DMARC policy."
	k.look("08:00", kaishaSPF, kaishaKey, `_dmarc 300 IN TXT "v=DMARC1; p=none"`)
	k.look("09:00", kaishaSPF, kaishaKey, kaishaDMARC)
	status, list, _ := k.diagnose("dmarc-none", "09:30", kaishaSPF, kaishaKey, kaishaDMARC)
	if status != "excluded" || len(list) != 1 || list[0].Kind != "altered" || list[0].MendedUntil != "" {
		t.Errorf("%s, %+v", status, list)
	}
}

func TestAVerificationTakesNoStore(t *testing.T) {
	t.Parallel()
	k := newKaisha(t)
	if status, _, errs := typed(t, nil, "diagnose --last --verify --store "+k.store); status != 2 || !strings.Contains(errs, "--store") {
		t.Errorf("%d: %s", status, errs)
	}
	missing := filepath.Join(k.dir, "none.db")
	if status, _, errs := typed(t, nil, "--lab diagnose 42550 --store "+missing); status != 2 || !strings.Contains(errs, "no such store") {
		t.Errorf("%d: %s", status, errs)
	}
	env := map[string]string{"TODOKU_STORE": missing}
	if _, out, errs := typed(t, env, "--lab diagnose 42550 --from news@no-spf.test --to user@takes.test"); !strings.Contains(out, "SPF") {
		t.Errorf("%s%s", out, errs)
	}
}

func TestWhereNothingFitsNothingIsSaid(t *testing.T) {
	t.Parallel()
	all := []string{kaishaSPF, kaishaKey, kaishaDMARC}
	for name, tt := range map[string]struct {
		looks func(kaisha)
		log   string
	}{
		"nothing changed":             {func(k kaisha) { k.look("08:00", all...); k.look("09:00", all...) }, "09:07"},
		"it changed afterwards":       {func(k kaisha) { k.look("08:00", all...); k.look("09:00", kaishaSPF, kaishaDMARC) }, "06:07"},
		"something else was lost":     {func(k kaisha) { k.look("08:00", all...); k.look("09:00", kaishaSPF, kaishaKey) }, "09:07"},
		"it was so at the first look": {func(k kaisha) { k.look("08:00", kaishaSPF); k.look("09:00", kaishaSPF) }, "09:07"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			k := newKaisha(t)
			tt.looks(k)
			if got := k.triage(k.log("mail.log", tt.log, 5), ""); len(got) != 0 {
				t.Errorf("changes: %+v", got)
			}
		})
	}
}

// TestASilenceIsToldAndConfirmsNothing: nobody answers from 09:00 to 11:00.
func TestASilenceIsToldAndConfirmsNothing(t *testing.T) {
	t.Parallel()
	k := newKaisha(t)
	k.look("08:00", kaishaSPF, kaishaKey, kaishaDMARC)
	k.look("09:00")
	k.look("11:00", kaishaSPF, kaishaKey, kaishaDMARC)
	got := k.triage(k.log("mail.log", "09:07", 5), "")
	if len(got) != 1 || got[0].Kind != "unknown" || !strings.Contains(got[0].Text, "nobody knows") {
		t.Fatalf("changes: %+v", got)
	}
	if status, _, _ := k.diagnose("dkim-broken", "09:30", kaishaSPF, kaishaKey, kaishaDMARC); status != "excluded" {
		t.Errorf("the cause is %s", status)
	}
}

// TestCollectAndTriageCountOneLogOnce: whoever reads a log, and however often, its mails count once.
func TestCollectAndTriageCountOneLogOnce(t *testing.T) {
	t.Parallel()
	k := newKaisha(t)
	k.look("08:00", kaishaSPF, kaishaKey, kaishaDMARC)
	k.look("09:00", kaishaSPF, kaishaDMARC)
	log := k.log("mail.log", "09:07", 3)
	for range 2 {
		line := "collect --history " + filepath.Join(k.dir, "history.db") + " --store " + k.store + " " + log
		if _, _, errs := typed(t, map[string]string{"TZ": "UTC"}, line); errs != "" {
			t.Error(errs)
		}
	}
	if got := k.triage(log, ""); len(got) != 1 || got[0].Refusals != 3 {
		t.Errorf("changes: %+v", got)
	}
}

// TestReportsTeachSelectors: the keys of signatures that pass are watched from then on.
func TestReportsTeachSelectors(t *testing.T) {
	t.Parallel()
	k := newKaisha(t)
	_, out, errs := typed(t, nil, "--lab reports --format json --store "+k.store)
	var r struct {
		Domains []struct {
			Selectors []struct {
				Domain, Selector string
			}
		}
	}
	if err := json.Unmarshal([]byte(out), &r); err != nil || len(r.Domains) == 0 || len(r.Domains[0].Selectors) == 0 {
		t.Fatalf("%v: %s%s", err, out, errs)
	}
	first := r.Domains[0].Selectors[0]
	k.with(func(s *store.Store) error {
		if _, err := s.Add(t.Context(), slices.Values([]string{first.Domain}), time.Hour); err != nil {
			return err
		}
		j, err := s.Job(t.Context(), first.Domain)
		if err != nil {
			return err
		}
		w, err := s.Load(t.Context(), j)
		if err == nil && !slices.Contains(w.Domains[0].Selectors, first.Selector) {
			t.Errorf("selectors %q, want %s", w.Domains[0].Selectors, first.Selector)
		}
		return err
	}, time.Now())
}

// TestAStoreThatIsAwayKeepsNobodyFromReading: the counts stand; what was not kept is told.
func TestAStoreThatIsAwayKeepsNobodyFromReading(t *testing.T) {
	t.Parallel()
	k := newKaisha(t)
	log := k.log("mail.log", "09:07", 3)
	away := "postgres://todoku:secret@127.0.0.1:1/none?connect_timeout=1"
	_, out, errs := typed(t, nil, "triage --no-diagnose --format json --store "+away+" "+log)
	if !strings.Contains(out, `"failed": 3`) || !strings.Contains(errs, "did not take") || strings.Contains(out+errs, "secret") {
		t.Errorf("%s%s", out, errs)
	}
	if status, out, errs := typed(t, nil, "triage --no-diagnose --store "+filepath.Join(log, "x.db")+" "+log); status != 2 || out != "" {
		t.Errorf("%d: %s%s", status, out, errs)
	}
}
