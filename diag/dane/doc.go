// Package dane reads TLSA records of mail servers and holds them against the certificates that a server shows, as a sending
// server with DANE does (RFC 6698, RFC 7671, RFC 7672). It judges nothing and prints nothing.
//
//	set := dane.Find(ctx, resolver, "mx.example.jp") // records, their base and whether DNSSEC secures them
//	outcomes := dane.Match(set.Records, dane.Shown{Chain: chain, Names: []string{set.Base, "example.jp"}, Now: now})
//
// A Record keeps its faults. An Outcome says for each record whether the chain matches it, or why not.
package dane
