-- The centre's tables. Everything about people is keyed by county, so that it can be partitioned or distributed later
-- without a change of protocol. Identities compare by code point (COLLATE "C") whatever the database's locale is.

CREATE TABLE district (
  county text COLLATE "C" PRIMARY KEY CHECK (county ~ '^\d{6}$'),
  name text NOT NULL,
  -- Fictitious ID prefixes are accepted only where this is true.
  demonstration boolean NOT NULL DEFAULT false,
  lease_days integer NOT NULL DEFAULT 14 CHECK (lease_days BETWEEN 1 AND 365),
  created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE division (
  code text COLLATE "C" PRIMARY KEY CHECK (code ~ '^\d{12}$'),
  county text COLLATE "C" NOT NULL REFERENCES district,
  name text NOT NULL,
  street text NOT NULL DEFAULT '',
  parent text COLLATE "C"
);
CREATE INDEX division_county ON division (county, code);

CREATE TABLE person (
  id text COLLATE "C" PRIMARY KEY,
  county text COLLATE "C" NOT NULL REFERENCES district,
  name text NOT NULL,
  role text NOT NULL,
  post text NOT NULL DEFAULT '',
  active boolean NOT NULL DEFAULT true
);

-- A person holds every area whose code starts with a granted prefix, within the time span of the grant.
CREATE TABLE grant_area (
  person text COLLATE "C" NOT NULL REFERENCES person,
  area text COLLATE "C" NOT NULL CHECK (area ~ '^\d{6,12}$'),
  valid_from timestamptz NOT NULL DEFAULT now(),
  valid_to timestamptz,
  PRIMARY KEY (person, area)
);

CREATE TABLE record (
  county text COLLATE "C" NOT NULL,
  entity text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  area text COLLATE "C" NOT NULL,
  version integer NOT NULL CHECK (version > 0),
  deleted boolean NOT NULL DEFAULT false,
  data jsonb NOT NULL,
  -- Field -> [version, xid, device, epoch, opNo, by, source, at, reason]; a field that is absent is as first loaded.
  heads jsonb NOT NULL DEFAULT '{}',
  xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
  -- shared/sync/row-hash.ts of (entity, id, version), for the checksum of an area.
  row_hash bigint NOT NULL,
  PRIMARY KEY (county, entity, id)
);
-- Serves the keyset scan of a snapshot and the checksum of an area (index only).
CREATE INDEX record_live ON record (county, area, entity, id) INCLUDE (row_hash) WHERE NOT deleted;
-- Two creations of one person are found by ID number.
CREATE INDEX record_resident_id_no ON record (county, (data ->> 'id_no')) WHERE entity = 'resident' AND NOT deleted;

CREATE SEQUENCE feed_seq MINVALUE 10 START 10;
-- The last entry of each row and area; never more lines than rows and the areas they have left.
CREATE TABLE feed (
  county text COLLATE "C" NOT NULL,
  area text COLLATE "C" NOT NULL,
  entity text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  kind text NOT NULL CHECK (kind IN ('change', 'enter', 'leave')),
  xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
  seq bigint NOT NULL DEFAULT nextval('feed_seq'),
  -- Transaction in which the row last entered the area (or came back to life); a cursor at or before it needs the whole row.
  entered xid8,
  PRIMARY KEY (county, area, entity, id)
);
CREATE INDEX feed_position ON feed (county, area, xid, seq);

CREATE TABLE device (
  id text COLLATE "C" PRIMARY KEY,
  person text COLLATE "C" NOT NULL REFERENCES person,
  county text COLLATE "C" NOT NULL,
  name text NOT NULL,
  -- Public half of the device's Ed25519 key (JWK member x).
  public_key text NOT NULL,
  epoch integer NOT NULL DEFAULT 1,
  -- Fork detection: the chain value the device last showed (shared/sync/wire.ts, SessionRequest).
  link text NOT NULL,
  schema integer NOT NULL DEFAULT 1,
  app text NOT NULL DEFAULT '',
  enrolled_at timestamptz NOT NULL DEFAULT now(),
  seen_at timestamptz,
  revoked_at timestamptz
);
CREATE INDEX device_person ON device (person);

CREATE TABLE device_cursor (
  device text COLLATE "C" NOT NULL REFERENCES device,
  epoch integer NOT NULL,
  last_op_no bigint NOT NULL DEFAULT 0,
  PRIMARY KEY (device, epoch)
);

-- What became of each delta, kept so that it is answered the same when asked again.
CREATE TABLE outcome (
  id text COLLATE "C" PRIMARY KEY,
  device text COLLATE "C" NOT NULL,
  epoch integer NOT NULL,
  op_no bigint NOT NULL,
  answer jsonb NOT NULL,
  at timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX outcome_position ON outcome (device, epoch, op_no);

-- Content of rejected deltas, as it came (text: it may be no delta at all), until a person deals with it.
CREATE TABLE rejected (
  device text COLLATE "C" NOT NULL,
  epoch integer NOT NULL,
  op_no bigint NOT NULL,
  id text COLLATE "C" NOT NULL,
  person text COLLATE "C" NOT NULL,
  area text COLLATE "C",
  code text NOT NULL,
  content text NOT NULL,
  at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (device, epoch, op_no)
);

CREATE TABLE enrol_code (
  -- SHA-256 of the code; the code itself is nowhere.
  hash text PRIMARY KEY,
  person text COLLATE "C" NOT NULL REFERENCES person,
  expires_at timestamptz NOT NULL,
  used_at timestamptz,
  device text COLLATE "C" REFERENCES device
);

-- Failed enrolments by origin and minute, so that codes cannot be guessed through several gateways either.
CREATE TABLE enrol_failure (
  origin text NOT NULL,
  minute timestamptz NOT NULL,
  failures integer NOT NULL,
  PRIMARY KEY (origin, minute)
);

-- What happened to each field; partitioned by the month in which the centre wrote it down.
CREATE TABLE history (
  number bigint GENERATED ALWAYS AS IDENTITY,
  county text COLLATE "C" NOT NULL,
  entity text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  field text NOT NULL,
  before jsonb,
  after jsonb,
  fate text NOT NULL CHECK (fate IN ('set', 'aside')),
  by text NOT NULL,
  source text NOT NULL,
  -- The author's clock, for people; recorded_at is the centre's.
  at text NOT NULL,
  reason jsonb NOT NULL,
  version integer NOT NULL,
  delta text,
  recorded_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (number, recorded_at)
) PARTITION BY RANGE (recorded_at);
CREATE INDEX history_row ON history (county, entity, id, number DESC);
CREATE TABLE history_default PARTITION OF history DEFAULT;

-- Makes the partition of the month of `moment`; nothing happens when it stands, or when the default one holds rows of it.
CREATE FUNCTION ensure_history_month(moment timestamptz) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  first_day timestamptz := date_trunc('month', moment AT TIME ZONE 'UTC') AT TIME ZONE 'UTC';
  next_month timestamptz := (date_trunc('month', moment AT TIME ZONE 'UTC') + interval '1 month') AT TIME ZONE 'UTC';
  partition_name text := 'history_' || to_char(first_day AT TIME ZONE 'UTC', 'YYYYMM');
BEGIN
  IF to_regclass(partition_name) IS NOT NULL THEN RETURN; END IF;
  IF EXISTS (SELECT FROM history_default WHERE recorded_at >= first_day AND recorded_at < next_month) THEN RETURN; END IF;
  EXECUTE format('CREATE TABLE IF NOT EXISTS %I PARTITION OF history FOR VALUES FROM (%L) TO (%L)',
                 partition_name, first_day, next_month);
END $$;

-- Attachments by content; one line for each area that may have the bytes.
CREATE TABLE file (
  sha256 text COLLATE "C" NOT NULL CHECK (sha256 ~ '^[0-9a-f]{64}$'),
  county text COLLATE "C" NOT NULL,
  area text COLLATE "C" NOT NULL,
  mime text NOT NULL,
  bytes bigint NOT NULL,
  person text COLLATE "C" NOT NULL,
  device text COLLATE "C" NOT NULL,
  at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (sha256, area)
);

-- The key that signs session tokens: one for all gateways of a database.
CREATE TABLE signing_key (
  id text PRIMARY KEY,
  private_jwk jsonb NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);
