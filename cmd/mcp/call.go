package mcp

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"strings"

	sdk "github.com/modelcontextprotocol/go-sdk/mcp"

	"todoku/cmd/app"
	"todoku/cmd/report/page"
	"todoku/codes"
)

// session is one client.
type session struct {
	ctx     context.Context // its end ends all calls
	a       *app.App
	run     Runner
	places  chan struct{} // taken by calls at work
	waiting chan struct{} // taken by these and those that wait
}

func newSession(ctx context.Context, a *app.App, run Runner) *session {
	if a.Limit == 0 {
		a.Limit = usualLimit
	}
	return &session{ctx: ctx, a: a, run: run, places: make(chan struct{}, maxCalls), waiting: make(chan struct{}, maxCalls+maxWaiting)}
}

// handler answers the calls of a tool. What is wrong with a call is the tool's answer: a model can mend it.
func (s *session) handler(t tool) sdk.ToolHandler {
	return func(ctx context.Context, r *sdk.CallToolRequest) (*sdk.CallToolResult, error) {
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		defer context.AfterFunc(s.ctx, cancel)()
		done, err := s.turn(ctx)
		if err != nil {
			return s.failed(err)
		}
		defer done()
		l, err := t.read(r.Params.Arguments)
		if err != nil {
			return s.failed(err)
		}
		l.again = s.typed(t, l)
		return s.call(ctx, l)
	}
}

// typed is the command that repeats a call outside of this session: with the flags of its world, and its choice of checks.
func (s *session) typed(t tool, l line) codes.Command {
	c := l.again
	if c.IsZero() || !t.asks {
		return c
	}
	g := s.a.Global
	add := func(flag string, values []string) {
		given := func(word string) bool { return strings.HasPrefix(word, flag+"=") }
		if t.command.Name() != "check" || len(values) == 0 || s.a.Filled(strings.TrimPrefix(flag, "--")) || slices.ContainsFunc(l.args, given) {
			return
		}
		c = c.And(codes.Command{Args: []codes.Arg{codes.Arg{Flag: flag, Place: codes.PlaceReply}.With(strings.Join(values, ","))}})
	}
	add("--only", g.Only)
	add("--skip", g.Skip)
	return c.In(s.a.StyleOfOne(s.a.Stderr).World)
}

// turn waits until a call may begin.
func (s *session) turn(ctx context.Context) (done func(), err error) {
	select {
	case s.waiting <- struct{}{}:
	default:
		return nil, &codes.UserError{Unable: true,
			Says:   codes.Say(codes.Text{EN: "{n} calls are at work or waiting already", JA: "すでに{n}件の呼び出しが実行中または待機中です"}, codes.Num("n", cap(s.waiting))),
			Remedy: codes.Say(codes.Text{EN: "call again when one of them is answered", JA: "いずれかの回答を受け取ってから、もう一度呼び出してください"})}
	}
	select {
	case s.places <- struct{}{}:
		return func() { <-s.places; <-s.waiting }, nil
	case <-ctx.Done():
		<-s.waiting
		return nil, ctx.Err()
	}
}

// The names of what a command writes.
const (
	asDocuments = "answer.ndjson"
	asText      = "answer.txt"
)

// call runs a command line.
func (s *session) call(ctx context.Context, l line) (*sdk.CallToolResult, error) {
	var out, told bytes.Buffer
	g := s.a.Guest(strings.NewReader(l.stdin), page.To(&out), page.To(&told))
	limited, cancel := context.WithTimeoutCause(ctx, s.a.Limit, app.ErrDeadline)
	defer cancel()
	status := s.run(limited, g, append([]string{"--output=" + asDocuments, "--output=" + asText}, l.args...))
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	re := newAnswer(status, l.again, told.String(), g.Written(asDocuments))
	shown := string(g.Written(asText))
	if shown == "" || status == app.ExitUsage { // what is wrong, and how to mend it
		shown = strings.TrimSpace(told.String() + "\n" + shown)
	}
	return &sdk.CallToolResult{Content: []sdk.Content{&sdk.TextContent{Text: s.shortened(shown, re)}}, StructuredContent: re,
		IsError: status == app.ExitUsage || len(re.Documents) == 0 && len(re.LeftOut) == 0}, nil
}

// failed is the answer to a call that cannot be made.
func (s *session) failed(err error) (*sdk.CallToolResult, error) {
	var fault *codes.UserError
	if !errors.As(err, &fault) {
		return nil, err
	}
	lines := page.ErrorLines(err, s.a.Lang)
	status := app.ExitUsage
	if fault.Unable {
		status = app.ExitUnknown
	}
	return &sdk.CallToolResult{Content: []sdk.Content{&sdk.TextContent{Text: strings.Join(lines, "\n")}}, IsError: true,
		StructuredContent: newAnswer(status, codes.Command{}, strings.Join(lines, "\n"), nil)}, nil
}
