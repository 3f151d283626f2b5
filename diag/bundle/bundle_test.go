package bundle_test

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"os"
	"reflect"
	"strings"
	"syscall"
	"testing"
	"time"

	"todoku/codes"
	"todoku/diag/bundle"
	"todoku/diag/probe"
	"todoku/diag/resolve"
	"todoku/sender/smtp"
)

func head() bundle.Head {
	return bundle.Head{Version: "1", Started: time.Date(2026, 11, 28, 1, 2, 3, 4, time.UTC), Zone: bundle.Zone{Name: "JST", Offset: 32400},
		Lang: "ja", Args: []string{"check", "domain", "a.test"}, Flags: []bundle.Flag{}, Complete: true}
}

// written is a bundle as a file, and the same read again.
func written(t *testing.T, r *bundle.Recorder, h bundle.Head, report string) ([]byte, *bundle.Bundle) {
	t.Helper()
	var out bytes.Buffer
	if _, err := r.Write(&out, h, []byte(report)); err != nil {
		t.Fatal(err)
	}
	b, err := bundle.Read(bytes.NewReader(out.Bytes()), int64(out.Len()))
	if err != nil {
		t.Fatal(err)
	}
	return out.Bytes(), b
}

// TestErrorsComeBackAsTheyWere: what errors.Is, errors.As, the text and the time limit say of an error of a visit is the same in
// the replay.
func TestErrorsComeBackAsTheyWere(t *testing.T) {
	t.Parallel()
	dial := func(errno syscall.Errno) error {
		return &net.OpError{Op: "dial", Net: "tcp", Addr: &net.TCPAddr{IP: net.IPv4(192, 0, 2, 1), Port: 25},
			Err: os.NewSyscallError("connect", errno)}
	}
	for name, err := range map[string]error{
		"refused": &smtp.Error{Stage: codes.StageConnect, Kind: smtp.KindConnect, Err: dial(syscall.ECONNREFUSED)},
		"no way":  &smtp.Error{Stage: codes.StageConnect, Kind: smtp.KindConnect, Err: dial(syscall.ENETUNREACH)},
		"silence": &smtp.Error{Stage: codes.StageEHLO, Kind: smtp.KindTimeout, Err: os.ErrDeadlineExceeded},
		"hung up": &smtp.Error{Stage: codes.StageConnect, Kind: smtp.KindClosed, Err: io.EOF},
		"heard": &smtp.Error{Stage: codes.StageConnect, Kind: smtp.KindGarbage,
			Err: &smtp.HeardError{Heard: "HTTP/1.1 \xff", Err: io.ErrUnexpectedEOF}},
		"injected": &smtp.Error{Stage: codes.StageEHLO, Kind: smtp.KindTLS, Err: smtp.ErrInjected},
		"wrapped":  fmt.Errorf("outer: %w", fmt.Errorf("inner: %w", errors.New("something"))),
		"several":  fmt.Errorf("%w and %w", context.DeadlineExceeded, io.EOF),
		"dns": (&resolve.Error{Kind: resolve.KindNetwork, Name: "a.test", Type: "A", Server: "192.0.2.53", Sent: 3,
			Direct: true}).NoWayTo(),
		"end of it": context.Canceled,
	} {
		r := bundle.NewRecorder()
		q := probe.Question{Host: "mx.test", Address: netip.MustParseAddrPort("192.0.2.1:25"), To: []string{"a@a.test"}}
		r.Visit(q, probe.Visit{Stage: codes.StageConnect, Err: err, TLSErr: err})
		_, b := written(t, r, head(), "{}")
		v, failed := b.Visit(q)
		if failed != nil {
			t.Fatal(failed)
		}
		for _, got := range []error{v.Err, v.TLSErr} {
			if got.Error() != err.Error() || smtp.TimedOut(got) != smtp.TimedOut(err) || smtp.NoWayOut(got) != smtp.NoWayOut(err) ||
				smtp.Heard(got) != smtp.Heard(err) || textOf(errors.Unwrap(got)) != textOf(errors.Unwrap(err)) {
				t.Errorf("%s: %v, was %v", name, got, err)
			}
			for _, known := range []error{io.EOF, syscall.ECONNREFUSED, syscall.ENETUNREACH, smtp.ErrInjected, context.Canceled,
				context.DeadlineExceeded, os.ErrDeadlineExceeded} {
				if errors.Is(got, known) != errors.Is(err, known) {
					t.Errorf("%s: is %v: %v", name, known, errors.Is(got, known))
				}
			}
			one, isOne := errors.AsType[*resolve.Error](got)
			other, isOther := errors.AsType[*resolve.Error](err)
			if isOne != isOther || isOne && !reflect.DeepEqual(one, other) {
				t.Errorf("%s: %+v, was %+v", name, one, other)
			}
		}
	}
}

