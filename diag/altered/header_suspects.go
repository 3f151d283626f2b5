package altered

import (
	"bytes"
	"slices"
	"strings"
	"sync"
	"time"

	"todoku/sender/mail"
)

var marked = sync.OnceValue(compile(`(?i)^\s*(re:\s*)?(\[[^\]]+\]|【[^】]+】|\*{3}[^*]+\*{3}|\((spam|external|ext)[^)]*\)|(spam|` +
	`external|caution|warning)\s*[:：])`))

// headerSuspects are the signs of changes in a header that no undoing explains. body: the body changed too, in a way that is not
// known.
func headerSuspects(raw mail.Raw, s signed, body bool) (list []Change) {
	add := func(kind Kind, f mail.RawField) {
		list = append(list, Change{Kind: kind, Field: f.Name, Now: excerpt([]byte(decodedWords(f.Value())))})
	}
	count := map[string]int{}
	for _, i := range chosen(raw.Fields, s.Signed, s.Index) {
		f := raw.Fields[i]
		count[strings.ToLower(f.Name)]++
		switch name := strings.ToLower(f.Name); {
		case name == "subject" && marked().MatchString(decodedWords(f.Value())):
			add(SubjectPrefixed, f)
		case name == "from" && s.foreign(f):
			add(FromRewritten, f)
		case name == "message-id" && s.madeOnTheWay(raw, f):
			add(MessageIDReplaced, f)
		case name == "date" && written(raw, s, f):
			add(DateReplaced, f)
		case name == "content-type" && body && strings.Contains(strings.ToLower(f.Value()), "boundary="):
			add(BoundaryChanged, f)
		}
	}
	for _, name := range []string{"from", "subject", "date", "to", "cc", "reply-to", "message-id", "sender"} {
		if count[name] > 1 {
			list = append(list, Change{Kind: FieldAdded, Field: titled(name)})
		}
	}
	if len(list) > 0 {
		return list
	}
	return s.absent(count)
}

// foreign reports that the author's address is outside of the domain that signed, and the rest of the field looks rewritten.
func (s signed) foreign(f mail.RawField) bool {
	for _, m := range mailboxesIn(f.Value()) {
		_, domain, _ := strings.Cut(m.address, "@")
		inside := strings.EqualFold(domain, s.Domain) || strings.HasSuffix(strings.ToLower(domain), "."+s.Domain) ||
			strings.HasSuffix(s.Domain, "."+strings.ToLower(domain))
		if viaList().MatchString(m.name) || !inside {
			return true
		}
	}
	return false
}

// madeOnTheWay reports that the id has the name of a later server, or of none that has to do with the signer.
func (s signed) madeOnTheWay(raw mail.Raw, f mail.RawField) bool {
	_, host, ok := strings.Cut(strings.Trim(f.Value(), "<> "), "@")
	if !ok || host == "" {
		return true
	}
	host = strings.ToLower(host)
	if host == s.Domain || strings.HasSuffix(host, "."+s.Domain) || strings.HasSuffix(s.Domain, "."+host) {
		return false
	}
	for i, r := range raw.Fields {
		if i < s.Index && r.Is("Received") {
			by := strings.ToLower(mail.ParseTrace(r.Value()).By)
			if by == host || strings.HasSuffix(by, "."+host) {
				return true
			}
		}
	}
	return !slices.ContainsFunc(mailboxesIn(raw.Get("From")), func(m mailbox) bool {
		return strings.HasSuffix(strings.ToLower(m.address), "@"+host)
	})
}

// written reports that Date is later than the signature or than the first hop.
func written(raw mail.Raw, s signed, f mail.RawField) bool {
	at, ok := mail.ParseDate(f.Value())
	if !ok {
		return false
	}
	if !s.Time.IsZero() && at.After(s.Time.Add(5*time.Second)) {
		return true
	}
	for i := len(raw.Fields) - 1; i >= 0; i-- {
		if raw.Fields[i].Is("Received") {
			first := mail.ParseTrace(raw.Fields[i].Value()).At
			return !first.IsZero() && at.After(first.Add(time.Second))
		}
	}
	return false
}

