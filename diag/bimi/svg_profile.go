package bimi

import "strings"

const (
	svgSpace   = "http://www.w3.org/2000/svg"
	xlinkSpace = "http://www.w3.org/1999/xlink"
	xmlSpace   = "http://www.w3.org/XML/1998/namespace"
)

// svgElement is what the profile allows of an element.
type svgElement struct {
	attributes string // beside those of every element, in " a b "
	children   string
}

// Groups of attributes that most elements share (draft-svg-tiny-ps-abrotman, the schema of its last section).
const (
	svgMeta = " about class content datatype id property rel resource rev role typeof xml:base xml:id xml:lang xml:space "
	svgLook = " color color-rendering direction display-align fill fill-opacity fill-rule font-family font-size font-style" +
		" font-variant font-weight line-increment solid-color solid-opacity stop-color stop-opacity stroke stroke-dasharray" +
		" stroke-dashoffset stroke-linecap stroke-linejoin stroke-miterlimit stroke-opacity stroke-width text-align text-anchor" +
		" unicode-bidi vector-effect "
	svgPlace = svgMeta + svgLook + " requiredFonts systemLanguage transform "
	svgWords = svgMeta + " buffered-rendering display image-rendering requiredFonts shape-rendering systemLanguage" +
		" text-rendering viewport-fill viewport-fill-opacity visibility "
	svgShapes = " circle defs ellipse g line linearGradient path polygon polyline radialGradient rect solidColor text textArea use "
)

// svgElements are the elements of SVG Tiny PS.
func svgElements() map[string]svgElement {
	return map[string]svgElement{
		"svg": {svgMeta + svgLook + " baseProfile contentScriptType externalResourcesRequired focusable height playbackOrder" +
			" preserveAspectRatio snapshotTime timelineBegin version viewBox width zoomAndPan ", svgShapes + " title desc metadata "},
		"title":          {svgWords, ""},
		"desc":           {svgWords, ""},
		"metadata":       {"", ""},
		"path":           {svgPlace + " d pathLength ", ""},
		"rect":           {svgPlace + " height rx ry width x y ", ""},
		"circle":         {svgPlace + " cx cy r ", ""},
		"line":           {svgPlace + " x1 x2 y1 y2 ", ""},
		"ellipse":        {svgPlace + " cx cy rx ry ", ""},
		"polyline":       {svgPlace + " points ", ""},
		"polygon":        {svgPlace + " points ", ""},
		"text":           {svgPlace + " editable rotate x y ", ""},
		"textArea":       {svgPlace + " height width x y ", ""},
		"g":              {svgPlace, svgShapes},
		"use":            {svgPlace + " href x y ", ""},
		"defs":           {svgMeta + svgLook, svgShapes},
		"solidColor":     {svgMeta + svgLook, ""},
		"linearGradient": {svgMeta + svgLook + " gradientUnits x1 x2 y1 y2 ", " stop "},
		"radialGradient": {svgMeta + svgLook + " cx cy gradientUnits r ", " stop "},
		"stop":           {svgMeta + svgLook + " offset ", ""},
	}
}

// svgValues are the values that an attribute may have, where the profile names them.
func svgValues() map[string]string {
	return map[string]string{
		"externalResourcesRequired": "false", "focusable": "false", "playbackOrder": "all", "snapshotTime": "none",
		"timelineBegin": "onLoad", "zoomAndPan": "disable", "editable": "none",
		"fill-rule": "inherit nonzero evenodd", "stroke-linecap": "butt round square inherit",
		"stroke-linejoin": "miter round bevel inherit", "gradientUnits": "userSpaceOnUse objectBoundingBox",
		"text-anchor": "start middle end inherit", "xml:space": "default preserve",
	}
}

// otherElement says what an element is that the profile lacks.
func otherElement(name string) SVGKind {
	switch name {
	case "script", "handler", "listener":
		return SVGScript
	case "animate", "animateColor", "animateMotion", "animateTransform", "set", "mpath", "discard":
		return SVGAnimation
	case "image":
		return SVGRaster
	case "audio", "video", "animation", "prefetch":
		return SVGMedia
	case "a":
		return SVGLink
	case "style":
		return SVGStyle
	case "foreignObject":
		return SVGForeign
	}
	return SVGElement
}

// holds reports whether a word is in a list of words with a blank before and behind each.
func holds(list, word string) bool {
	return word != "" && !strings.Contains(word, " ") && strings.Contains(list, " "+word+" ")
}
