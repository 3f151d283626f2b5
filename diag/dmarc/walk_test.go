package dmarc

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"todoku/diag/resolve"
)

// walk tells where the record stands, the organisational domain, the policy,
// and the states of the questions.
func walkLine(w *Walk) string {
	domain := "-"
	if w.Policy != nil {
		domain = w.Policy.Domain
	}
	p, known := w.Published()
	line := domain + " " + w.Org + " " + string(p)
	if !known {
		line += "?"
	}
	for _, s := range w.Steps {
		line += " " + s.Status()
	}
	return line
}

func TestDiscover(t *testing.T) {
	t.Parallel()
	org := txt("_dmarc.kaisha.test", "v=DMARC1; p=reject; sp=quarantine; np=none")
	here := "a.mail.kaisha.test. A 192.0.2.1\n"
	for _, c := range []struct{ name, zone, domain, want string }{
		{"own", org, "kaisha.test", "kaisha.test kaisha.test reject record none"},
		{"subdomain", org + here, "a.mail.kaisha.test", "kaisha.test kaisha.test quarantine none none record none"},
		{"no such subdomain", org, "x.kaisha.test", "kaisha.test kaisha.test none none record none"},
		{"dangling alias exists", org + "x.kaisha.test. CNAME gone.test.\n", "x.kaisha.test",
			"kaisha.test kaisha.test quarantine none record none"},
		{"nothing", here, "mail.kaisha.test", "- mail.kaisha.test  none none none"},
		{"psd=n ends the walk", org + here + txt("_dmarc.mail.kaisha.test", "v=DMARC1; p=none; psd=n"), "a.mail.kaisha.test",
			"mail.kaisha.test mail.kaisha.test none none record"},
		{"own psd=y is no suffix", org + txt("_dmarc.mail.kaisha.test", "v=DMARC1; p=none; psd=y"), "mail.kaisha.test",
			"mail.kaisha.test mail.kaisha.test none record"},
		{"in between does not apply", txt("_dmarc.test", "v=DMARC1; p=reject; psd=y") + here + txt("_dmarc.mail.kaisha.test",
			"v=DMARC1; p=none"), "a.mail.kaisha.test", "test kaisha.test reject none record none record"},
		{"several count as none", org + txt("_dmarc.mail.kaisha.test", "v=DMARC1; p=none") + txt("_dmarc.mail.kaisha.test",
			"v=DMARC1; p=reject"), "mail.kaisha.test", "kaisha.test kaisha.test quarantine several record none"},
		{"other texts do not", org + txt("_dmarc.kaisha.test", "v=spf1 -all"), "kaisha.test", "kaisha.test kaisha.test reject record none"},
		{"broken without rua", txt("_dmarc.kaisha.test", "v=DMARC1; p=all"), "kaisha.test", "kaisha.test kaisha.test  record none"},
		{"one label", "", "localhost", "- localhost  none"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if got := walkLine(Discover(context.Background(), newWorld(t, c.zone), c.domain)); got != c.want {
				t.Errorf("%s\nwant %s", got, c.want)
			}
		})
	}
}

func TestWalkAsksEachNameOnceAndAtMostEight(t *testing.T) {
	t.Parallel()
	for _, n := range []int{1, 7, 8, 9, 120} {
		w := newWorld(t, txt("_dmarc.test", "v=DMARC1; p=none; psd=y"))
		name := strings.Repeat("a.", n-1) + "test"
		walk := Discover(context.Background(), w, name)
		slices.Sort(w.log)
		if len(walk.Steps) != min(n, 8) || len(slices.Compact(w.log)) != len(w.log) {
			t.Errorf("%d labels: %d steps, asked %v", n, len(walk.Steps), w.log)
		}
		if n > 1 && walk.Org != "a.test" {
			t.Errorf("%d labels: org %q", n, walk.Org)
		}
	}
}

// What the walk needs and could not get leaves it undecided; what it does not
// need is no matter.
func TestWalkIgnorance(t *testing.T) {
	t.Parallel()
	zone := txt("_dmarc.kaisha.test", "v=DMARC1; p=reject; np=none") + "mail.kaisha.test. A 192.0.2.1\n" +
		txt("_dmarc.own.kaisha.test", "v=DMARC1; p=none; psd=n")
	for _, c := range []struct{ domain, fails, want string }{
		{"mail.kaisha.test", "_dmarc.mail.kaisha.test", "-  ? error record none"},
		{"mail.kaisha.test", "_dmarc.kaisha.test", "-  ? none error none"},
		{"mail.kaisha.test", "_dmarc.test", "-  ? none record error"},
		{"mail.kaisha.test", "mail.kaisha.test", "kaisha.test kaisha.test ? none record none"},
		{"kaisha.test", "_dmarc.test", "kaisha.test  reject record error"},
		{"own.kaisha.test", "_dmarc.kaisha.test", "own.kaisha.test own.kaisha.test none record"},
	} {
		for _, kind := range []resolve.Kind{resolve.KindServFail, resolve.KindTimeout, resolve.KindRefused} {
			w := newWorld(t, zone)
			w.fail[c.fails+" TXT"] = kind
			walk := Discover(context.Background(), w, c.domain)
			if got := walkLine(walk); got != c.want {
				t.Errorf("%s fails for %s: %s\nwant %s", c.fails, c.domain, got, c.want)
			}
			var fail *resolve.Error
			if walk.Org == "" && !errors.As(walk.Err, &fail) {
				t.Errorf("no reason: %v", walk.Err)
			}
		}
	}
}

func TestOldReaders(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, zone, domain, old string
		differs                 bool
	}{
		{"same", txt("_dmarc.kaisha.test", "v=DMARC1; p=reject; sp=none"), "mail.kaisha.test", "kaisha.test kaisha.test none", false},
		{"nothing anywhere", "", "mail.kaisha.test", "kaisha.test  ", false},
		{"public suffix in the list", txt("_dmarc.github.io", "v=DMARC1; p=reject"), "me.github.io", "me.github.io  ", true},
		{"only the subdomain", txt("_dmarc.mail.kaisha.test", "v=DMARC1; p=none"), "mail.kaisha.test", "kaisha.test mail.kaisha.test none", true},
		{"but strict", txt("_dmarc.mail.kaisha.test", "v=DMARC1; p=none; adkim=s; aspf=s"), "mail.kaisha.test",
			"kaisha.test mail.kaisha.test none", false},
		{"in between", txt("_dmarc.a.kaisha.test", "v=DMARC1; p=reject"), "b.a.kaisha.test", "kaisha.test  ", true},
	} {
		w := Discover(context.Background(), newWorld(t, c.zone), c.domain)
		o := w.Old()
		if got := o.Org + " " + o.Domain + " " + string(o.Policy); got != c.old || w.Differs() != c.differs {
			t.Errorf("%s: %q differs %v", c.name, got, w.Differs())
		}
	}
}
