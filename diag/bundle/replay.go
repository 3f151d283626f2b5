package bundle

import (
	"time"

	"todoku/diag/probe"
	"todoku/diag/resolve"
)

// Exchange is what came of a question; false: the run did not ask it.
func (b *Bundle) Exchange(q resolve.Question) (resolve.Exchange, bool) {
	x, known := b.exchanges[q]
	return x, known
}

// Visit is a visit to a mail server. The error says that the run did not make it.
func (b *Bundle) Visit(q probe.Question) (probe.Visit, error) {
	if v, known := b.visits[keyOf(q)]; known {
		return v, nil
	}
	return probe.Visit{}, unrecorded(q.Host, "SMTP")
}

// Page is a page of a web server. The error says that the run did not fetch it.
func (b *Bundle) Page(q probe.WebQuestion) (probe.Page, error) {
	if p, known := b.pages[q]; known {
		return p, nil
	}
	return probe.Page{}, unrecorded(q.URL, "HTTPS")
}

// Content is a file that the run read.
type Content struct {
	Data     []byte
	Modified time.Time
}

// Input is a file that the run read, by the name that it had there.
func (b *Bundle) Input(name string) (c Content, known bool) {
	c, known = b.inputs[name]
	return c, known
}

func unrecorded(name, kind string) error {
	return &resolve.Error{Kind: resolve.KindUnrecorded, Name: name, Type: kind, Message: "the bundle does not have it"}
}
