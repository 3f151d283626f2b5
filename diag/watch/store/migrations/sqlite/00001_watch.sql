-- +goose Up
-- docs/watch-store.md says what the columns mean. Times are milliseconds since 1970 in UTC, 0 is never; lengths of time are
-- milliseconds.
CREATE TABLE watch_chunk (
  id      INTEGER PRIMARY KEY AUTOINCREMENT,
  every   INTEGER NOT NULL,
  made    INTEGER NOT NULL,
  due     INTEGER NOT NULL,
  waits   INTEGER NOT NULL DEFAULT 0,
  round   INTEGER NOT NULL DEFAULT 0,
  looked  INTEGER NOT NULL DEFAULT 0,
  took    INTEGER NOT NULL DEFAULT 0,
  domains INTEGER NOT NULL DEFAULT 0,
  summary TEXT    NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX watch_chunk_due ON watch_chunk (due);
CREATE INDEX watch_chunk_room ON watch_chunk (every, domains);

CREATE TABLE watch_domain (
  id         INTEGER PRIMARY KEY AUTOINCREMENT,
  chunk      INTEGER NOT NULL REFERENCES watch_chunk,
  name       TEXT    NOT NULL UNIQUE,
  added      INTEGER NOT NULL,
  first_look INTEGER NOT NULL DEFAULT 0,
  looked     INTEGER NOT NULL DEFAULT 0,
  round      INTEGER NOT NULL DEFAULT 0,
  version    INTEGER NOT NULL DEFAULT 0,
  told       INTEGER NOT NULL DEFAULT 0,
  status     TEXT    NOT NULL DEFAULT '',
  state      TEXT    NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX watch_domain_chunk ON watch_domain (chunk, id);
CREATE INDEX watch_domain_never ON watch_domain (id) WHERE first_look = 0;
CREATE INDEX watch_domain_untold ON watch_domain (id) WHERE told = 0 AND first_look > 0;

CREATE TABLE watch_incident (
  id         INTEGER PRIMARY KEY AUTOINCREMENT,
  turn       TEXT    NOT NULL,
  culprit    TEXT    NOT NULL,
  rule       TEXT    NOT NULL,
  kind       TEXT    NOT NULL,
  severity   TEXT    NOT NULL,
  made       INTEGER NOT NULL,
  opened     INTEGER NOT NULL,
  joined     INTEGER NOT NULL,
  domains    INTEGER NOT NULL,
  standing   INTEGER NOT NULL,
  examples   TEXT    NOT NULL,
  message_en TEXT    NOT NULL,
  message_ja TEXT    NOT NULL,
  told       INTEGER NOT NULL DEFAULT 0,
  recovered  INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX watch_incident_key ON watch_incident (turn, culprit, rule, kind, made);
CREATE INDEX watch_incident_open ON watch_incident (id) WHERE recovered = 0;
CREATE INDEX watch_incident_opened ON watch_incident (opened);

CREATE TABLE watch_change (
  id         INTEGER PRIMARY KEY,
  domain     INTEGER NOT NULL REFERENCES watch_domain ON DELETE CASCADE,
  at         INTEGER NOT NULL,
  looked_before INTEGER NOT NULL,
  first_seen INTEGER NOT NULL,
  told       INTEGER NOT NULL DEFAULT 0,
  printed    INTEGER NOT NULL DEFAULT 0,
  ended      INTEGER NOT NULL DEFAULT 0,
  incident   INTEGER NOT NULL DEFAULT 0,
  turn       TEXT    NOT NULL,
  checked    TEXT    NOT NULL,
  rule       TEXT    NOT NULL,
  subject    TEXT    NOT NULL,
  severity   TEXT    NOT NULL,
  culprit    TEXT    NOT NULL,
  message_en TEXT    NOT NULL,
  message_ja TEXT    NOT NULL
) STRICT;
CREATE INDEX watch_change_domain ON watch_change (domain, at);
CREATE INDEX watch_change_at ON watch_change (at);
CREATE INDEX watch_change_untold ON watch_change (id) WHERE told = 0;
CREATE INDEX watch_change_unprinted ON watch_change (at, id) WHERE told = 0 AND printed = 0;
CREATE INDEX watch_change_open ON watch_change (domain, checked, rule) WHERE ended = 0 AND turn IN ('new', 'unknown');
CREATE INDEX watch_change_incident ON watch_change (incident, domain, ended, at) WHERE incident > 0;

CREATE TABLE watch_value (
  id         INTEGER PRIMARY KEY,
  domain     INTEGER NOT NULL REFERENCES watch_domain ON DELETE CASCADE,
  first_seen INTEGER NOT NULL,
  last_seen  INTEGER NOT NULL,
  name       TEXT    NOT NULL,
  type       TEXT    NOT NULL,
  value      TEXT    NOT NULL
) STRICT;
CREATE INDEX watch_value_domain ON watch_value (domain, last_seen);
CREATE INDEX watch_value_last ON watch_value (last_seen);

CREATE TABLE watch_delivery (
  id        INTEGER PRIMARY KEY AUTOINCREMENT,
  incident  INTEGER NOT NULL REFERENCES watch_incident ON DELETE CASCADE,
  recovery  INTEGER NOT NULL,
  channel   TEXT    NOT NULL,
  queued    INTEGER NOT NULL,
  tries     INTEGER NOT NULL DEFAULT 0,
  next_try  INTEGER NOT NULL DEFAULT 0,
  dead      INTEGER NOT NULL DEFAULT 0,
  delivered INTEGER NOT NULL DEFAULT 0,
  failure   TEXT    NOT NULL DEFAULT '',
  UNIQUE (incident, recovery, channel)
) STRICT;
CREATE INDEX watch_delivery_waiting ON watch_delivery (channel, id) WHERE delivered = 0 AND dead = 0;

CREATE TABLE watch_channel (
  name     TEXT   NOT NULL PRIMARY KEY,
  next_try INTEGER NOT NULL DEFAULT 0,
  leased   INTEGER NOT NULL DEFAULT 0,
  seen     INTEGER NOT NULL DEFAULT 0,
  least    TEXT   NOT NULL DEFAULT 'info',
  settle   INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE watch_event (
  id         INTEGER PRIMARY KEY,
  domain     TEXT    NOT NULL,
  hour       INTEGER NOT NULL,
  reason     TEXT    NOT NULL,
  class      TEXT    NOT NULL,
  provider   TEXT    NOT NULL,
  code       TEXT    NOT NULL,
  source     TEXT    NOT NULL,
  count      INTEGER NOT NULL,
  first_seen INTEGER NOT NULL,
  last_seen  INTEGER NOT NULL,
  example    TEXT    NOT NULL,
  UNIQUE (domain, hour, reason, class, provider, code, source)
) STRICT;
CREATE INDEX watch_event_hour ON watch_event (hour);

CREATE TABLE watch_world (
  one  INTEGER PRIMARY KEY CHECK (one = 1),
  name TEXT    NOT NULL
) STRICT;

CREATE TABLE watch_selector (
  domain     TEXT    NOT NULL,
  selector   TEXT    NOT NULL,
  first_seen INTEGER NOT NULL,
  last_seen  INTEGER NOT NULL,
  PRIMARY KEY (domain, selector)
) STRICT;
