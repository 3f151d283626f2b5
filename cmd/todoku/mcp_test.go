package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/google/jsonschema-go/jsonschema"
	"github.com/modelcontextprotocol/go-sdk/mcp"

	"todoku/cmd"
	"todoku/cmd/app"
)

// mcpAnswer is what a tool answers (docs/mcp.md).
type mcpAnswer struct {
	Schema     string
	ExitStatus int `json:"exit_status"`
	Command    string
	Argv       []string
	Notes      []string
	LeftOut    map[string]int `json:"left_out"`
	Documents  []json.RawMessage
	text       string
	isError    bool
}

// mcpClient starts `todoku mcp` as a process of its own and speaks with it.
func mcpClient(t *testing.T, args ...string) *mcp.ClientSession {
	t.Helper()
	client := mcp.NewClient(&mcp.Implementation{Name: "test", Version: "1"}, nil)
	command := ownCommand(t, append([]string{"mcp"}, args...)...)
	command.Env = append(command.Env, "TODOKU_ONLY="+checksOfTests)
	s, err := client.Connect(t.Context(), &mcp.CommandTransport{Command: command}, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

// mcpCall calls a tool, and fails where the protocol does.
func mcpCall(t *testing.T, s *mcp.ClientSession, tool string, args map[string]any) mcpAnswer {
	t.Helper()
	r, err := s.CallTool(t.Context(), &mcp.CallToolParams{Name: tool, Arguments: args})
	if err != nil {
		t.Fatalf("%s %v: %v", tool, args, err)
	}
	return readAnswer(t, r)
}

func readAnswer(t *testing.T, r *mcp.CallToolResult) (re mcpAnswer) {
	t.Helper()
	data, err := json.Marshal(r.StructuredContent)
	if err != nil || json.Unmarshal(data, &re) != nil || re.Schema != "todoku/mcp/1" {
		t.Fatalf("%s: %v", data, err)
	}
	re.text, re.isError = r.Content[0].(*mcp.TextContent).Text, r.IsError
	return re
}

const mcpMail = "From: news@no-spf.test\r\nTo: user@takes.test\r\nSubject: x\r\nDate: Tue, 24 Nov 2026 12:00:00 +0000\r\n" +
	"Message-ID: <1@no-spf.test>\r\n\r\nHello.\r\n"

const mcpLog = "Nov 24 12:00:00 mx postfix/smtp[1]: 4A1B2C3D4E: to=<user@takes.test>, relay=mx.takes.test[127.0.0.1]:25, delay=1, " +
	"delays=0/0/0/1, dsn=5.7.26, status=bounced (host mx.takes.test[127.0.0.1] said: 550 5.7.26 Unauthenticated email from no-spf.test)\n"

type mcpCase struct {
	tool   string
	args   map[string]any
	schema string
	status int
	holds  string // in the document
}

// mcpCalls are a call of each tool in the lab, and the schema of the document that it gives.
var mcpCalls = []mcpCase{
	{"diagnose", map[string]any{"text": "42550", "from": "news@no-spf.test", "to": "user@takes.test"}, "todoku/diagnosis/1", 0, `"certainty"`},
	{"explain", map[string]any{"what": "spf-lookups"}, "todoku/explanation/1", 0, "RFC 7208"},
	{"triage", map[string]any{"text": mcpLog, "diagnose": 0}, "todoku/triage/1", 1, `"delivery_code"`},
	{"reports", map[string]any{"text": oneReport, "what_if": "p=reject"}, "todoku/reports/1", 1, `"what_if"`},
	{"check_domain", map[string]any{"domain": "no-spf.test", "ips": []string{"192.0.2.25"}, "selectors": []string{"s1"}},
		"todoku/report/1", 1, `"spf-none"`},
	{"check_message", map[string]any{"message": mcpMail, "ip": "192.0.2.25", "mail_from": "news@no-spf.test"},
		"todoku/report/1", 1, `"evidence"`},
	{"what_if", map[string]any{"domain": "no-spf.test", "records": []string{"no-spf.test TXT v=spf1 mx ~all"}, "only": []string{"spf"}},
		"todoku/report/1", 0, `"what_if"`},
}

// TestMCPToolsAnswerAsTheTerminal: each tool answers in the lab with a document of its schema, a text, and the command that
// gives the same document in a terminal.
func TestMCPToolsAnswerAsTheTerminal(t *testing.T) {
	t.Parallel()
	s := mcpClient(t, "--lab")
	listed, err := s.ListTools(t.Context(), nil)
	if err != nil || len(listed.Tools) != len(mcpCalls) {
		t.Fatalf("%v %v", listed, err)
	}
	for _, c := range mcpCalls {
		re := mcpCall(t, s, c.tool, c.args)
		if re.isError || re.ExitStatus != c.status || len(re.Documents) != 1 || len(re.LeftOut) > 0 {
			t.Errorf("%s: %+v", c.tool, re)
			continue
		}
		doc := re.Documents[0]
		if err := schemaNamed(t, c.schema).check(doc); err != nil || !bytes.Contains(doc, []byte(c.holds)) {
			t.Errorf("%s: %v\n%.2000s", c.tool, err, doc)
		}
		if len(re.text) < 100 || !strings.Contains(re.text, "Again: "+re.Command) {
			t.Errorf("%s: the text is %q", c.tool, re.text)
		}
		if slices.Contains(re.Argv, "FILE") { // the text itself is the reader's
			continue
		}
		status, out, errs := inProcess(t, append(slices.Clone(re.Argv[1:]), "--format", "json")...)
		if status != c.status {
			t.Errorf("%q: status %d %s", re.Argv, status, errs)
		} else if idsIn(t, []byte(out)) != idsIn(t, doc) {
			t.Errorf("%q:\n%s\n%s", re.Argv, idsIn(t, []byte(out)), idsIn(t, doc))
		}
	}
}

// inProcess runs a command line in this process.
func inProcess(t *testing.T, args ...string) (int, string, string) {
	t.Helper()
	var out, errs bytes.Buffer
	status := cmd.Run(t.Context(), args, strings.NewReader(""), &out, &errs, noEnv)
	return int(status), out.String(), errs.String()
}

// idsIn are the ids of rules and causes in a document, in their order.
func idsIn(t *testing.T, doc []byte) string {
	t.Helper()
	var v struct {
		Results []struct {
			Check, Status string
			Findings      []struct{ Rule, Subject string }
		}
		Causes   []struct{ ID, Status string }
		Readings []struct{ ID string }
	}
	if err := json.Unmarshal(doc, &v); err != nil {
		t.Fatal(err)
	}
	return fmt.Sprint(v)
}

// TestMCPToolsSayWhatTheyTake: every tool says that it only looks, describes each argument in both languages, and its schema
// takes the calls of this test and no argument that it does not name.
func TestMCPToolsSayWhatTheyTake(t *testing.T) {
	t.Parallel()
	for _, lang := range []string{"en", "ja"} {
		listed, err := mcpClient(t, "--lab", "--lang", lang).ListTools(t.Context(), nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, tool := range listed.Tools {
			if a := tool.Annotations; !a.ReadOnlyHint || *a.DestructiveHint || tool.Title == "" || *a.OpenWorldHint == (tool.Name == "explain") {
				t.Errorf("%s: %+v", tool.Name, a)
			}
			var in jsonschema.Schema
			data, err := json.Marshal(tool.InputSchema)
			if err != nil || json.Unmarshal(data, &in) != nil {
				t.Fatalf("%s: %v", data, err)
			}
			for name, p := range in.Properties {
				if japanese := strings.ContainsFunc(p.Description, isKana); p.Description == "" || japanese != (lang == "ja") {
					t.Errorf("%s: %s: %q", tool.Name, name, p.Description)
				}
			}
			resolved, err := in.Resolve(nil)
			if err != nil {
				t.Fatal(err)
			}
			i := slices.IndexFunc(mcpCalls, func(c mcpCase) bool { return c.tool == tool.Name })
			args := asAny(t, mcpCalls[i].args)
			if err := resolved.Validate(args); err != nil {
				t.Errorf("%s: %v", tool.Name, err)
			}
			args["else"] = "x"
			if resolved.Validate(args) == nil {
				t.Errorf("%s takes an argument that it does not name", tool.Name)
			}
		}
	}
}

func isKana(r rune) bool { return unicode.In(r, unicode.Hiragana, unicode.Katakana) }

func asAny(t *testing.T, v map[string]any) (out map[string]any) {
	t.Helper()
	data, err := json.Marshal(v)
	if err != nil || json.Unmarshal(data, &out) != nil {
		t.Fatal(err)
	}
	return out
}

// TestMCPSaysHowToMendACall: a wrong argument is the tool's answer, with the argument and the remedy, and the session goes on.
func TestMCPSaysHowToMendACall(t *testing.T) {
	t.Parallel()
	s := mcpClient(t, "--lab")
	for _, c := range []struct {
		tool  string
		args  map[string]any
		holds string
	}{
		{"check_domain", map[string]any{}, "domain: this argument is missing"},
		{"check_domain", map[string]any{"domain": 5}, "give a string"},
		{"check_domain", map[string]any{"domain": "a b"}, "is not a domain name"},
		{"check_domain", map[string]any{"domain": "@/etc/passwd"}, "give only the part after the @"},
		{"check_domain", map[string]any{"domain": "-"}, "is not a domain name"},
		{"check_domain", map[string]any{"domain": "--help"}, "is not a domain name"},
		{"check_domain", map[string]any{"domain": "a.test", "ips": "192.0.2.1"}, "give a list of strings"},
		{"check_domain", map[string]any{"domain": "a.test", "ips": []string{"x"}}, "is not an IP address"},
		{"check_domain", map[string]any{"domain": "a.test", "only": []string{"fishing"}}, "use one of"},
		{"check_domain", map[string]any{"domain": "a.test", "all": "yes"}, "give true or false"},
		{"check_domain", map[string]any{"domian": "a.test"}, "did you mean domain?"},
		{"check_domain", map[string]any{"domain": "a.test", "lang": "de"}, "use one of: en, ja"},
		{"check_domain", map[string]any{"domain": "a.test", "helo": strings.Repeat("x", 5000)}, "longer than 4 KiB"},
		{"check_domain", map[string]any{"domain": "a.test", "ips": make([]string, 101)}, "more than 100 values"},
		{"triage", map[string]any{"text": "x", "diagnose": 1.5}, "give a whole number"},
		{"diagnose", map[string]any{"text": " \n "}, "it is empty"},
		{"diagnose", map[string]any{"text": "550 x", "from": "a\nb"}, "--from"},
		{"check_message", map[string]any{"message": "no header at all"}, "no header"},
		{"explain", map[string]any{"what": strings.Repeat("x", 70000)}, "larger than the 64 KiB"},
		{"what_if", map[string]any{"domain": "a.test", "records": []string{}}, "give records or plan"},
		{"what_if", map[string]any{"domain": "a.test"}, "give records or plan"},
		{"what_if", map[string]any{"domain": "a.test", "plan": "just words"}, "no plan in a form that is known"},
		{"what_if", map[string]any{"domain": "a.test", "records": []string{"a.test"}}, "NAME TYPE VALUE"},
	} {
		re := mcpCall(t, s, c.tool, c.args)
		if !re.isError || !strings.Contains(re.text, c.holds) || len(re.Documents) > 0 || len(re.Notes) == 0 || re.ExitStatus < 2 {
			t.Errorf("%s %.200v: %+v", c.tool, c.args, re)
		}
	}
	if _, err := s.CallTool(t.Context(), &mcp.CallToolParams{Name: "send"}); err == nil {
		t.Error("a tool that there is not answers")
	}
	if re := mcpCall(t, s, "explain", map[string]any{"what": "550"}); re.isError {
		t.Errorf("the session is broken: %+v", re)
	}
}

// TestMCPTellsWhatItCouldNotLookAt: silence is no error of the tool and no verdict: the document says unknown.
func TestMCPTellsWhatItCouldNotLookAt(t *testing.T) {
	t.Parallel()
	s := mcpClient(t, "--resolver", silence(t, func() {}), "--timeout", "100ms", "--deadline", "2s")
	re := mcpCall(t, s, "check_domain", map[string]any{"domain": "a.test", "only": []string{"spf"}})
	var doc struct{ Status string }
	if re.isError || re.ExitStatus != int(app.ExitUnknown) || len(re.Documents) != 1 || json.Unmarshal(re.Documents[0], &doc) != nil ||
		doc.Status != "unknown" || !strings.Contains(re.Command, "--resolver 127.0.0.1:") {
		t.Errorf("%+v", re)
	}
	re = mcpCall(t, s, "triage", map[string]any{"text": "nothing that a mail server wrote"})
	if re.isError || re.ExitStatus != int(app.ExitUnknown) || !strings.Contains(re.text, "nothing in it is recognised") || len(re.Notes) != 2 {
		t.Errorf("%+v", re)
	}
}

// TestMCPLooksAtPlans: a plan comes as a text; octoDNS needs the zone, which is the domain where nothing else is said.
func TestMCPLooksAtPlans(t *testing.T) {
	t.Parallel()
	s := mcpClient(t, "--lab")
	const octo = "'':\n- {type: TXT, value: v=spf1 mx include:_spf.nowhere.test -all}\n" +
		"- {type: MX, value: {preference: 10, exchange: mx1.lab.test.}}\n"
	const preview = "#1: + CREATE no-spf.test TXT \"v=spf1 mx -all\" ttl=300\n"
	for _, c := range []struct {
		args    map[string]any
		status  int
		command string
	}{
		{map[string]any{"domain": "healthy.test", "plan": octo}, 1, "healthy.test=FILE"},
		{map[string]any{"domain": "healthy.test", "plan": octo, "zone": "else.test"}, 0, "else.test=FILE"},
		{map[string]any{"domain": "no-spf.test", "plan": preview}, 0, "no-spf.test=FILE"},
	} {
		c.args["only"] = []string{"spf"}
		re := mcpCall(t, s, "what_if", c.args)
		if re.isError || re.ExitStatus != c.status || !strings.Contains(re.Command, "--plan "+c.command) {
			t.Errorf("%v: %+v", c.args, re)
		}
	}
}

// TestMCPCallsEnd: a client that gives up on a call gets no answer to it and the session goes on; calls beyond those that may
// wait are refused at once.
func TestMCPCallsEnd(t *testing.T) {
	t.Parallel()
	s := mcpClient(t, "--resolver", silence(t, func() {}), "--timeout", "1m")
	ctx, giveUp := context.WithCancel(t.Context())
	defer giveUp()
	ended := make(chan string, 40)
	for range cap(ended) {
		go func() {
			r, err := s.CallTool(ctx, &mcp.CallToolParams{Name: "check_domain", Arguments: map[string]any{"domain": "a.test"}})
			if err != nil {
				ended <- "given up"
				return
			}
			ended <- readAnswer(t, r).text
		}()
	}
	for range 4 { // 4 are at work, 32 wait
		if text := <-ended; !strings.Contains(text, "36 calls are at work or waiting") {
			t.Errorf("%q", text)
		}
	}
	giveUp()
	for range cap(ended) - 4 {
		if text := <-ended; text != "given up" {
			t.Errorf("%q", text)
		}
	}
	for { // the places are free again, as soon as the process has heard of it
		re := mcpCall(t, s, "explain", map[string]any{"what": "550"})
		if !re.isError {
			break
		}
		if t.Context().Err() != nil || !strings.Contains(re.text, "calls are at work") {
			t.Fatalf("%+v", re)
		}
	}
}

// TestMCPTellsWhatIsTooMuch: the smaller groups of a triage are left out, and the answer counts them.
func TestMCPTellsWhatIsTooMuch(t *testing.T) {
	t.Parallel()
	var log strings.Builder
	for hour := range 24 {
		for range hour + 1 {
			log.WriteString(strings.Replace(mcpLog, "12:00:00", fmt.Sprintf("%02d:00:00", hour), 1))
		}
	}
	s := mcpClient(t, "--lab")
	re := mcpCall(t, s, "triage", map[string]any{"text": log.String(), "by": "hour", "diagnose": 0})
	var doc struct{ Groups []struct{ Count int } }
	if len(re.Documents) != 1 || json.Unmarshal(re.Documents[0], &doc) != nil {
		t.Fatalf("%+v", re)
	}
	if len(doc.Groups) != 20 || re.LeftOut["groups"] != 4 || !strings.Contains(re.text, "4 smaller groups are left out") {
		t.Errorf("%d groups, %v, %s", len(doc.Groups), re.LeftOut, re.text)
	}
	if err := schemaNamed(t, "todoku/triage/1").check(re.Documents[0]); err != nil {
		t.Error(err)
	}
	for _, g := range doc.Groups {
		if g.Count <= 4 {
			t.Errorf("a small group stands for a big one: %+v", doc.Groups)
		}
	}
}

// TestMCPRepeatsWhatItsOwnCommandLineSays: the checks that somebody chose for all calls stand in the command of each.
func TestMCPRepeatsWhatItsOwnCommandLineSays(t *testing.T) {
	t.Parallel()
	s := mcpClient(t, "--lab", "--only", "spf,dmarc")
	re := mcpCall(t, s, "check_domain", map[string]any{"domain": "healthy.test"})
	if re.Command != "todoku --lab check domain healthy.test --only spf,dmarc" || strings.Contains(re.text, "PTR") {
		t.Errorf("%q %s", re.Command, re.text)
	}
	re = mcpCall(t, s, "check_domain", map[string]any{"domain": "healthy.test", "only": []string{"ptr"}})
	if !strings.Contains(re.text, "PTR") || strings.Contains(re.text, "SPF") || strings.Contains(re.Command, "dmarc") {
		t.Errorf("%q %s", re.Command, re.text)
	}
}

// mcpLines are the messages of a session that calls tools, a line each.
func mcpLines(t *testing.T, calls ...map[string]any) string {
	t.Helper()
	messages := []map[string]any{
		{"jsonrpc": "2.0", "id": 0, "method": "initialize", "params": map[string]any{"protocolVersion": "2025-06-18",
			"capabilities": map[string]any{}, "clientInfo": map[string]any{"name": "t", "version": "1"}}},
		{"jsonrpc": "2.0", "method": "notifications/initialized"}}
	for i, c := range calls {
		messages = append(messages, map[string]any{"jsonrpc": "2.0", "id": i + 1, "method": "tools/call", "params": c})
	}
	var b strings.Builder
	for _, m := range messages {
		data, err := json.Marshal(m)
		if err != nil {
			t.Fatal(err)
		}
		b.Write(append(data, '\n'))
	}
	return b.String()
}

// TestMCPPipes: what was asked before the end of the input is answered, then the process ends with 0; standard output holds
// JSON-RPC and nothing else, standard error nothing. Hostile values come out as escapes, and reach no flag.
func TestMCPPipes(t *testing.T) {
	t.Parallel()
	hostile := "\x1b[2J\u202e\u200b\x00<script>alert(1)</script>$(id)`id`;'\"\x9b"
	in := mcpLines(t,
		map[string]any{"name": "explain", "arguments": map[string]any{"what": "550 5.7.1 " + hostile}},
		map[string]any{"name": "diagnose", "arguments": map[string]any{"text": "--output=/tmp/x", "from": "--lab@a.test"}},
		map[string]any{"name": "check_domain", "arguments": map[string]any{"domain": hostile}},
		map[string]any{"name": "check_domain", "arguments": map[string]any{"domain": "healthy.test", "helo": hostile}},
		map[string]any{"name": "what_if", "arguments": map[string]any{
			"domain": "healthy.test", "records": []string{"healthy.test TXT " + hostile}}},
		map[string]any{"name": hostile, "arguments": map[string]any{hostile: hostile}},
		map[string]any{"name": "explain", "arguments": []string{hostile}},
	)
	c := ownCommand(t, "--lab", "mcp")
	var out, errs bytes.Buffer
	c.Stdin, c.Stdout, c.Stderr = strings.NewReader(in), &out, &errs
	if err := c.Run(); err != nil || errs.Len() > 0 {
		t.Errorf("%v %q", err, errs.String())
	}
	answered := map[int]bool{}
	for line := range bytes.Lines(out.Bytes()) {
		var m struct {
			JSONRPC string `json:"jsonrpc"`
			ID      int
		}
		if err := json.Unmarshal(line, &m); err != nil || m.JSONRPC != "2.0" {
			t.Errorf("%v: %q", err, line)
		}
		answered[m.ID] = true
		if i := bytes.IndexFunc(bytes.TrimSuffix(line, []byte("\n")), func(r rune) bool {
			return unicode.In(r, unicode.Cc, unicode.Cf)
		}); i >= 0 {
			t.Errorf("a hidden character comes out: %q", line[max(i-40, 0):min(i+40, len(line))])
		}
	}
	if len(answered) != 8 {
		t.Errorf("answered: %v\n%s", answered, out.String())
	}
}

// TestMCPEndsWhereAnIDIsUsedTwice: the library answers one of two calls with the same id; nobody waits for the other.
func TestMCPEndsWhereAnIDIsUsedTwice(t *testing.T) {
	t.Parallel()
	lines := mcpLines(t, map[string]any{"name": "check_domain", "arguments": map[string]any{"domain": "healthy.test"}})
	last := lines[strings.LastIndex(strings.TrimSpace(lines), "\n")+1:]
	c := ownCommand(t, "--lab", "mcp")
	var out bytes.Buffer
	c.Stdin, c.Stdout = strings.NewReader(lines+last+last), &out
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	hangs := time.AfterFunc(time.Minute, func() { _ = c.Process.Kill() })
	defer hangs.Stop()
	if err := c.Wait(); err != nil || !strings.Contains(out.String(), `"id":1`) {
		t.Errorf("%v\n%s", err, out.String())
	}
}

// TestMCPEndsWhereNobodyUnderstands: what is no message ends the session with the reason, after what was asked before.
func TestMCPEndsWhereNobodyUnderstands(t *testing.T) {
	t.Parallel()
	for _, broken := range []string{"no JSON\n", "{\"jsonrpc\":\"1.0\"}\n", "[]\n"} {
		c := ownCommand(t, "--lab", "mcp")
		var out, errs bytes.Buffer
		c.Stdin = strings.NewReader(mcpLines(t, map[string]any{"name": "explain", "arguments": map[string]any{"what": "550"}}) + broken)
		c.Stdout, c.Stderr = &out, &errs
		err := c.Run()
		if c.ProcessState.ExitCode() != int(app.ExitUnknown) || !strings.Contains(errs.String(), "one JSON-RPC message a line") ||
			bytes.Count(out.Bytes(), []byte("\n")) != 2 {
			t.Errorf("%q: %v\n%s\n%s", broken, err, errs.String(), out.String())
		}
	}
}

// TestMCPIsInterrupted: Ctrl-C ends it also where calls are at work.
func TestMCPIsInterrupted(t *testing.T) {
	t.Parallel()
	ctx, interrupt := context.WithCancelCause(t.Context())
	server := silence(t, func() { interrupt(app.ErrInterrupted) })
	in := mcpLines(t, map[string]any{"name": "check_domain", "arguments": map[string]any{"domain": "a.test"}})
	var out, errs bytes.Buffer
	args := []string{"mcp", "--resolver", server, "--timeout", "1m"}
	if got := cmd.Run(ctx, args, strings.NewReader(in), &out, &errs, noEnv); got != app.ExitInterrupted {
		t.Errorf("status %d %s %s", got, &out, &errs)
	}
}
