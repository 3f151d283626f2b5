package bimi

import (
	"encoding/xml"
	"math"
	"strconv"
	"strings"
)

// element judges one element: whether the profile has it, whether it may stand here, its attributes.
func (r *svgReader) element(name string, t xml.StartElement) {
	r.doubled(t)
	parent := ""
	if len(r.path) > 0 {
		parent = r.path[len(r.path)-1]
	}
	r.text.Reset()
	own, known := r.table[name]
	above, within := r.table[parent]
	switch {
	case strings.Contains(name, ":"):
		r.fault(SVGForeign, "<"+name+">", "", "")
		return // its attributes are its own matter
	case !known:
		r.fault(otherElement(name), "<"+name+">", "", "")
		r.handlers(t)
		return
	case parent != "" && within && !holds(above.children, name):
		r.fault(SVGNested, "<"+name+">", "<"+parent+">", "")
	}
	if name == "title" && parent == "svg" {
		if r.titles++; r.titles > 1 {
			r.fault(SVGTitleSeveral, "title", "", "")
		}
	}
	for _, a := range t.Attr {
		if attr, ok := attributeName(a.Name); ok {
			r.attribute(name, attr, a.Value, own)
		}
	}
	if name == "svg" && parent == "" {
		r.rootAttributes(t)
	}
}

// handlers tells of what an element that the profile lacks would run or fetch.
func (r *svgReader) handlers(t xml.StartElement) {
	for _, a := range t.Attr {
		if attr, ok := attributeName(a.Name); ok && attr == "href" && external(a.Value) {
			r.fault(SVGExternal, "href", a.Value, "#…")
		}
	}
}

// doubled: an attribute stands once (XML 1.0 §3.1).
func (r *svgReader) doubled(t xml.StartElement) {
	seen := map[xml.Name]bool{}
	for _, a := range t.Attr {
		if seen[a.Name] {
			r.fault(SVGNotXML, a.Name.Local, "the attribute "+a.Name.Local+" stands twice", "")
		}
		seen[a.Name] = true
	}
}

// attributeName is the name of an attribute as people write it; ok is false for the declaration of a name space.
func attributeName(n xml.Name) (name string, ok bool) {
	switch {
	case n.Space == "xmlns" || n.Space == "" && n.Local == "xmlns":
		return "", false
	case n.Space == "":
		return n.Local, true
	case n.Space == xmlSpace || n.Space == "xml":
		return "xml:" + n.Local, true
	case n.Space == xlinkSpace && n.Local == "href":
		return "href", true
	}
	return foreignName(n), true
}

// foreignName is a name of another language, with a colon: "sodipodi:namedview".
func foreignName(n xml.Name) string {
	space := strings.TrimRight(n.Space, "/#")
	space = space[strings.LastIndexAny(space, "/:")+1:]
	return space[:min(len(space), 40)] + ":" + n.Local
}

// attribute judges one attribute of an element that the profile has.
func (r *svgReader) attribute(element, name, value string, own svgElement) {
	switch {
	case strings.HasPrefix(name, "on"):
		r.fault(SVGScript, name, "", "")
		return
	case name == "style":
		r.fault(SVGStyle, name, "", "")
		return
	case element == "svg" && (name == "x" || name == "y"):
		r.fault(SVGRootPosition, name, value, "")
		return
	case strings.Contains(name, ":") && !strings.HasPrefix(name, "xml:"):
		r.fault(SVGForeign, name, "", "")
		return
	case !holds(own.attributes, name):
		r.fault(SVGAttribute, name, "<"+element+">", "")
	}
	if words, ok := r.values[name]; ok && !holds(" "+words+" ", value) {
		r.fault(SVGValue, name, value, strings.ReplaceAll(words, " ", " | "))
	}
	switch {
	case name == "href" && !strings.HasPrefix(strings.TrimSpace(value), "#"):
		r.fault(SVGExternal, name, value, "#…")
	case name == "xml:base" && external(value), pointsOut(value):
		r.fault(SVGExternal, name, value, "url(#…)")
	}
}

// external reports whether a reference leads out of the file.
func external(ref string) bool {
	ref = strings.TrimSpace(ref)
	return ref != "" && !strings.HasPrefix(ref, "#")
}

// pointsOut reports whether a value holds url(…) of something else than a part of the file.
func pointsOut(value string) bool {
	rest := strings.ToLower(value)
	for {
		_, after, ok := strings.Cut(rest, "url(")
		if !ok {
			return false
		}
		if !strings.HasPrefix(strings.TrimLeft(after, " \t\r\n\"'"), "#") {
			return true
		}
		rest = after
	}
}

// rootAttributes judges what the root must say of itself, and the form of the picture.
func (r *svgReader) rootAttributes(t xml.StartElement) {
	values := map[string]string{}
	for _, a := range t.Attr {
		if a.Name.Space == "" {
			values[a.Name.Local] = a.Value
		}
	}
	if v := values["version"]; v != "1.2" {
		r.fault(SVGVersion, "version", v, "1.2")
	}
	if v := values["baseProfile"]; v != "tiny-ps" {
		r.fault(SVGProfile, "baseProfile", v, "tiny-ps")
	}
	r.form(values)
}

// minSize is the width and height that Gmail asks for, in pixels.
const minSize = 96

// form judges the size of the picture.
func (r *svgReader) form(values map[string]string) {
	box := strings.FieldsFunc(values["viewBox"], func(c rune) bool { return c == ' ' || c == ',' || c == '\t' || c == '\n' || c == '\r' })
	if len(box) == 4 {
		r.svg.Width, r.svg.Height = number(box[2]), number(box[3])
	} else if values["viewBox"] != "" {
		r.fault(SVGValue, "viewBox", values["viewBox"], "0 0 128 128")
	}
	w, h := pixels(values["width"]), pixels(values["height"])
	for _, name := range []string{"width", "height"} {
		v := strings.TrimSpace(values[name])
		switch n := pixels(v); {
		case strings.HasSuffix(v, "%"):
			r.fault(SVGRelative, name, v, "128")
		case n > 0 && n < minSize:
			r.fault(SVGSmall, name, v, strconv.Itoa(minSize))
		}
	}
	if len(box) != 4 {
		r.svg.Width, r.svg.Height = w, h
	}
	switch w, h := r.svg.Width, r.svg.Height; {
	case w <= 0 || h <= 0:
		r.svg.Width, r.svg.Height = 0, 0
		r.fault(SVGNoSize, "viewBox", values["viewBox"], "0 0 128 128")
	case math.Abs(w-h) > 0.01*max(w, h):
		r.fault(SVGNotSquare, "viewBox", format(w)+" × "+format(h), "")
	}
}

func format(f float64) string { return strconv.FormatFloat(f, 'f', -1, 64) }

// number is a number of SVG; 0 for what is none.
func number(s string) float64 {
	f, err := strconv.ParseFloat(s, 64)
	if err != nil || math.IsInf(f, 0) || math.IsNaN(f) || math.Abs(f) > 1e9 {
		return 0
	}
	return f
}

// pixels is a length without a unit or in px; 0 for others.
func pixels(s string) float64 { return number(strings.TrimSuffix(strings.TrimSpace(s), "px")) }
