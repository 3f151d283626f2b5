package serve

import (
	"encoding/json"
	"slices"
)

// findings are what the pages need of a document in JSON: of a report, a diagnosis.
type findings struct {
	Queries struct {
		Sent int `json:"sent"`
	} `json:"queries"`
	Results []struct {
		Findings []struct {
			Rule string `json:"rule"`
		} `json:"findings"`
	} `json:"results"`
}

// readFindings reads a document; one that has none of this gives nothing.
func readFindings(document []byte) (f findings) {
	if json.Unmarshal(document, &f) != nil {
		return findings{}
	}
	return f
}

// rules are those of the findings, each once.
func (f findings) rules() (out []string) {
	for _, r := range f.Results {
		for _, x := range r.Findings {
			if !slices.Contains(out, x.Rule) {
				out = append(out, x.Rule)
			}
		}
	}
	return out
}
