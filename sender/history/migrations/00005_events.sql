-- +goose Up
-- What was told of mails after they were sent: bounces, delays, complaints. sending is NULL where it is of no mail that is
-- known here. The digest is the same for one record however often it is read; of one sending, a slot is told once, whoever
-- tells it.
CREATE TABLE events (
  seq           INTEGER PRIMARY KEY,
  digest        TEXT    NOT NULL UNIQUE,
  sending       INTEGER REFERENCES sendings (seq) ON DELETE CASCADE,
  slot          TEXT    NOT NULL,
  matched_by    TEXT    NOT NULL,
  why           TEXT    NOT NULL,
  effect        TEXT    NOT NULL CHECK (effect IN ('', 'bounced', 'delivered', 'waits')),
  action        TEXT    NOT NULL,
  time          INTEGER NOT NULL,
  recipient     TEXT    NOT NULL,
  original      TEXT    NOT NULL,
  sender        TEXT    NOT NULL,
  subject       TEXT    NOT NULL,
  message_id    TEXT    NOT NULL,
  envelope_id   TEXT    NOT NULL,
  queue_id      TEXT    NOT NULL,
  return_path   TEXT    NOT NULL,
  reply         TEXT    NOT NULL,
  reason        TEXT    NOT NULL,
  reason_class  TEXT    NOT NULL,
  permanent     INTEGER NOT NULL,
  provider      TEXT    NOT NULL,
  remote_mta    TEXT    NOT NULL,
  reporting_mta TEXT    NOT NULL,
  feedback      TEXT    NOT NULL,
  format        TEXT    NOT NULL,
  file          TEXT    NOT NULL,
  line          INTEGER NOT NULL,
  recorded      INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX events_sending ON events (sending, slot) WHERE sending IS NOT NULL;
CREATE INDEX events_unmatched ON events (time, seq) WHERE sending IS NULL;
CREATE INDEX events_waiting ON events (seq) WHERE effect = 'waits';

-- How far a mailbox has been read: up to a mark, and which of its items; pending is what is yet to be moved or deleted.
CREATE TABLE mailboxes (
  name TEXT    PRIMARY KEY,
  mark TEXT    NOT NULL,
  read INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE items (
  mailbox TEXT    NOT NULL,
  item    TEXT    NOT NULL,
  pending INTEGER NOT NULL,
  read    INTEGER NOT NULL,
  PRIMARY KEY (mailbox, item)
) STRICT, WITHOUT ROWID;
CREATE INDEX items_pending ON items (mailbox, item) WHERE pending = 1;

-- +goose Down
DROP TABLE items;
DROP TABLE mailboxes;
DROP TABLE events;
