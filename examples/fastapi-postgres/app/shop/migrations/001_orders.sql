CREATE TABLE orders (
  id integer PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
  item text NOT NULL,
  quantity integer NOT NULL CHECK (quantity > 0),
  customer text NOT NULL,
  placed_at timestamptz NOT NULL DEFAULT now()
);
