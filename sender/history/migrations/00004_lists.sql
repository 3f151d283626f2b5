-- +goose Up
-- A list is one mail to many recipients, written down whole before the first
-- mail goes out: the digests of its recipients and of its mail find it again.
CREATE TABLE lists (
  seq        INTEGER PRIMARY KEY,
  id         TEXT    NOT NULL UNIQUE,
  recipients TEXT    NOT NULL,
  mail       TEXT    NOT NULL,
  started    INTEGER NOT NULL
) STRICT;
CREATE INDEX lists_mail ON lists (mail);
CREATE INDEX lists_recipients ON lists (recipients);

-- Who is on a list, each recipient once. It stands beside sendings, whose last
-- column has to stay the transcript.
CREATE TABLE members (
  list          INTEGER NOT NULL REFERENCES lists (seq),
  recipient_key TEXT    NOT NULL,
  sending       INTEGER NOT NULL UNIQUE REFERENCES sendings (seq),
  PRIMARY KEY (list, recipient_key)
) STRICT, WITHOUT ROWID;

-- A sending has its result also where its phase stays content-sent: 40001.
DROP INDEX sendings_unfinished;
CREATE INDEX sendings_unfinished ON sendings (owner, phase, seq) WHERE result = 'preparing';

-- +goose Down
DROP INDEX sendings_unfinished;
CREATE INDEX sendings_unfinished ON sendings (started, seq) WHERE phase <> 'done';
DROP TABLE members;
DROP TABLE lists;
