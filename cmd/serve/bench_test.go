package serve_test

import (
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"
)

// BenchmarkUsers measures a diagnosis in the lab for one user, and for many without a pause: requests a second, and what 95 of
// 100 requests stay below. Many pauses of 10 s are measured with BenchmarkPauses.
func BenchmarkUsers(b *testing.B) {
	for _, users := range []int{1, 50} {
		b.Run(strconv.Itoa(users), func(b *testing.B) { load(b, users, 0) })
	}
}

// BenchmarkPauses is 200 users with a request every 10 s each.
func BenchmarkPauses(b *testing.B) { load(b, 200, 10*time.Second) }

func load(b *testing.B, users int, pause time.Duration) {
	base, _ := start(b, "--lab", "--rate", "1000000", "--questions", "1000000")
	var mu sync.Mutex
	var took []time.Duration
	work := make(chan struct{})
	var wg sync.WaitGroup
	for i := range users {
		user := openBrowser(b, base)
		wg.Go(func() {
			time.Sleep(pause / time.Duration(users) * time.Duration(i))
			for range work {
				began := time.Now()
				user(b)
				d := time.Since(began)
				mu.Lock()
				took = append(took, d)
				mu.Unlock()
				time.Sleep(pause - d)
			}
		})
	}
	for b.Loop() {
		work <- struct{}{}
	}
	close(work)
	wg.Wait()
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)*95/100].Microseconds())/1e3, "p95-ms")
}

// openBrowser makes a user who asks for the same diagnosis again and again.
func openBrowser(b *testing.B, base string) func(*testing.B) {
	page := open(b, base, "/")
	form := url.Values{"csrf": {page.field("csrf")}, "q": {"550-5.7.26 This mail has been blocked because the sender is unauthenticated."},
		"from": {"news@no-spf.test"}, "to": {"user@takes.test"}, "ip": {"192.0.2.7"}}
	jar, err := cookiejar.New(nil)
	if err != nil {
		b.Fatal(err)
	}
	at, _ := url.Parse(base)
	jar.SetCookies(at, page.c.Jar.Cookies(at))
	c := &http.Client{Jar: jar}
	return func(b *testing.B) {
		a, err := c.PostForm(base+"/look", form)
		if err != nil {
			b.Error(err)
			return
		}
		defer a.Body.Close()
		if _, err := io.Copy(io.Discard, a.Body); err != nil || a.StatusCode != http.StatusOK {
			b.Error(a.StatusCode, err)
		}
	}
}
