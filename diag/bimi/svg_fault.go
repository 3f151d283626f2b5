package bimi

// SVGKind names a fault of a logo; kinds are stable.
type SVGKind string

// What breaks SVG Tiny PS: receivers that validate show no logo.
const (
	SVGUnpack       SVGKind = "unpack"        // gzip that cannot be unpacked
	SVGNotXML       SVGKind = "not-xml"       // not well formed
	SVGNotSVG       SVGKind = "not-svg"       // another root element
	SVGNamespace    SVGKind = "namespace"     // the root is not in the name space of SVG
	SVGDoctype      SVGKind = "doctype"       // a document type, which can declare entities
	SVGVersion      SVGKind = "version"       // version is not 1.2
	SVGProfile      SVGKind = "base-profile"  // baseProfile is not tiny-ps
	SVGTitleMissing SVGKind = "title-missing" // no <title> below the root
	SVGTitleEmpty   SVGKind = "title-empty"
	SVGTitleSeveral SVGKind = "title-several"
	SVGDescEmpty    SVGKind = "desc-empty"
	SVGScript       SVGKind = "script"    // an element or attribute that runs something
	SVGAnimation    SVGKind = "animation" // an element that moves something
	SVGRaster       SVGKind = "raster"    // <image>
	SVGMedia        SVGKind = "media"     // sound, video
	SVGLink         SVGKind = "link"      // <a>
	SVGStyle        SVGKind = "style"     // <style> or style="…"
	SVGForeign      SVGKind = "foreign"   // an element or attribute of another language
	SVGElement      SVGKind = "element"   // an element that the profile lacks
	SVGNested       SVGKind = "nested"    // an element where it may not stand
	SVGRootPosition SVGKind = "root-position"
	SVGAttribute    SVGKind = "attribute" // an attribute that the profile lacks there
	SVGValue        SVGKind = "value"     // a value that the profile does not allow
	SVGExternal     SVGKind = "external"  // a reference to something outside of the file
	SVGText         SVGKind = "text"      // text where none may stand
)

// What the profile allows, and large receivers or the guidance do not want.
const (
	SVGTitleLong SVGKind = "title-long" // more than 64 characters
	SVGNotSquare SVGKind = "not-square"
	SVGNoSize    SVGKind = "no-size"  // neither viewBox nor width and height
	SVGRelative  SVGKind = "relative" // width or height in percent
	SVGSmall     SVGKind = "small"    // under 96 pixels
)

// Breaks reports whether the fault breaks the profile.
func (k SVGKind) Breaks() bool {
	switch k {
	case SVGTitleLong, SVGNotSquare, SVGNoSize, SVGRelative, SVGSmall:
		return false
	}
	return true
}

// SVGFault is one thing wrong in a logo, and where.
type SVGFault struct {
	Kind     SVGKind
	Line     int    // of the first one, counted from 1; in an element over several lines that of its beginning
	Count    int    // how many of them there are
	Name     string // the element "<script>" or the attribute "style" that it is about
	Value    string // what stands there
	Expected string // what could stand there
}
