-- +goose Up
-- The mail itself, so that it can be sent again; it is written once and read
-- only for that, and therefore stands apart.
CREATE TABLE contents (
  id      TEXT PRIMARY KEY REFERENCES sendings (id) ON DELETE CASCADE,
  content BLOB NOT NULL
) STRICT;

-- +goose Down
DROP TABLE contents;
