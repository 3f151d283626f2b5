package codes

import (
	"fmt"
	"strconv"
	"strings"
)

// condition is the parsed On of a rule: reply codes and enhanced codes, or that
// no server replied.
type condition struct {
	codes    []codeTest
	enhanced []enhancedTest
	none     bool
	given    bool // a value has to be there and to fit: a reply without codes does not
}

// codeTest is 550, or 5xx as its first digit.
type codeTest struct{ code, class int }

// enhancedTest is 5.7.1, X.7.1 (class 0) or 5.7.* (detail -1).
type enhancedTest struct{ class, subject, detail int }

func parseCondition(s string) (condition, error) {
	var c condition
	for _, word := range strings.Fields(s) {
		if word == "none" {
			c.none = true
			continue
		}
		if word == "given" {
			c.given = true
			continue
		}
		if strings.Contains(word, ".") {
			t, ok := parseEnhancedTest(word)
			if !ok {
				return c, fmt.Errorf("%q is no enhanced code such as 5.7.1, X.7.1 or 5.7.*", word)
			}
			c.enhanced = append(c.enhanced, t)
			continue
		}
		t, ok := parseCodeTest(word)
		if !ok {
			return c, fmt.Errorf("%q is no reply code such as 550 or 5xx, nor none", word)
		}
		c.codes = append(c.codes, t)
	}
	return c, nil
}

func parseCodeTest(word string) (codeTest, bool) {
	if len(word) != 3 || word[0] < '2' || word[0] > '5' {
		return codeTest{}, false
	}
	if word[1:] == "xx" {
		return codeTest{class: int(word[0] - '0')}, true
	}
	n, err := strconv.Atoi(word)
	return codeTest{code: n}, err == nil
}

func parseEnhancedTest(word string) (enhancedTest, bool) {
	var t enhancedTest
	parts := strings.Split(word, ".")
	if len(parts) == 2 && parts[1] == "*" { // 4.*
		parts = append(parts, "*")
	}
	if len(parts) != 3 {
		return t, false
	}
	number := func(s string, wild string, value int) (int, bool) {
		if s == wild {
			return value, true
		}
		return statusNumber(s)
	}
	var ok [3]bool
	t.class, ok[0] = number(parts[0], "X", 0)
	t.subject, ok[1] = number(parts[1], "*", -1)
	t.detail, ok[2] = number(parts[2], "*", -1)
	return t, ok[0] && ok[1] && ok[2]
}

// holds reports whether nothing in the reply speaks against the condition, and
// whether a value of the reply fulfils it.
func (c condition) holds(r Reply) (possible, met bool) {
	if c.none {
		return r.Code == 0, false
	}
	fits := false
	given := !r.Enhanced.IsZero() && (r.Code != 0 || r.Enhanced.Subject != 0 || r.Enhanced.Detail != 0) // 5.0.0 alone: nobody said one
	if len(c.codes) > 0 && r.Code != 0 {
		if !c.meets(r.Code) {
			return false, false
		}
		met, fits = true, true
	}
	if len(c.enhanced) > 0 && given {
		if !c.meetsEnhanced(r.Enhanced) {
			return false, false
		}
		met, fits = true, true
	} else if len(c.enhanced) > 0 && len(c.codes) > 0 {
		met = false // the bare code alone is not what the rule is about
	}
	return fits || !c.given, met
}

func (c condition) meets(code int) bool {
	for _, t := range c.codes {
		if t.code == code || t.code == 0 && t.class == code/100 {
			return true
		}
	}
	return false
}

func (c condition) meetsEnhanced(e Enhanced) bool {
	for _, t := range c.enhanced {
		if (t.class == 0 || t.class == e.Class) && (t.subject < 0 || t.subject == e.Subject) && (t.detail < 0 || t.detail == e.Detail) {
			return true
		}
	}
	return false
}
