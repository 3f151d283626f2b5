package lab

import (
	"crypto/x509"
	"net/netip"
	"strings"
	"sync"
	"time"
)

// logoSVG is a logo in SVG Tiny PS.
const logoSVG = `<?xml version="1.0" encoding="UTF-8"?>
<svg xmlns="http://www.w3.org/2000/svg" version="1.2" baseProfile="tiny-ps" viewBox="0 0 128 128">
<title>Lab Trading</title>
<rect width="128" height="128" fill="#ffffff"/>
<circle cx="64" cy="64" r="48" fill="#bc002d"/>
</svg>
`

// logoFile is the logo, or one with a fault, that a domain shows.
func logoFile(name string) string {
	end := func(more string) string { return strings.Replace(logoSVG, "</svg>", more+"</svg>", 1) }
	switch name {
	case "script":
		return end("<script>start()</script>\n")
	case "wide":
		return strings.Replace(logoSVG, "0 0 128 128", "0 0 256 128", 1)
	case "large":
		return end(strings.Repeat("<path d=\"M0 0L1 1\" fill=\"#000000\"/>\n", 1000))
	}
	return logoSVG
}

// markFile is the mark certificate of a domain with its issuer: in order, or with a fault.
func markFile(a *MarkAuthority, name string) (string, error) {
	m := Mark{Names: []string{"bimi-" + name + ".test"}, Logo: []byte(logoFile(name))}
	switch name {
	case "":
		m.Names = nil
		for _, p := range logoSituations() { // one for all domains in which something else is wrong
			m.Names = append(m.Names, p.name+".test")
		}
	case "expired":
		m.Until = a.now.Add(-day)
	case "ends":
		m.Until = a.now.Add(10*day + time.Hour)
	case "bare":
		m.Change = func(c *x509.Certificate) { c.ExtraExtensions = c.ExtraExtensions[:1] }
	}
	c, err := a.Issue(m)
	if err != nil {
		return "", err
	}
	return string(PEM(c, a.Issuer)), nil
}

// putLogos places the web server with the logos and their certificates, which are made when somebody asks for one.
func (w *World) putLogos() {
	w.marks = sync.OnceValues(func() (*MarkAuthority, error) { return NewMarkAuthority(time.Now()) })
	pages := map[string]Answer{"/moved.svg": {Status: 302, Location: logoURL + "logo.svg"}}
	for _, name := range []string{"script", "wide", "large"} {
		pages["/"+name+".svg"] = Answer{Type: "image/svg+xml", Body: logoFile(name)}
	}
	pages["/logo.svg"] = Answer{Type: "image/svg+xml", Body: logoSVG}
	for _, name := range []string{"", "script", "wide", "large", "expired", "ends", "bare"} {
		pages["/bimi"+name+".pem"] = Answer{Type: "application/x-pem-file", made: func() string {
			a, err := w.marks()
			if err != nil {
				return ""
			}
			file, err := markFile(a, name)
			if err != nil {
				return ""
			}
			return file
		}}
	}
	w.PutWeb(Web{Host: logoHost, Pages: pages}, netip.MustParseAddr(logoAddress))
}

// MarkRoots are the certificates of the lab's authority for marks, which only the lab's clients trust; none where its world has
// none.
func (l *Lab) MarkRoots() []*x509.Certificate {
	if l.world.marks == nil {
		return nil
	}
	a, err := l.world.marks()
	if err != nil {
		return nil
	}
	return []*x509.Certificate{a.Root}
}
