-- +goose Up
-- Times are milliseconds since 1970, 0 is none. The transcript is the last
-- column, so that lists do not read over it.
CREATE TABLE sendings (
  seq           INTEGER PRIMARY KEY,
  id            TEXT    NOT NULL UNIQUE,
  kind          TEXT    NOT NULL,
  sender        TEXT    NOT NULL,
  name          TEXT    NOT NULL,
  recipient     TEXT    NOT NULL,
  recipient_key TEXT    NOT NULL,
  domain        TEXT    NOT NULL,
  cc            TEXT    NOT NULL,
  bcc           TEXT    NOT NULL,
  reply_to      TEXT    NOT NULL,
  errors_to     TEXT    NOT NULL,
  subject       TEXT    NOT NULL,
  message_id    TEXT    NOT NULL,
  envelope_id   TEXT    NOT NULL,
  phase         TEXT    NOT NULL CHECK (phase IN ('queued', 'sending', 'content-sent', 'done')),
  result        TEXT    NOT NULL CHECK (result IN ('preparing', 'ok', 'error')),
  code          TEXT    NOT NULL DEFAULT '',
  reason        TEXT    NOT NULL DEFAULT '',
  reason_class  TEXT    NOT NULL DEFAULT '',
  permanent     INTEGER NOT NULL DEFAULT 0,
  own           INTEGER NOT NULL DEFAULT 0,
  reply         TEXT    NOT NULL DEFAULT '',
  mx            TEXT    NOT NULL DEFAULT '',
  address       TEXT    NOT NULL DEFAULT '',
  via           TEXT    NOT NULL DEFAULT '',
  started       INTEGER NOT NULL,
  updated       INTEGER NOT NULL,
  finished      INTEGER NOT NULL DEFAULT 0,
  attempts      INTEGER NOT NULL DEFAULT 0,
  next_attempt  INTEGER NOT NULL DEFAULT 0,
  owner         TEXT    NOT NULL,
  lease         INTEGER NOT NULL,
  transcript    BLOB
) STRICT;
CREATE INDEX sendings_started ON sendings (started, seq);
CREATE INDEX sendings_recipient ON sendings (recipient_key, started, seq);
CREATE INDEX sendings_unfinished ON sendings (started, seq) WHERE phase <> 'done';

-- The validity of an address (有効フラグ); an address without a row is valid.
CREATE TABLE flags (
  recipient_key TEXT    PRIMARY KEY,
  address       TEXT    NOT NULL,
  valid         INTEGER NOT NULL,
  errors        INTEGER NOT NULL,
  code          TEXT    NOT NULL,
  changed       INTEGER NOT NULL,
  revalidated   INTEGER NOT NULL,
  note          TEXT    NOT NULL
) STRICT;
CREATE INDEX flags_invalid ON flags (recipient_key) WHERE valid = 0;

-- +goose Down
DROP TABLE flags;
DROP TABLE sendings;
