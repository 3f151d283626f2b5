package alert_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"todoku/codes"
	"todoku/diag/watch"
	"todoku/diag/watch/alert"
)

// endpoint is a web server that keeps what was posted.
type endpoint struct {
	*httptest.Server
	mu     sync.Mutex
	posted []post
}

// post is what was posted.
type post struct{ body, path, key string }

// posts are what was posted so far.
func (e *endpoint) posts() []post {
	e.mu.Lock()
	defer e.mu.Unlock()
	return slices.Clone(e.posted)
}

func serve(t *testing.T, answer http.HandlerFunc) *endpoint {
	t.Helper()
	e := &endpoint{}
	e.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		e.mu.Lock()
		e.posted = append(e.posted, post{string(body), r.URL.Path, r.Header.Get("Idempotency-Key")})
		e.mu.Unlock()
		if answer != nil {
			answer(w, r)
		}
	}))
	t.Cleanup(e.Close)
	return e
}

// channel is one on an endpoint.
func channel(t *testing.T, kind, url string) alert.Channel {
	t.Helper()
	c, err := alert.Parse(kind + ":" + url)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func tell(t *testing.T, c alert.Channel, n alert.Notice) error {
	t.Helper()
	w, err := c.Webhook(alert.Client{Agent: "todoku/test", Now: began}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return w.Tell(t.Context(), n)
}

// hostile is a notice whose values want to be something else: JSON, Markdown, mentions, links.
func hostile() alert.Notice {
	const evil = "\"}],\"x\":[{\"<!channel> <https://evil.test|click> @everyone **b** [l](https://evil.test) \\ {{.}} </script>\u2028"
	i := broken(1, "", 1)
	i.Key.Culprit = evil
	i.Message = codes.Same(evil)
	i.Examples = []watch.Example{{Domain: evil, Rule: "spf-none", Subject: evil, Message: codes.Same(strings.Repeat(evil, 100))}}
	var all []watch.Delivery
	for id := range int64(60) {
		i.ID = id
		all = append(all, watch.Delivery{ID: id, Incident: i})
	}
	return alert.NewNotice(all, words(codes.Japanese), began())
}

// texts are all the strings of a JSON value.
func texts(v any) (out []string) {
	switch v := v.(type) {
	case string:
		return []string{v}
	case []any:
		for _, one := range v {
			out = append(out, texts(one)...)
		}
	case map[string]any:
		for _, one := range v {
			out = append(out, texts(one)...)
		}
	}
	return out
}

// TestEveryKindPostsWhatItsChatReads: JSON with the fields of the chat, within its bounds, whatever the values hold.
func TestEveryKindPostsWhatItsChatReads(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		kind   string
		fields []string // at the top
		path   string
		most   int // octets
	}{
		{"json", []string{"schema", "id", "at", "lang", "severity", "title", "text", "opened", "over", "left_out"}, "/secret-topic", 512 << 10},
		{"slack", []string{"text", "blocks"}, "/secret-topic", 40 << 10},
		{"teams", []string{"type", "attachments"}, "/secret-topic", 28 << 10},
		{"discord", []string{"allowed_mentions", "embeds"}, "/secret-topic", 24 << 10},
		{"ntfy", []string{"topic", "title", "message", "priority", "tags"}, "/", 8 << 10},
		{"lineworks", []string{"title", "body"}, "/secret-topic", 8 << 10},
	} {
		t.Run(c.kind, func(t *testing.T) {
			t.Parallel()
			for _, n := range []alert.Notice{hostile(), alert.NewNotice([]watch.Delivery{{ID: 1, Incident: broken(1, "p.example", 5000)}},
				words(codes.English), began())} {
				e := serve(t, nil)
				if err := tell(t, channel(t, c.kind, e.URL+"/secret-topic"), n); err != nil {
					t.Fatal(err)
				}
				sent := e.posts()[0]
				var got map[string]any
				if err := json.Unmarshal([]byte(sent.body), &got); err != nil || len(got) != len(c.fields) {
					t.Fatalf("%v: %s", err, sent.body)
				}
				for _, f := range c.fields {
					if _, ok := got[f]; !ok {
						t.Errorf("no field %s in %s", f, sent.body)
					}
				}
				if sent.path != c.path || sent.key != n.ID || len(sent.body) > c.most {
					t.Errorf("path %s, key %s, %d octets", sent.path, sent.key, len(sent.body))
				}
			}
		})
	}
}

// TestChatsReadNoMarkupInValues: mentions and links in a value stay text.
func TestChatsReadNoMarkupInValues(t *testing.T) {
	t.Parallel()
	send := func(kind string) map[string]any {
		e := serve(t, nil)
		if err := tell(t, channel(t, kind, e.URL+"/x"), hostile()); err != nil {
			t.Fatal(err)
		}
		var got map[string]any
		if err := json.Unmarshal([]byte(e.posts()[0].body), &got); err != nil {
			t.Fatal(err)
		}
		return got
	}
	if text := fmt.Sprint(send("slack")["text"]); strings.ContainsAny(text, "<>") || !strings.Contains(text, "&lt;!channel&gt;") {
		t.Errorf("slack: %s", text)
	}
	discord := send("discord")
	for _, s := range texts(discord) {
		if strings.Contains(s, " @everyone") || strings.Contains(s, " **b") || strings.Contains(s, "https://") {
			t.Errorf("discord: %s", s)
		}
	}
	if parse, ok := discord["allowed_mentions"].(map[string]any)["parse"].([]any); !ok || len(parse) != 0 {
		t.Errorf("discord mentions people: %v", discord["allowed_mentions"])
	}
}

// TestWhatChatsBound: titles and texts are no longer than each takes, and what is left out is told.
func TestWhatChatsBound(t *testing.T) {
	t.Parallel()
	n := hostile()
	for _, most := range []int{100, 1300, 3000, 6000, 20_000} {
		s := n.Short(most)
		if got := len([]rune(s)); got > most || got < most/3 {
			t.Errorf("%d characters where %d are allowed", got, most)
		}
		if most >= 3000 && !strings.Contains(s, "ほか5") && !strings.Contains(s, "ほか4") {
			t.Errorf("it does not say how many are left out:\n%s", s)
		}
	}
	if n.LeftOut != 40 {
		t.Errorf("%d are left out of 60", n.LeftOut)
	}
}

// TestRepliesOfWebhooks: what a server says decides, and no secret of the address is told again.
func TestRepliesOfWebhooks(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		answer http.HandlerFunc
		kind   string
		status int // 0: it was delivered
		wait   time.Duration
		large  bool
	}{
		"taken":      {nil, "json", 0, 0, false},
		"no content": {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(204) }, "discord", 0, 0, false},
		"seconds": {func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("Retry-After", "90"); w.WriteHeader(429) }, "slack", 429,
			90 * time.Second, false},
		"date": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Retry-After", began().Add(time.Hour).Format(http.TimeFormat))
			w.WriteHeader(503)
		}, "json", 503, time.Hour, false},
		"years": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Retry-After", "99999999999999")
			w.WriteHeader(503)
		}, "json", 503, 24 * time.Hour, false},
		"redirect": {func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/elsewhere", http.StatusFound) },
			"json", 302, 0, false},
		"too large": {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(413) }, "teams", 413, 0, true},
		"old teams": {func(w http.ResponseWriter, _ *http.Request) {
			_, _ = io.WriteString(w, "Webhook message delivery failed with error: 400")
		}, "teams", 200, 0, false},
		"an echo": {func(w http.ResponseWriter, r *http.Request) {
			w.WriteHeader(400)
			_, _ = io.WriteString(w, "no such hook: "+r.URL.RequestURI()+" "+r.URL.Query().Get("sig"))
		}, "json", 400, 0, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := serve(t, c.answer)
			err := tell(t, channel(t, c.kind, e.URL+"/hook/T0KEN-SECRET?sig=s1gn"), hostile())
			f := &alert.Failure{}
			if c.status != 0 && !errors.As(err, &f) || c.status == 0 && err != nil {
				t.Fatalf("%v", err)
			}
			if f.Status != c.status || f.Wait.Round(time.Second) != c.wait || f.TooLarge != c.large {
				t.Errorf("%+v", f)
			}
			if strings.Contains(f.Says, "T0KEN") || strings.Contains(f.Says, "s1gn") {
				t.Errorf("the secret is told: %s", f.Says)
			}
			if asked := e.posts(); len(asked) != 1 {
				t.Errorf("asked %v", asked)
			}
		})
	}
}