// absent are the fields that every mail has, that h= names and that are not there. Others are often named though they never were
// there: that breaks the signature where somebody adds one.
func (s signed) absent(count map[string]int) (list []Change) {
	for _, name := range []string{"Subject", "Date", "To", "Message-ID", "MIME-Version"} {
		if count[strings.ToLower(name)] == 0 && s.Covers(name) {
			list = append(list, Change{Kind: FieldRemoved, Field: name})
		}
	}
	return list
}

// kindOfField names a change of a field of which both forms are known.
func kindOfField(now, was mail.RawField) Kind {
	if k := kindOfLayout(now, was); k != "" {
		return k
	}
	a, b := decodedWords(now.Value()), decodedWords(was.Value())
	if a == b {
		return WordsReencoded
	}
	switch strings.ToLower(now.Name) {
	case "subject":
		if strings.HasSuffix(a, b) || slices.Contains(unprefixed(a), b) && !strings.HasPrefix(a, b) {
			return SubjectPrefixed
		}
		return SubjectChanged
	case "from", "sender":
		if sameAddresses(a, b) {
			return NamesRequoted
		}
		return FromRewritten
	case "to", "cc", "reply-to", "bcc":
		if sameAddresses(a, b) {
			return NamesRequoted
		}
		if now.Is("Reply-To") {
			return ReplyToChanged
		}
		return AddressesChanged
	case "date":
		x, ok1 := mail.ParseDate(a)
		if y, ok2 := mail.ParseDate(b); ok1 && ok2 && x.Equal(y) {
			return DateReformatted
		}
		return DateReplaced
	case "message-id":
		return MessageIDReplaced
	case "mime-version":
		return MIMEVersion
	case "content-transfer-encoding":
		return EncodingField
	case "content-type":
		return kindOfType(a, b)
	}
	return FieldChanged
}

// kindOfLayout names a change of blanks, folds and the case of the name; "" where there is more.
func kindOfLayout(now, was mail.RawField) Kind {
	plain := func(b []byte) string {
		return strings.NewReplacer(" ", "", "\t", "", "\r", "", "\n", "").Replace(string(b))
	}
	x, y := now.RawValue(), was.RawValue()
	switch {
	case plain(x) != plain(y):
		return ""
	case bytes.Count(x, []byte("\n")) != bytes.Count(y, []byte("\n")) || bytes.Count(x, []byte("\n")) > 0 && !bytes.Equal(x, y):
		return FieldRefolded
	case !bytes.Equal(x, y):
		return FieldBlanks
	}
	return FieldCase
}

// fieldChange is a change of a field of which both forms are known.
func fieldChange(now, was mail.RawField) Change {
	c := Change{Kind: kindOfField(now, was), Field: now.Name, Was: excerpt([]byte(decodedWords(was.Value()))),
		Now: excerpt([]byte(decodedWords(now.Value())))}
	if c.Was == c.Now {
		c.Was, c.Now = excerpt(was.Bytes), excerpt(now.Bytes)
	}
	return c
}

func kindOfType(now, was string) Kind {
	x, xs := contentType(now)
	y, ys := contentType(was)
	a, b := valueOf(xs, "charset"), valueOf(ys, "charset")
	switch {
	case x == y && valueOf(xs, "boundary") != valueOf(ys, "boundary"):
		return BoundaryChanged
	case x == y && !strings.EqualFold(a, b) && a != "" && b != "":
		return CharsetChanged
	}
	return ContentType
}

func sameAddresses(a, b string) bool {
	return slices.EqualFunc(mailboxesIn(a), mailboxesIn(b), func(x, y mailbox) bool { return strings.EqualFold(x.address, y.address) })
}
