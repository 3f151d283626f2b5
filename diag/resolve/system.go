package resolve

import (
	"fmt"
	"net"

	"github.com/miekg/dns"
)

// SystemServers lists the resolvers that a resolv.conf file names, as
// Options.Servers takes them (resolv.conf(5)).
func SystemServers(path string) ([]string, error) {
	conf, err := dns.ClientConfigFromFile(path)
	if err != nil {
		return nil, fmt.Errorf("the system's DNS servers are unknown: %w; give --resolver ADDR", err)
	}
	if len(conf.Servers) == 0 {
		return nil, fmt.Errorf("%s names no DNS server; give --resolver ADDR", path)
	}
	out := make([]string, len(conf.Servers))
	for i, s := range conf.Servers {
		out[i] = net.JoinHostPort(s, conf.Port)
	}
	return out, nil
}