func textOf(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

// TestVisitsAndPagesComeBack: octets that are no UTF-8 too; null lists stay null.
func TestVisitsAndPagesComeBack(t *testing.T) {
	t.Parallel()
	q := probe.Question{Host: "mx.test", Address: netip.MustParseAddrPort("[2001:db8::1]:25"), Depth: probe.Depth{Greeting: true}}
	reply := codes.Reply{Code: 550, Enhanced: codes.Enhanced{Class: 5, Subject: 7, Detail: 1}, Lines: []string{"caf\xe9 \x1b[31m \u202e", ""}}
	v := probe.Visit{Local: netip.MustParseAddr("192.0.2.9"), Banner: "\xff", EHLO: []string{}, Stage: codes.StageRcpt, Reply: reply, Size: 7,
		STARTTLS: true, TLSReply: reply, Rcpts: []probe.Answer{{To: "a@a.test", Reply: reply}}, Took: 3 * time.Millisecond,
		TLS: &smtp.TLSState{Version: "TLS 1.3", Names: []string{"mx.test"}, Expires: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC),
			Problem: "expired"}}
	p := probe.Page{URL: "https://a.test/x", Status: 200, Type: "text/\xfe", Body: []byte("a\x00\xffb"), Cut: true}
	r := bundle.NewRecorder()
	r.Visit(q, v)
	r.Page(probe.WebQuestion{URL: p.URL, Most: 9}, p)
	raw, b := written(t, r, head(), `{"a": 1}`)
	if got, err := b.Visit(q); err != nil || !reflect.DeepEqual(got, v) {
		t.Errorf("%+v\n%+v %v", got, v, err)
	}
	if got, err := b.Page(probe.WebQuestion{URL: p.URL, Most: 9}); err != nil || !reflect.DeepEqual(got, p) {
		t.Errorf("%+v\n%+v %v", got, p, err)
	}
	if _, err := b.Page(probe.WebQuestion{URL: p.URL, Most: 10}); !resolve.Unrecorded(err) {
		t.Error(err)
	}
	q.Depth.Greeting = false
	if _, err := b.Visit(q); !resolve.Unrecorded(err) {
		t.Error(err)
	}
	for name, text := range files(t, raw) {
		if strings.ContainsAny(text, "\x1b\x7f\u202e\x00") {
			t.Errorf("%s: a terminal would obey it: %q", name, text)
		}
	}
}

// files are those of a zip.
func files(t *testing.T, raw []byte) map[string]string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for _, f := range z.File {
		in, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		data, err := io.ReadAll(in)
		if err != nil {
			t.Fatal(err)
		}
		out[f.Name] = string(data)
	}
	return out
}

// TestCutOffGivesWay: an answer takes the place of a question that the end of the run cut off; not the other way round.
func TestCutOffGivesWay(t *testing.T) {
	t.Parallel()
	q := resolve.Question{Name: "a.test", Type: resolve.TypeTXT}
	silence := &resolve.Error{Kind: resolve.KindTimeout, Name: "a.test", Type: "TXT"}
	for _, order := range [][]error{{context.Canceled, silence}, {silence, context.Canceled}, {silence, silence}} {
		r := bundle.NewRecorder()
		for _, err := range order {
			r.Exchange(resolve.Exchange{Question: q, Err: err})
		}
		_, b := written(t, r, head(), "")
		if x, known := b.Exchange(q); !known || !errors.As(x.Err, new(*resolve.Error)) {
			t.Errorf("%v: %+v", order, x)
		}
	}
}

