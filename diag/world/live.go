package world

// OwnServers reports whether the name servers of a zone may be asked in place of a resolver, which remembers old records for
// as long as their TTL says: not where a resolver was chosen, and not where zone files take the place of the servers.
func (w *World) OwnServers() bool { return w.direct != nil && len(w.options.Servers) == 0 }
