package report

import (
	"slices"
	"strconv"
	"strings"

	"todoku/cmd/report/page"
	"todoku/diag/fix"
)

// cloudflareBatch is the body of POST /zones/{zone_id}/dns_records/batch. The service runs deletes, puts and posts in this
// order.
type cloudflareBatch struct {
	Deletes []cloudflareID     `json:"deletes,omitempty"`
	Puts    []cloudflareRecord `json:"puts,omitempty"`
	Posts   []cloudflareRecord `json:"posts,omitempty"`
}

type cloudflareID struct {
	ID string `json:"id"`
}

type cloudflareRecord struct {
	ID       string          `json:"id,omitempty"`
	Name     string          `json:"name"`
	Type     string          `json:"type"`
	TTL      uint32          `json:"ttl"`
	Content  string          `json:"content,omitempty"`
	Priority *int            `json:"priority,omitempty"`
	Data     *cloudflareTLSA `json:"data,omitempty"`
}

type cloudflareTLSA struct {
	Usage        int    `json:"usage"`
	Selector     int    `json:"selector"`
	MatchingType int    `json:"matching_type"`
	Certificate  string `json:"certificate"`
}

// fixCloudflare writes the changes of one zone. A record that is replaced is named by its id, which only the account knows:
// what stands in its place says which record it is.
func fixCloudflare(f Fix) string {
	var batch cloudflareBatch
	for _, c := range f.first() {
		var gone, come []string
		for _, v := range c.Was {
			if !slices.Contains(c.Values, v) {
				gone = append(gone, v)
			}
		}
		for _, v := range c.Values {
			if !slices.Contains(c.Was, v) {
				come = append(come, v)
			}
		}
		for i, v := range come {
			r := cloudflareOf(c, v)
			if i < len(gone) {
				r.ID = cloudflarePlace(c, gone[i])
				batch.Puts = append(batch.Puts, r)
			} else {
				batch.Posts = append(batch.Posts, r)
			}
		}
		for _, v := range gone[min(len(come), len(gone)):] {
			batch.Deletes = append(batch.Deletes, cloudflareID{cloudflarePlace(c, v)})
		}
	}
	return page.Indented(batch)
}

// cloudflarePlace stands where the id of a record belongs. It is no id, so the service refuses it.
func cloudflarePlace(c fix.Change, value string) string { return "<id of: " + zoneLine(c, value) + ">" }

// cloudflareOf is one record.
func cloudflareOf(c fix.Change, value string) cloudflareRecord {
	r := cloudflareRecord{Name: c.Name, Type: c.Type, TTL: c.TTL, Content: value}
	words := strings.Fields(value)
	switch {
	case c.Type == "TXT":
		r.Content = quote(value)
	case c.Type == "MX" && len(words) == 2:
		n := number(words[0])
		r.Priority, r.Content = &n, hostAlone(words[1])
	case c.Type == "PTR":
		r.Content = hostAlone(value)
	case c.Type == "TLSA" && len(words) > 3:
		r.Content = ""
		r.Data = &cloudflareTLSA{number(words[0]), number(words[1]), number(words[2]), strings.Join(words[3:], "")}
	}
	return r
}

// hostAlone is a name without its final dot, but for the root.
func hostAlone(s string) string {
	if s == "." {
		return s
	}
	return strings.TrimSuffix(s, ".")
}

// number reads a field of a record that has been read before.
func number(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		return 0
	}
	return n
}
