package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"todoku/cmd"
)

func TestMain(m *testing.M) {
	if strings.TrimSuffix(filepath.Base(os.Args[0]), ".exe") != "todoku" { // else it is the program that scripts run
		debug.SetGCPercent(400) // the syntax trees of the house are large, and each command line leaves a little
		// Many tests wait for servers that say nothing. -parallel sets another number.
		if err := flag.Set("test.parallel", strconv.Itoa(2*runtime.GOMAXPROCS(0))); err != nil {
			panic(err)
		}
	}
	testscript.Main(m, map[string]func(){
		"todoku": func() { os.Exit(cmd.Main(os.Args[1:], os.Stdin, os.Stdout, os.Stderr, os.Getenv)) },
	})
}

// The scripts say what users and their scripts see: output, streams, status.
func TestScripts(t *testing.T) {
	t.Parallel()
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"status": status,
			"json":   field,
		},
		Setup: func(e *testscript.Env) error {
			e.Setenv("LC_ALL", "C")
			e.Setenv("TODOKU_ONLY", checksOfTests)
			e.Setenv("GORACE", "atexit_sleep_ms=0") // each script runs many short processes
			return nil
		},
	})
}

// status N COMMAND… runs a command and demands its exit status, whatever it is.
func status(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: status N command [args...]")
	}
	got := "0"
	if err := ts.Exec(args[1], args[2:]...); err != nil {
		got = strings.TrimPrefix(err.Error(), "exit status ")
	}
	if got != args[0] {
		ts.Fatalf("exit status %s, want %s", got, args[0])
	}
}

// json FILE PATH WANT compares a value of a JSON document; PATH is keys and
// indices with dots between; len is a length. FILE may be stdout.
func field(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) < 2 || len(args) > 3 {
		ts.Fatalf("usage: json FILE PATH [WANT]")
	}
	var v any
	ts.Check(json.Unmarshal([]byte(ts.ReadFile(args[0])), &v))
	for key := range strings.SplitSeq(args[1], ".") {
		v = step(ts, v, key)
	}
	if len(args) == 2 {
		return
	}
	got := fmt.Sprint(v)
	if (got == args[2]) == neg {
		ts.Fatalf("%s is %q, want %q (not: %v)", args[1], got, args[2], neg)
	}
}

func step(ts *testscript.TestScript, v any, key string) any {
	switch v := v.(type) {
	case map[string]any:
		if inner, ok := v[key]; ok {
			return inner
		}
	case []any:
		if key == "len" {
			return len(v)
		}
		var i int
		if _, err := fmt.Sscan(key, &i); err == nil && i < len(v) {
			return v[i]
		}
	}
	ts.Fatalf("no %q in %v", key, v)
	return nil
}
