-- +goose Up
-- docs/watch-store.md says what the columns mean. Times are milliseconds since 1970 in UTC, 0 is never; lengths of time are
-- milliseconds.
CREATE TABLE watch_chunk (
  id      BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  every   BIGINT NOT NULL,
  made    BIGINT NOT NULL,
  due     BIGINT NOT NULL,
  waits   BIGINT NOT NULL DEFAULT 0,
  round   BIGINT NOT NULL DEFAULT 0,
  looked  BIGINT NOT NULL DEFAULT 0,
  took    BIGINT NOT NULL DEFAULT 0,
  domains BIGINT NOT NULL DEFAULT 0,
  summary TEXT    NOT NULL DEFAULT ''
);
CREATE INDEX watch_chunk_due ON watch_chunk (due);
CREATE INDEX watch_chunk_room ON watch_chunk (every, domains);

CREATE TABLE watch_domain (
  id         BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  chunk      BIGINT NOT NULL REFERENCES watch_chunk,
  name       TEXT    COLLATE "C" NOT NULL UNIQUE,
  added      BIGINT NOT NULL,
  first_look BIGINT NOT NULL DEFAULT 0,
  looked     BIGINT NOT NULL DEFAULT 0,
  round      BIGINT NOT NULL DEFAULT 0,
  version    BIGINT NOT NULL DEFAULT 0,
  told       BIGINT NOT NULL DEFAULT 0,
  status     TEXT    NOT NULL DEFAULT '',
  state      TEXT    NOT NULL DEFAULT ''
);
CREATE INDEX watch_domain_chunk ON watch_domain (chunk, id);
CREATE INDEX watch_domain_never ON watch_domain (id) WHERE first_look = 0;
CREATE INDEX watch_domain_untold ON watch_domain (id) WHERE told = 0 AND first_look > 0;

CREATE TABLE watch_incident (
  id         BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  turn       TEXT    NOT NULL,
  culprit    TEXT    NOT NULL,
  rule       TEXT    NOT NULL,
  kind       TEXT    NOT NULL,
  severity   TEXT    NOT NULL,
  made       BIGINT NOT NULL,
  opened     BIGINT NOT NULL,
  joined     BIGINT NOT NULL,
  domains    BIGINT NOT NULL,
  standing   BIGINT NOT NULL,
  examples   TEXT    NOT NULL,
  message_en TEXT    NOT NULL,
  message_ja TEXT    NOT NULL,
  told       BIGINT NOT NULL DEFAULT 0,
  recovered  BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX watch_incident_key ON watch_incident (turn, culprit, rule, kind, made);
CREATE INDEX watch_incident_open ON watch_incident (id) WHERE recovered = 0;
CREATE INDEX watch_incident_opened ON watch_incident (opened);

CREATE TABLE watch_change (
  id         BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  domain     BIGINT NOT NULL REFERENCES watch_domain ON DELETE CASCADE,
  at         BIGINT NOT NULL,
  looked_before BIGINT NOT NULL,
  first_seen BIGINT NOT NULL,
  told       BIGINT NOT NULL DEFAULT 0,
  printed    BIGINT NOT NULL DEFAULT 0,
  ended      BIGINT NOT NULL DEFAULT 0,
  incident   BIGINT NOT NULL DEFAULT 0,
  turn       TEXT    NOT NULL,
  checked    TEXT    NOT NULL,
  rule       TEXT    NOT NULL,
  subject    TEXT    NOT NULL,
  severity   TEXT    NOT NULL,
  culprit    TEXT    NOT NULL,
  message_en TEXT    NOT NULL,
  message_ja TEXT    NOT NULL
);
CREATE INDEX watch_change_domain ON watch_change (domain, at);
CREATE INDEX watch_change_at ON watch_change (at);
CREATE INDEX watch_change_untold ON watch_change (id) WHERE told = 0;
CREATE INDEX watch_change_unprinted ON watch_change (at, id) WHERE told = 0 AND printed = 0;
CREATE INDEX watch_change_open ON watch_change (domain, checked, rule) WHERE ended = 0 AND turn IN ('new', 'unknown');
CREATE INDEX watch_change_incident ON watch_change (incident, domain, ended, at) WHERE incident > 0;

CREATE TABLE watch_value (
  id         BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  domain     BIGINT NOT NULL REFERENCES watch_domain ON DELETE CASCADE,
  first_seen BIGINT NOT NULL,
  last_seen  BIGINT NOT NULL,
  name       TEXT    NOT NULL,
  type       TEXT    NOT NULL,
  value      TEXT    NOT NULL
);
CREATE INDEX watch_value_domain ON watch_value (domain, last_seen);
CREATE INDEX watch_value_last ON watch_value (last_seen);

CREATE TABLE watch_delivery (
  id        BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  incident  BIGINT NOT NULL REFERENCES watch_incident ON DELETE CASCADE,
  recovery  BIGINT NOT NULL,
  channel   TEXT    NOT NULL,
  queued    BIGINT NOT NULL,
  tries     BIGINT NOT NULL DEFAULT 0,
  next_try  BIGINT NOT NULL DEFAULT 0,
  dead      BIGINT NOT NULL DEFAULT 0,
  delivered BIGINT NOT NULL DEFAULT 0,
  failure   TEXT    NOT NULL DEFAULT '',
  UNIQUE (incident, recovery, channel)
);
CREATE INDEX watch_delivery_waiting ON watch_delivery (channel, id) WHERE delivered = 0 AND dead = 0;

CREATE TABLE watch_channel (
  name     TEXT   NOT NULL PRIMARY KEY,
  next_try BIGINT NOT NULL DEFAULT 0,
  leased   BIGINT NOT NULL DEFAULT 0,
  seen     BIGINT NOT NULL DEFAULT 0,
  least    TEXT   NOT NULL DEFAULT 'info',
  settle   BIGINT NOT NULL DEFAULT 0
);

CREATE TABLE watch_event (
  id         BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  domain     TEXT    NOT NULL,
  hour       BIGINT NOT NULL,
  reason     TEXT    NOT NULL,
  class      TEXT    NOT NULL,
  provider   TEXT    NOT NULL,
  code       TEXT    NOT NULL,
  source     TEXT    NOT NULL,
  count      BIGINT NOT NULL,
  first_seen BIGINT NOT NULL,
  last_seen  BIGINT NOT NULL,
  example    TEXT    NOT NULL,
  UNIQUE (domain, hour, reason, class, provider, code, source)
);
CREATE INDEX watch_event_hour ON watch_event (hour);

CREATE TABLE watch_world (
  one  INTEGER PRIMARY KEY CHECK (one = 1),
  name TEXT    NOT NULL
);

CREATE TABLE watch_selector (
  domain     TEXT    NOT NULL,
  selector   TEXT    NOT NULL,
  first_seen BIGINT NOT NULL,
  last_seen  BIGINT NOT NULL,
  PRIMARY KEY (domain, selector)
);
