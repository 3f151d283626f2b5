-- +goose Up
-- What comes back names the Message-ID or the ENVID of the sending.
CREATE INDEX sendings_message_id ON sendings (message_id) WHERE message_id <> '';
CREATE INDEX sendings_envelope_id ON sendings (envelope_id) WHERE envelope_id <> '';

-- +goose Down
DROP INDEX sendings_envelope_id;
DROP INDEX sendings_message_id;
