package content

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"todoku/codes"
)

// Posted is what the server of a List-Unsubscribe address answered to the POST of a mail program (RFC 8058 §3.2).
type Posted struct {
	URL      string        `json:"url"`
	Status   int           `json:"status"`   // of HTTP; 0: no answer came
	Outcome  Outcome       `json:"outcome"`  // what it means
	Location string        `json:"location"` // where a redirect leads; it is not followed
	Elapsed  time.Duration `json:"-"`
}

// Outcome is what an answer to a POST means.
type Outcome string

// The outcomes.
const (
	Accepted   Outcome = "accepted"   // 2xx: the reader gets no more
	Redirected Outcome = "redirected" // 3xx: RFC 8058 §3.1 forbids it, mail programs stop there
	Refused    Outcome = "refused"    // 4xx
	Failed     Outcome = "failed"     // 5xx, or another status
)

// Bounds of a POST.
const (
	postPatience = 15 * time.Second
	maxPostReply = 64 << 10 // octets of the answer that are read
)

// postBody is all that a mail program sends (RFC 8058 §3.2).
const postBody = "List-Unsubscribe=One-Click"

// Post unsubscribes: it sends the POST of RFC 8058 §3.2 to the https address of the mail, without cookies and without any
// other field, and follows no redirect. It really ends a subscription where the server does as it should. The error is a
// *codes.UserError where the mail has nothing to ask, else it says why no answer came.
func (u *Unsubscribe) Post(ctx context.Context, client *http.Client) (*Posted, error) {
	switch {
	case u.HTTPS == "":
		return nil, codes.WrongAt("List-Unsubscribe", codes.Text{EN: "the mail has no https address for unsubscribing", JA: "メールに、配信停止のための https のURLがありません"})
	case !u.OneClick:
		return nil, codes.WrongAt("List-Unsubscribe-Post", codes.Text{EN: "the mail does not offer one-click unsubscription (RFC 8058)", JA: "メールがワンクリック配信停止(RFC 8058)に対応していません"})
	}
	target, err := url.Parse(u.HTTPS)
	if err != nil || !strings.EqualFold(target.Scheme, "https") || target.Host == "" {
		return nil, codes.WrongAt("List-Unsubscribe", codes.Text{EN: "{url} is no https address", JA: "{url} は https のURLとして読み取れません"}, codes.QuotedStart("url", u.HTTPS, 200))
	}
	ctx, cancel := context.WithTimeout(ctx, postPatience)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, target.String(), strings.NewReader(postBody))
	if err != nil {
		return &Posted{URL: target.String()}, err
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	request.Header.Set("User-Agent", "todoku")
	only := *client // the caller's own stays as it is
	only.Jar = nil
	only.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	start := time.Now()
	response, err := only.Do(request)
	if err != nil {
		return &Posted{URL: target.String()}, postError(err)
	}
	defer response.Body.Close()
	_, _ = io.Copy(io.Discard, io.LimitReader(response.Body, maxPostReply)) // what it says matters to nobody
	return &Posted{URL: target.String(), Status: response.StatusCode, Outcome: outcomeOf(response.StatusCode),
		Location: cut(response.Header.Get("Location"), maxURI), Elapsed: time.Since(start)}, nil
}

// postError is why no answer came, without the address, which may name a reader.
func postError(err error) error {
	var wrapped *url.Error
	if errors.As(err, &wrapped) {
		return wrapped.Err
	}
	return err
}

func outcomeOf(status int) Outcome {
	switch status / 100 {
	case 2:
		return Accepted
	case 3:
		return Redirected
	case 4:
		return Refused
	}
	return Failed
}
