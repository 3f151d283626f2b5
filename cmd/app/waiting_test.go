package app

import (
	"strings"
	"testing"
	"time"

	"todoku/cmd/report/page"
	"todoku/codes"
)

func TestWaitingIsSilentWithoutTerminal(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	a := &App{Stderr: page.To(&out), Lang: codes.Japanese}
	a.ShowWaiting()()
	if out.String() != "" {
		t.Errorf("%q", out.String())
	}
}

func TestWaitingCountsSeconds(t *testing.T) {
	t.Parallel()
	line := waited()
	line(time.Second)
	if s := page.Message(line(2*time.Second), codes.Japanese); !strings.HasPrefix(s, "確認中: 2秒") {
		t.Errorf("%q", s)
	}
}
