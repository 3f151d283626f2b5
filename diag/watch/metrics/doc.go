// Package metrics tells a monitoring system how a fleet and its program are: GET /metrics in the text format of Prometheus
// (version 0.0.4), GET /healthz for those who only want to know whether it works.
//
// What the store says is read once for all that ask within some seconds. Where it cannot be read, todoku_watch_store_up is 0 and
// nothing else of the store is told: old figures would look like new ones.
package metrics
