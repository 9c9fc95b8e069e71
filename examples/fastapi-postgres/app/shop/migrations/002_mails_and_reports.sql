CREATE TABLE mails (
  id integer PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
  recipient text NOT NULL,
  text text NOT NULL,
  sent_at timestamptz
);
CREATE INDEX mails_to_send ON mails (id) WHERE sent_at IS NULL;

CREATE TABLE reports (
  day date PRIMARY KEY,
  orders integer NOT NULL,
  pieces integer NOT NULL
);
