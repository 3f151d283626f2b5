package altered_test

import (
	"context"
	"strings"
	"testing"

	"todoku/diag/altered"
	"todoku/diag/dkim"
	"todoku/sender/mail"
)

// compare holds a received mail against its original.
func compare(t *testing.T, original, received string) []altered.Change {
	t.Helper()
	raw := mail.Cut([]byte(received))
	z := zone{"r._domainkey.shop.test": record(keys().rsa), "e._domainkey.shop.test": record(keys().ed)}
	report := dkim.Verify(context.Background(), z, raw, dkim.Options{})
	if len(report.Signatures) != 1 {
		t.Fatalf("%d signatures", len(report.Signatures))
	}
	return altered.Compare(mail.Cut([]byte(original)), raw, report.Signatures[0])
}

// TestCompare: with the original at hand each way is named, also those that leave no trace in the mail.
func TestCompare(t *testing.T) {
	t.Parallel()
	total, named := 0, 0
	for _, w := range ways() {
		for k, s := range shapes() {
			if k%depth(6, 3, 1) != 0 {
				continue
			}
			f := forms[k/3%3]
			signed := f.sign(t, s.text)
			m, ok := w.change(signed, s.name, f)
			if !ok {
				continue
			}
			total++
			list := compare(t, s.text, m)
			found := false
			for _, c := range list {
				found = found || c.Kind == w.kind || closeTo[w.kind] == c.Kind
				if !c.Certain {
					t.Errorf("%s of %s: not certain: %+v", w.name, s.name, c)
				}
			}
			if found {
				named++
			} else {
				t.Logf("%s of %s: %s", w.name, s.name, short(altered.Answer{Changes: list}))
			}
			if len(list) == 0 {
				t.Errorf("%s of %s: no difference is told", w.name, s.name)
			}
		}
	}
	t.Logf("%d of %d named", named, total)
	if named*100 < total*95 {
		t.Errorf("%d of %d named", named, total)
	}
}

// closeTo are names that are as right where both mails are known.
var closeTo = map[altered.Kind]altered.Kind{
	altered.PartRemoved: altered.BodyChanged,
}

// TestCompareSame: mails that differ in what the signature does not cover are the same.
func TestCompareSame(t *testing.T) {
	t.Parallel()
	for _, s := range shapes() {
		signed := forms[0].sign(t, s.text)
		for name, m := range map[string]string{
			"as it is": signed,
			"traced":   "Received: from a.test by b.test; Fri, 27 Nov 2026 10:00:00 +0900\r\nX-New: 1\r\n" + signed,
			"LF":       strings.ReplaceAll(signed, "\r\n", "\n"),
			"case":     strings.Replace(signed, "\r\nSubject: ", "\r\nSUBJECT:   ", 1),
		} {
			if list := compare(t, s.text, m); len(list) > 0 {
				t.Errorf("%s of %s: %+v", name, s.name, list)
			}
		}
	}
}

// TestCompareTells: where, and what stood there.
func TestCompareTells(t *testing.T) {
	t.Parallel()
	s := shapes()[0]
	m := forms[0].sign(t, s.text)
	m = strings.Replace(m, "3 boxes", "30 boxes", 1)
	m = strings.Replace(m, "Subject: Your", "Subject: [tea] Your", 1)
	want := "subject-prefix-added at Subject; body-changed at body:3"
	var got []string
	list := compare(t, s.text, m)
	for _, c := range list {
		got = append(got, string(c.Kind)+" at "+c.Where())
	}
	if strings.Join(got, "; ") != want {
		t.Fatalf("%q, want %q", got, want)
	}
	if c := list[1]; !strings.Contains(c.Was, "3 boxes") || !strings.Contains(c.Now, "30 boxes") {
		t.Errorf("%+v", c)
	}
	if c := list[0]; c.Was != "Your order has shipped" || c.Now != "[tea] Your order has shipped" {
		t.Errorf("%+v", c)
	}
}

// TestCompareHolding: where the original was written in another way before it was signed, only the side that fails is told.
func TestCompareHolding(t *testing.T) {
	t.Parallel()
	s := shapes()[0]
	unsent := strings.Replace(s.text, "3 boxes", "three boxes", 1)
	m := strings.Replace(forms[0].sign(t, s.text), "Subject: Your", "Subject: [tea] Your", 1)
	if list := compare(t, unsent, m); len(list) != 1 || list[0].Kind != altered.SubjectPrefixed || !list[0].Certain {
		t.Errorf("%+v", list)
	}
}

// TestCompareOther: an original that is not what was signed makes nothing certain.
func TestCompareOther(t *testing.T) {
	t.Parallel()
	s := shapes()[0]
	m := forms[0].sign(t, s.text)
	m = strings.Replace(m, "3 boxes", "30 boxes", 1)
	m = strings.Replace(m, "Subject: Your", "Subject: [tea] Your", 1)
	other := strings.Replace(s.text, "3 boxes", "three boxes", 1)
	other = strings.Replace(other, "Date: Fri, 27 Nov 2026 10:00:00", "Date: Fri, 27 Nov 2026 09:59:58", 1)
	list := compare(t, other, m)
	for _, c := range list {
		if c.Certain {
			t.Errorf("%+v is certain", c)
		}
	}
	if len(list) != 3 {
		t.Errorf("%+v", list)
	}
}
