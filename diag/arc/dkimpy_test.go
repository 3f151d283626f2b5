package arc_test

import (
	"bytes"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"todoku/diag/arc"
	"todoku/sender/mail"
)

// script lets dkimpy validate the chains that it is given, and seal a mail three times.
const script = `
import json, sys, dkim
work = json.load(sys.stdin)
def ask(txt):
    return lambda name, timeout=5: (txt.get(name.decode().rstrip('.').lower()) or [None])[0]
out = {'verdicts': [], 'sealed': ''}
for c in work['chains']:
    try:
        cv, _, why = dkim.ARC(c['text'].encode()).verify(dnsfunc=lambda n, timeout=5: (ask(c['txt'])(n) or '').encode() or None)
        out['verdicts'].append((cv or b'fail').decode())
    except Exception as e:
        out['verdicts'].append(repr(e))
mail = work['mail'].encode()
for i in range(1, 4):
    domain = 'hop%d.test' % i
    head = ('Authentication-Results: %s; arc=%s; spf=pass smtp.mailfrom=aki@a.test\r\n' % (domain, 'none' if i == 1 else 'pass')).encode()
    fields = dkim.ARC(head + mail).sign(b's', domain.encode(), work['key'].encode(), domain.encode(),
        include_headers=[b'from', b'to', b'subject', b'date'], timestamp='1700000000')
    mail = b''.join(f if f.endswith(b'\r\n') else f + b'\r\n' for f in fields) + mail
out['sealed'] = mail.decode()
json.dump(out, sys.stdout)
`

// peerDiffers says why dkimpy comes to another result; names begin so.
var peerDiffers = map[string]string{
	"51 sets":                      "dkimpy does not count the sets",
	"60 sets":                      "dkimpy does not count the sets",
	"all i=0":                      "dkimpy takes the mail for one without a chain",
	"ed25519":                      "dkimpy has only rsa-sha256 for ARC",
	"c=none":                       "dkimpy means relaxed/relaxed where there is no c=",
	"no c=, meant is":              "dkimpy means relaxed/relaxed where there is no c=",
	"a fold at =":                  "dkimpy raises an error",
	"blanks around ;":              "dkimpy raises an error",
	"comments":                     "dkimpy knows no comments before the instance",
	"b= of AS":                     "dkimpy reads base64 up to its first end",
	"l= longer":                    "dkimpy takes what is there",
	"the sets in another order":    "dkimpy hashes the fields in the order in which they stand",
	"ams 1":                        "dkimpy does not look at c= and at an empty s= of older message signatures",
	"ams 2":                        "dkimpy does not look at c= and at an empty s= of older message signatures",
	"a key for sha1":               "dkimpy passes over h= of a key",
	"a revoked key and a good one": "the test gives dkimpy the first key alone",
}

// TestDkimpy holds our verdicts against those of dkimpy, every difference explained, and validates what dkimpy sealed.
func TestDkimpy(t *testing.T) {
	t.Parallel()
	samples := slices.Concat(healthy(), lengths(), structural(t), tagged(), changed(t), keyed(t))
	answer := runDkimpy(t, samples)
	explained := map[string]bool{}
	for i, c := range samples {
		if answer.Verdicts[i] == string(c.result) {
			continue
		}
		known := ""
		for prefix := range peerDiffers {
			if strings.HasPrefix(c.name, prefix) && len(prefix) > len(known) {
				known = prefix
			}
		}
		if known == "" {
			t.Errorf("%s: we say %s, dkimpy %s", c.name, c.result, answer.Verdicts[i])
		}
		explained[known] = true
	}
	for prefix, why := range peerDiffers {
		if !explained[prefix] {
			t.Errorf("%q: nothing is left to explain by: %s", prefix, why)
		}
	}
	got := arc.Validate(t.Context(), keys(t, 3), mail.Cut([]byte(answer.Sealed)))
	if oldest, told := got.OldestPass(); got.Result != arc.Pass || len(got.Sets) != 3 || oldest != 0 || !told {
		t.Errorf("sealed by dkimpy: %+v\n%s", got, answer.Sealed)
	}
}

type dkimpyAnswer struct {
	Verdicts []string
	Sealed   string
}

func runDkimpy(t *testing.T, samples []sample) (out dkimpyAnswer) {
	t.Helper()
	python := "/usr/bin/python3" // that of the system, for which Debian has dkimpy
	if err := exec.Command(python, "-c", "import dkim, authres").Run(); err != nil {
		if os.Getenv("TODOKU_SERVERS_REQUIRED") == "1" {
			t.Fatal("python3-dkim or python3-authres is missing: ", err)
		}
		t.Skip("python3-dkim and python3-authres are not installed")
	}
	type job struct {
		Text string              `json:"text"`
		TXT  map[string][]string `json:"txt"`
	}
	var work struct {
		Chains []job  `json:"chains"`
		Mail   string `json:"mail"`
		Key    string `json:"key"`
	}
	all := keys(t, 60)
	for _, c := range samples {
		w := c.world
		if w == nil {
			w = all
		}
		work.Chains = append(work.Chains, job{c.letter.text(), w.txt})
	}
	work.Mail = newLetter().text()
	work.Key = string(pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(rsaKey())}))
	in, err := json.Marshal(work)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), python, "-c", script)
	cmd.Stdin = bytes.NewReader(in)
	cmd.Stderr = os.Stderr
	text, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &out); err != nil || len(out.Verdicts) != len(samples) {
		t.Fatal(err, len(out.Verdicts))
	}
	return out
}