// TestInputs: what was read comes back by its name, the whole reading of two; what is beyond the bound is told.
func TestInputs(t *testing.T) {
	t.Parallel()
	r := bundle.NewRecorder()
	at := time.Date(2026, 1, 2, 0, 0, 0, 0, time.UTC)
	for _, text := range []string{"be", "begin and end"} {
		k := r.Input("../../etc/passwd", at)
		_, _ = k.Write([]byte(text))
		if len(text) > 2 {
			k.Whole()
		}
	}
	r.Input("never.read", at)
	raw, b := written(t, r, head(), "")
	if c, known := b.Input("../../etc/passwd"); !known || string(c.Data) != "begin and end" || !c.Modified.Equal(at) {
		t.Errorf("%q %v", c.Data, known)
	}
	if _, known := b.Input("never.read"); known || !b.Head.Complete {
		t.Errorf("%+v", b.Head)
	}
	if f := files(t, raw); f["input/1"] != "begin and end" || len(f) != 6 {
		t.Errorf("%v", f)
	}
	k := r.Input("huge", at)
	_, _ = k.Write(make([]byte, 40<<20))
	if _, b = written(t, r, head(), ""); b.Head.Complete {
		t.Error("a bound is not told")
	}
}

// hostile is a zip of some files, the head first, with right sums.
func hostile(t *testing.T, edit func(h map[string]any), list ...[2]string) []byte {
	t.Helper()
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	told := []any{}
	for _, f := range list {
		sum := sha256.Sum256([]byte(f[1]))
		told = append(told, map[string]any{"name": f[0], "size": len(f[1]), "sha256": hex.EncodeToString(sum[:])})
	}
	h := map[string]any{"schema": bundle.Schema, "version": "1", "started": "2026-01-01T00:00:00Z", "args": []string{}, "files": told}
	if edit != nil {
		edit(h)
	}
	data, err := json.Marshal(h)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range append([][2]string{{"bundle.json", string(data)}}, list...) {
		w, err := z.Create(f[0])
		if err == nil {
			_, err = w.Write([]byte(f[1]))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func read(data []byte) error {
	_, err := bundle.Read(bytes.NewReader(data), int64(len(data)))
	return err
}

// TestHostileZips: each is refused, with a reason; the one beside them is read.
func TestHostileZips(t *testing.T) {
	t.Parallel()
	whole := func(more ...[2]string) [][2]string {
		return append([][2]string{{"report.json", "{}"}, {"dns.ndjson", ""}, {"smtp.ndjson", ""}, {"web.ndjson", ""}}, more...)
	}
	with := func(i int, text string) [][2]string {
		list := whole()
		list[i][1] = text
		return list
	}
	if err := read(hostile(t, nil, whole()...)); err != nil {
		t.Fatalf("a whole bundle: %v", err)
	}
	line := `{"question":"a.test","type":"A","type_code":1,"server":"x","sent":1,"rtt_ms":1,"error":{"text":"x"}}` + "\n"
	chain := `{"host":"x","address":"192.0.2.1:25","ehlo":null,"stage":"x","took_ms":1,"tls":{"chain":["AAAA"]}}`
	deep := strings.Repeat(`{"text":"x","cause":`, 20_000) + "null" + strings.Repeat("}", 20_000)
	set := func(key string, v any) func(map[string]any) { return func(h map[string]any) { h[key] = v } }
	input := func(name, file string, size int) func(map[string]any) {
		return set("inputs", []any{map[string]any{"name": name, "file": file, "size": size}})
	}
	for name, data := range map[string][]byte{
		"no zip":           []byte("hello"),
		"empty":            {},
		"a file too much":  hostile(t, nil, whole([2]string{"more.txt", "x"})...),
		"a way out":        hostile(t, input("a", "../../x", 1), whole([2]string{"../../x", "x"})...),
		"an absolute name": hostile(t, input("a", "/etc/x", 1), whole([2]string{"/etc/x", "x"})...),
		"twice":            hostile(t, nil, whole([2]string{"dns.ndjson", ""})...),
		"one is missing":   hostile(t, nil, whole()[1:]...),
		"other order": hostile(t, func(h map[string]any) {
			h["files"].([]any)[0], h["files"].([]any)[1] = h["files"].([]any)[1], h["files"].([]any)[0]
		}, whole()...),
		"another schema":      hostile(t, set("schema", "todoku/bundle/2"), whole()...),
		"an unknown field":    hostile(t, set("more", 1), whole()...),
		"a sum":               hostile(t, func(h map[string]any) { h["files"].([]any)[0].(map[string]any)["sha256"] = "00" }, whole()...),
		"a size":              hostile(t, func(h map[string]any) { h["files"].([]any)[0].(map[string]any)["size"] = 1 }, whole()...),
		"a huge size":         hostile(t, func(h map[string]any) { h["files"].([]any)[0].(map[string]any)["size"] = int64(1) << 40 }, whole()...),
		"a size below zero":   hostile(t, func(h map[string]any) { h["files"].([]any)[0].(map[string]any)["size"] = -1 }, whole()...),
		"no time":             hostile(t, set("started", "0001-01-01T00:00:00Z"), whole()...),
		"a zone":              hostile(t, set("zone", map[string]any{"name": "x", "offset": 1 << 30}), whole()...),
		"a status":            hostile(t, set("exit_status", 4096), whole()...),
		"a certificate":       hostile(t, set("mark_roots", []string{"AAAA"}), whole()...),
		"an input elsewhere":  hostile(t, input("a", "report.json", 2), whole()...),
		"an input not there":  hostile(t, input("a", "input/1", 2), whole()...),
		"an input in the way": hostile(t, nil, whole([2]string{"input/1", "x"})...),
		"no JSON":             hostile(t, nil, with(0, "{")...),
		"no line":             hostile(t, nil, with(1, "{}x\n")...),
		"an empty line":       hostile(t, nil, with(1, "{}\n")...),
		"a line twice":        hostile(t, nil, with(1, line+line)...),
		"two in a line":       hostile(t, nil, with(1, strings.TrimSpace(line)+" "+line)...),
		"a chain":             hostile(t, nil, with(2, chain)...),
		"deep":                hostile(t, nil, with(1, `{"error":`+deep+`}`)...),
	} {
		if err := read(data); err == nil {
			t.Errorf("%s: taken", name)
		}
	}
	if err := read(hostile(t, nil, with(1, line)...)); err != nil {
		t.Errorf("the line alone: %v", err)
	}
}

// TestBomb: a small file with much in it costs no more than the bound.
func TestBomb(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for _, name := range []string{"bundle.json", "report.json"} {
		w, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		for range 64 {
			_, _ = w.Write(make([]byte, 1<<20))
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	if err := read(out.Bytes()); err == nil {
		t.Error("taken")
	}
}

// FuzzRead: whatever the files of a bundle hold, reading ends with a bundle that can be asked, or an error.
func FuzzRead(f *testing.F) {
	f.Add(`{}`, "", "", "", "x")
	f.Add(`{"a":[1,"\u202e"]}`, `{"question":"a.test","type":"A","type_code":1,"server":"x","sent":1,"rtt_ms":1,"message":"AAAA"}`,
		`{"host":"x","address":"192.0.2.1:25","ehlo":["a"],"stage":"ehlo","took_ms":1e300,`+
			`"reply":{"code":250,"lines":[{"base64":"/w=="}]},"rcpts":[{"to":"a","reply":null}]}`,
		`{"url":"https://a.test/","most":1,"body":{"base64":"AAAA"},"error":{"text":"x","is":["eof"]}}`, "a")
	f.Fuzz(func(t *testing.T, report, dns, smtp, web, in string) {
		data := hostile(t, func(h map[string]any) {
			h["inputs"] = []any{map[string]any{"name": in, "file": "input/1", "size": len(in)}}
		}, [2]string{"report.json", report}, [2]string{"dns.ndjson", dns}, [2]string{"smtp.ndjson", smtp}, [2]string{"web.ndjson", web},
			[2]string{"input/1", in})
		b, err := bundle.Read(bytes.NewReader(data), int64(len(data)))
		if err != nil {
			return
		}
		client, err := resolve.New(resolve.Options{Replay: b.Exchange})
		if err != nil {
			t.Fatal(err)
		}
		defer client.Close()
		_, _ = client.Ask(t.Context(), "a.test", resolve.TypeA)
		_, _ = b.Visit(probe.Question{Host: "x", Address: netip.MustParseAddrPort("192.0.2.1:25")})
		if got, known := b.Input(in); !known && in != "" && string(got.Data) != in {
			t.Errorf("%q", got.Data)
		}
	})
}
