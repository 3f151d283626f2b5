package event

import (
	"bytes"
	"strings"
)

// eximTry is the host of a mail that was tried in vain last. Where no connection came about, the outcome names no host: "H=h [a]
// Connection refused", and then "== a@b R=r T=t defer (111): Connection refused".
type eximTry struct {
	name    string
	address string
	words   string
	mixed   bool // hosts of several domains were tried: whose the outcome is cannot be told
	told    bool // an outcome was told since
}

// readTry reads "H=h [a] Connection refused", of older versions without the mark, and keeps the words.
func (j *eximJoiner) readTry(text []byte) eximServer {
	word, rest, _ := bytes.Cut(bytes.TrimPrefix(text, []byte("H=")), []byte(" "))
	host, words := eximHost(word, rest)
	j.words = bytes.Trim(words, ": ")
	if len(host.name) == 0 || bytes.HasPrefix(j.words, []byte("SMTP error")) {
		return eximServer{}
	}
	return host
}

func (t *eximTry) add(host eximServer, words []byte, names interner) {
	name := names.name(host.name)
	mixed := !t.told && t.name != "" && (t.mixed || !sameHouse(t.name, name))
	*t = eximTry{name: name, address: names.name(host.address), words: names.name(words), mixed: mixed}
}

// tell gives an outcome the host that it does not name.
func (t *eximTry) tell(e *Event) {
	if t.name == "" || t.mixed || e.RemoteMTA != "" || !e.Action.Trouble() || e.Diagnostic != t.words {
		return
	}
	e.RemoteMTA, e.RemoteIP, t.told = t.name, parseIP(t.address), true
}

// sameHouse reports whether two hosts are servers of one domain: "mx.x.test" and "alt1.mx.x.test", "mx1.x.test" and "mx2.x.test".
func sameHouse(a, b string) bool {
	_, a, _ = strings.Cut(a, ".")
	_, b, _ = strings.Cut(b, ".")
	return strings.Contains(a, ".") && (a == b || strings.HasSuffix(a, "."+b) || strings.Contains(b, ".") && strings.HasSuffix(b, "."+a))
}
