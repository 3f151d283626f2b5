package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	sjis "golang.org/x/text/encoding/japanese"

	"todoku/cmd/app"
)

// said runs a command in Japanese on a machine without a time zone of its own.
func said(t *testing.T, args ...string) (string, string, app.ExitStatus) {
	t.Helper()
	var out, errs bytes.Buffer
	status := play(t.Context(), append([]string{"--lang", "ja"}, args...), strings.NewReader(""), &out, &errs, noEnv)
	return out.String(), errs.String(), status
}

// TestFullWidthValues: what a Japanese keyboard writes is read as what is meant; texts stay as they are.
func TestFullWidthValues(t *testing.T) {
	t.Parallel()
	for _, pair := range [][2][]string{
		{{"letter", "--from", "ｎｅｗｓ＠ｋａｉｓｈａ．ｔｅｓｔ", "--to", "　user＠example.jp ", "--time",
			"２０２６／１１／２３　９：００", "--code", "４２５５３", "--ip", "１９２．０．２．７"},
			{"letter", "--from", "news@kaisha.test", "--to", "user@example.jp", "--time", "2026/11/23 9:00", "--code", "42553",
				"--ip", "192.0.2.7"}},
		{{"check", "spf", "ｈｅａｌｔｈｙ．ｔｅｓｔ", "--ip", "１９２．０．２．７", "--lab", "--format",
			"json", "--timeout", "５s"},
			{"check", "spf", "healthy.test", "--ip", "192.0.2.7", "--lab", "--format", "json", "--timeout", "5s"}},
		{{"check", "recipient", "ｕｓｅｒ＠ｎｘ．ｔｅｓｔ", "--zone", "testdata/../../../examples/kaisha.zone",
			"--offline", "--format", "ｊｓｏｎ"},
			{"check", "recipient", "user@nx.test", "--zone", "testdata/../../../examples/kaisha.zone", "--offline", "--format", "json"}},
	} {
		wide, _, a := said(t, pair[0]...)
		half, errs, b := said(t, pair[1]...)
		if a != b || len(half) == 0 || len(wide) != len(half) && !strings.Contains(wide, `"elapsed_ms"`) {
			t.Errorf("%q: exit %d and %d\n%s\n%s%s", pair[0], a, b, wide, half, errs)
		}
	}
	out, _, _ := said(t, "letter", "--to-customer", "--from", "a@b.test", "--to", "c@d.test", "--company", "株式会社ＡＢＣ")
	if !strings.Contains(out, "株式会社ＡＢＣ") {
		t.Error(out)
	}
}

// TestJapaneseTimes: each way to write a time is the same moment, in Japan where nothing else is said.
func TestJapaneseTimes(t *testing.T) {
	t.Setenv("TZ", "") // the machine's own zone would count
	for _, at := range []string{"2026/11/23 9:00", "2026-11-23 09:00", "2026年11月23日 9時",
		"2026年11月23日9時00分", "2026年11月23日(月)09:00:00(日本時間)",
		"２０２６年１１月２３日 午前９時", "Mon, 23 Nov 2026 09:00:00 +0900", "2026-11-23T00:00:00Z",
		"2026-11-23T09:00:00+09:00", "2026/11/23 09:00 JST"} {
		out, errs, _ := said(t, "letter", "--from", "a@b.test", "--to", "c@d.test", "--time", at)
		if !strings.Contains(out, "2026年11月23日(月)09:00:00(日本時間)") {
			t.Errorf("%s: %s%s", at, out, errs)
		}
	}
	for at, want := range map[string]string{"2026年11月23日 午後3時5分": "15:05:00", "2026年11月23日": "00:00:00"} {
		if out, errs, _ := said(t, "letter", "--from", "a@b.test", "--to", "c@d.test", "--time", at); !strings.Contains(out, "(月)"+want) {
			t.Errorf("%s: %s%s", at, out, errs)
		}
	}
	for _, at := range []string{"2026年13月23日", "11月23日", "今日", "9時"} {
		if out, _, status := said(t, "letter", "--from", "a@b.test", "--to", "c@d.test", "--time", at); status != app.ExitUsage {
			t.Errorf("%s: exit %d: %s", at, status, out)
		}
	}
}

// TestListsInCP932: lists from Excel on a Japanese system are read; what is neither UTF-8 nor CP932 is told.
func TestListsInCP932(t *testing.T) {
	t.Parallel()
	list := filepath.Join(t.TempDir(), "list.txt")
	write := func(text []byte) {
		if err := os.WriteFile(list, text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	excel, err := sjis.ShiftJIS.NewEncoder().Bytes([]byte("# 宛先の一覧\r\n山田 太郎 " +
		"<taro@takes.test>\r\n鈴木 花子 <hanako@takes.test>\r\n"))
	if err != nil {
		t.Fatal(err)
	}
	write(excel)
	args := []string{"--lab", "send", "--dry-run", "--recipients", list, "--from", "news@healthy.test", "--subject", "x", "--body", "x"}
	if out, errs, status := said(t, args...); status != app.ExitOK || !strings.Contains(out, "hanako@takes.test") {
		t.Errorf("exit %d: %s%s", status, out, errs)
	}
	write([]byte("\xff\xfe\xfd <taro@takes.test>\n"))
	if out, errs, status := said(t, args...); status != app.ExitUsage || !strings.Contains(errs, ":1") {
		t.Errorf("exit %d: %s%s", status, out, errs)
	}
}
