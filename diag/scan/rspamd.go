package scan

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
)

// Envelope is what a filter may be told of the delivery besides the mail; what is "" is not told.
type Envelope struct {
	From string // MAIL FROM
	Rcpt string
	IP   string // of the client
	HELO string
}

// errSkipped is the answer of an Rspamd whose settings let the mail through without a look: its score of 0 says nothing.
var errSkipped = errors.New("rspamd: its settings exempt this mail from all checks (is_skipped)")

// rspamdAnswer is the JSON of /checkv2.
type rspamdAnswer struct {
	Score     *float64 `json:"score"`
	Required  float64  `json:"required_score"`
	Action    string   `json:"action"`
	IsSkipped bool     `json:"is_skipped"`
	Error     string   `json:"error"`
	Symbols   map[string]struct {
		Score       float64  `json:"score"`
		Description string   `json:"description"`
		Options     []string `json:"options"`
	} `json:"symbols"`
}

// Rspamd asks a normal worker of Rspamd: POST /checkv2 at a URL such as "http://127.0.0.1:11333". The error is ErrAnswer, what
// Rspamd itself says, or that of the network.
func Rspamd(ctx context.Context, client *http.Client, url string, e Envelope, mail []byte) (*Result, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, strings.TrimRight(url, "/")+"/checkv2", bytes.NewReader(mail))
	if err != nil {
		return nil, err
	}
	for _, h := range [...]struct{ name, value string }{{"From", e.From}, {"Rcpt", e.Rcpt}, {"IP", e.IP}, {"Helo", e.HELO}} {
		if h.value != "" {
			request.Header.Set(h.name, h.value)
		}
	}
	response, err := client.Do(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(io.LimitReader(response.Body, maxAnswer+1))
	if err != nil {
		return nil, err
	}
	return readRspamd(response.StatusCode, body)
}

// readRspamd reads the answer.
func readRspamd(status int, body []byte) (*Result, error) {
	var a rspamdAnswer
	if len(body) > maxAnswer || json.Unmarshal(body, &a) != nil {
		if status != http.StatusOK {
			return nil, fmt.Errorf("rspamd: HTTP %d", status)
		}
		return nil, ErrAnswer
	}
	switch {
	case a.Error != "":
		return nil, fmt.Errorf("rspamd: %s", bounded(a.Error))
	case status != http.StatusOK:
		return nil, fmt.Errorf("rspamd: HTTP %d", status)
	case a.IsSkipped:
		return nil, errSkipped
	case a.Score == nil || a.Action == "":
		return nil, ErrAnswer
	}
	out := &Result{Scanner: "rspamd", Score: *a.Score, Threshold: a.Required, Action: bounded(a.Action)}
	switch out.Action {
	case "reject", "rewrite subject", "add header":
		out.Spam = true
	}
	for name, s := range a.Symbols {
		out.Symbols = append(out.Symbols, Symbol{Name: bounded(name), Score: s.Score, Says: bounded(s.Description),
			Detail: bounded(strings.Join(s.Options[:min(len(s.Options), 20)], ", "))})
	}
	out.settle()
	return out, nil
}