// TestAnEchoOfTheRequestTellsNoSecret: neither as it is written in the address, nor as it is sent.
func TestAnEchoOfTheRequestTellsNoSecret(t *testing.T) {
	t.Parallel()
	e := serve(t, func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(403)
		user, password, _ := r.BasicAuth()
		_, _ = io.WriteString(w, strings.Join([]string{r.Header.Get("Authorization"), user, password, r.URL.EscapedPath()[6:], r.URL.Path[6:],
			r.URL.Query().Get("sig"), r.URL.RawQuery[4:], "the end"}, " "))
	})
	address := strings.Replace(e.URL, "://", "://robot-17:s%20same@", 1) + "/hook/T0KEN%2FSECRET?sig=s%2F1gn"
	err := tell(t, channel(t, "json", address), hostile())
	if err == nil || err.Error() != "HTTP 403: Basic … … … … …/… … … the end" {
		t.Errorf("%v", err)
	}
}

// TestAServerThatIsGoneTellsNoSecret: the errors of net/http hold the address.
func TestAServerThatIsGoneTellsNoSecret(t *testing.T) {
	t.Parallel()
	e := serve(t, nil)
	e.Close()
	err := tell(t, channel(t, "json", e.URL+"/hook/T0KEN-SECRET"), hostile())
	if err == nil || strings.Contains(err.Error(), "T0KEN") {
		t.Errorf("%v", err)
	}
}

// TestAReplyWithoutEndIsBounded: of a reply a few octets are read.
func TestAReplyWithoutEndIsBounded(t *testing.T) {
	t.Parallel()
	e := serve(t, func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(500)
		for range 10_000 {
			if _, err := io.WriteString(w, strings.Repeat("x", 1000)); err != nil {
				return
			}
		}
	})
	err := tell(t, channel(t, "json", e.URL+"/x"), hostile())
	if err == nil || len(err.Error()) > 300 {
		t.Errorf("%.400v", err)
	}
}
