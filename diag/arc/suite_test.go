package arc_test

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"todoku/diag/arc"
	"todoku/sender/mail"
)

// scenario is one document of a suite. Its maps are read as nodes: an id stands there twice now and then, and no case may be lost.
type scenario struct {
	Description string
	Tests       yaml.Node
	Records     yaml.Node `yaml:"txt-records"`
}

// pairs lists keys and values of a mapping in their order, also those that are there twice.
func pairs(n yaml.Node) (out [][2]*yaml.Node) {
	for i := 0; i+1 < len(n.Content); i += 2 {
		out = append(out, [2]*yaml.Node{n.Content[i], n.Content[i+1]})
	}
	return out
}

func readSuite(t testing.TB, name string) (out []scenario) {
	t.Helper()
	dir := os.Getenv("TODOKU_SUITES")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "shared", "suites")
	}
	f, err := os.Open(filepath.Join(dir, "arc", name))
	if err != nil {
		if os.Getenv("TODOKU_SUITES_REQUIRED") == "1" {
			t.Fatal(err)
		}
		t.Skip("suite not found: set TODOKU_SUITES")
	}
	defer f.Close()
	for d := yaml.NewDecoder(f); ; {
		var s scenario
		if err := d.Decode(&s); errors.Is(err, io.EOF) {
			return out
		} else if err != nil {
			t.Fatal(err)
		}
		out = append(out, s)
	}
}

func (s *scenario) world() *world {
	w := newWorld()
	for _, p := range pairs(s.Records) {
		w.txt[p[0].Value] = []string{p[1].Value}
	}
	return w
}

// TestValidationSuite runs all cases of the suite that the authors of ARC published. Where the newest seal says cv=fail, the
// suite names no result: RFC 8617 §5.2 step 2 does.
func TestValidationSuite(t *testing.T) {
	t.Parallel()
	cases, right := 0, 0
	for _, s := range readSuite(t, "arc-draft-validation-tests.yml") {
		w := s.world()
		for _, p := range pairs(s.Tests) {
			var c struct{ Message, CV string }
			if err := p[1].Decode(&c); err != nil {
				t.Fatal(err)
			}
			cases++
			want := strings.ToLower(strings.TrimSpace(c.CV))
			if want == "" {
				want = "fail"
			}
			got := arc.Validate(t.Context(), w, mail.Cut([]byte(c.Message)))
			if string(got.Result) != want {
				t.Errorf("%s: %s, want %s: %+v", p[0].Value, got.Result, want, got)
				continue
			}
			right++
			if (got.Result == arc.Fail) != (got.Reason != "") {
				t.Errorf("%s: %s with reason %q", p[0].Value, got.Result, got.Reason)
			}
		}
	}
	t.Logf("%d of %d", right, cases)
	if cases != 175 {
		t.Errorf("%d cases were read, the suite has 175", cases)
	}
}

// TestSigningSuite takes the sets that the suite expects of a sealer and puts them on its mails: their AMS hold. Their seals
// do not show: they cover fields whose folds the suite does not tell.
func TestSigningSuite(t *testing.T) {
	t.Parallel()
	cases := 0
	for _, s := range readSuite(t, "arc-draft-sign-tests.yml") {
		w := s.world()
		for _, p := range pairs(s.Tests) {
			var c struct {
				Message string
				AS      string `yaml:"AS"`
				AMS     string `yaml:"AMS"`
				AAR     string `yaml:"AAR"`
			}
			if err := p[1].Decode(&c); err != nil {
				t.Fatal(err)
			}
			if strings.TrimSpace(c.AS) == "" {
				continue
			}
			cases++
			var text strings.Builder
			for _, f := range [][2]string{{"ARC-Seal", c.AS}, {"ARC-Message-Signature", c.AMS}, {"ARC-Authentication-Results", c.AAR}} {
				text.WriteString(f[0] + ": " + strings.ReplaceAll(strings.TrimSpace(f[1]), "\n", "\n ") + "\n")
			}
			got := arc.Validate(t.Context(), w, mail.Cut([]byte(text.String()+c.Message)))
			if n := len(got.Sets); n == 0 || got.Sets[n-1].Message.State != arc.Holds {
				t.Errorf("%s: %+v", p[0].Value, got)
			}
		}
	}
	if cases != 16 {
		t.Errorf("%d mails, the suite has 16", cases)
	}
}
