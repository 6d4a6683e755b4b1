-- The replica as first released: one table for each synced entity (columns are the fields of shared/domain/entities.ts; a
-- column holds the visible value, unsent work on top), and what exchange with the centre needs beside them.
-- Values in pending, provenance, field_history and deferred are JSON text. Instants are UTC ISO text.

CREATE TABLE "resident" (
  id TEXT NOT NULL PRIMARY KEY,
  area TEXT NOT NULL,
  version INTEGER NOT NULL,
  deleted INTEGER NOT NULL DEFAULT 0 CHECK (deleted IN (0, 1)),
  "name" TEXT,
  "id_no" TEXT,
  "sex" TEXT,
  "birth_date" TEXT,
  "ethnicity" TEXT,
  "registered_address" TEXT,
  "living_status" TEXT,
  "death_date" TEXT,
  "marital_status" TEXT,
  "disability_category" TEXT,
  "disability_grade" TEXT,
  "medical_insurance" TEXT,
  "medical_self_paid_fen" INTEGER,
  "pension_fen" INTEGER,
  "phone" TEXT,
  "education" TEXT,
  "employment" TEXT,
  "workplace" TEXT,
  "monthly_income_fen" INTEGER,
  "health_status" TEXT,
  "residence_status" TEXT,
  "living_alone" INTEGER CHECK ("living_alone" IN (0, 1)),
  "emergency_contact" TEXT,
  "tags" TEXT,
  "notes" TEXT
) STRICT;
CREATE INDEX "resident_area" ON "resident" (area);

CREATE TABLE "household" (
  id TEXT NOT NULL PRIMARY KEY,
  area TEXT NOT NULL,
  version INTEGER NOT NULL,
  deleted INTEGER NOT NULL DEFAULT 0 CHECK (deleted IN (0, 1)),
  "householder_id" TEXT,
  "address_id" TEXT,
  "household_no" TEXT,
  "relief_category" TEXT,
  "relief_since" TEXT,
  "monthly_income_fen" INTEGER,
  "housing_kind" TEXT,
  "living_condition" TEXT,
  "last_visit_on" TEXT,
  "next_visit_on" TEXT,
  "visit_reason" TEXT,
  "hazards" TEXT,
  "notes" TEXT
) STRICT;
CREATE INDEX "household_area" ON "household" (area);

CREATE TABLE "membership" (
  id TEXT NOT NULL PRIMARY KEY,
  area TEXT NOT NULL,
  version INTEGER NOT NULL,
  deleted INTEGER NOT NULL DEFAULT 0 CHECK (deleted IN (0, 1)),
  "household_id" TEXT,
  "resident_id" TEXT,
  "relation" TEXT,
  "since" TEXT,
  "until" TEXT
) STRICT;
CREATE INDEX "membership_area" ON "membership" (area);

CREATE TABLE "address" (
  id TEXT NOT NULL PRIMARY KEY,
  area TEXT NOT NULL,
  version INTEGER NOT NULL,
  deleted INTEGER NOT NULL DEFAULT 0 CHECK (deleted IN (0, 1)),
  "street" TEXT,
  "community" TEXT,
  "compound" TEXT,
  "building" TEXT,
  "unit" TEXT,
  "room" TEXT,
  "full_text" TEXT
) STRICT;
CREATE INDEX "address_area" ON "address" (area);

CREATE TABLE "organisation" (
  id TEXT NOT NULL PRIMARY KEY,
  area TEXT NOT NULL,
  version INTEGER NOT NULL,
  deleted INTEGER NOT NULL DEFAULT 0 CHECK (deleted IN (0, 1)),
  "name" TEXT,
  "uscc" TEXT,
  "kind" TEXT,
  "address_text" TEXT,
  "contact" TEXT,
  "phone" TEXT,
  "status" TEXT
) STRICT;
CREATE INDEX "organisation_area" ON "organisation" (area);

CREATE TABLE "worker" (
  id TEXT NOT NULL PRIMARY KEY,
  area TEXT NOT NULL,
  version INTEGER NOT NULL,
  deleted INTEGER NOT NULL DEFAULT 0 CHECK (deleted IN (0, 1)),
  "name" TEXT,
  "role" TEXT,
  "post" TEXT
) STRICT;
CREATE INDEX "worker_area" ON "worker" (area);

CREATE TABLE "visit" (
  id TEXT NOT NULL PRIMARY KEY,
  area TEXT NOT NULL,
  version INTEGER NOT NULL,
  deleted INTEGER NOT NULL DEFAULT 0 CHECK (deleted IN (0, 1)),
  "household_id" TEXT,
  "resident_id" TEXT,
  "kind" TEXT,
  "reason" TEXT,
  "planned_on" TEXT,
  "worker_id" TEXT,
  "state" TEXT,
  "started_at" TEXT,
  "ended_at" TEXT,
  "mode" TEXT,
  "located" INTEGER CHECK ("located" IN (0, 1)),
  "skip_reason" TEXT,
  "people_present" TEXT,
  "summary" TEXT
) STRICT;
CREATE INDEX "visit_area" ON "visit" (area);

CREATE TABLE "visit_answer" (
  id TEXT NOT NULL PRIMARY KEY,
  area TEXT NOT NULL,
  version INTEGER NOT NULL,
  deleted INTEGER NOT NULL DEFAULT 0 CHECK (deleted IN (0, 1)),
  "visit_id" TEXT,
  "question" TEXT,
  "resident_id" TEXT,
  "value" TEXT,
  "prefilled" TEXT,
  "origin" TEXT
) STRICT;
CREATE INDEX "visit_answer_area" ON "visit_answer" (area);

CREATE TABLE "proposal" (
  id TEXT NOT NULL PRIMARY KEY,
  area TEXT NOT NULL,
  version INTEGER NOT NULL,
  deleted INTEGER NOT NULL DEFAULT 0 CHECK (deleted IN (0, 1)),
  "subject_entity" TEXT,
  "subject_id" TEXT,
  "household_id" TEXT,
  "field" TEXT,
  "old_value" TEXT,
  "new_value" TEXT,
  "source" TEXT,
  "observed_on" TEXT,
  "received_at" TEXT,
  "evidence" TEXT,
  "grade" TEXT,
  "due_on" TEXT,
  "state" TEXT,
  "final_value" TEXT,
  "decided_by" TEXT,
  "decided_at" TEXT,
  "decided_how" TEXT,
  "dispute_reason" TEXT,
  "visit_id" TEXT
) STRICT;
CREATE INDEX "proposal_area" ON "proposal" (area);

CREATE TABLE "conflict" (
  id TEXT NOT NULL PRIMARY KEY,
  area TEXT NOT NULL,
  version INTEGER NOT NULL,
  deleted INTEGER NOT NULL DEFAULT 0 CHECK (deleted IN (0, 1)),
  "subject_entity" TEXT,
  "subject_id" TEXT,
  "field" TEXT,
  "kind" TEXT,
  "policy" TEXT,
  "winner" TEXT,
  "base_value" TEXT,
  "current_value" TEXT,
  "current_by" TEXT,
  "current_at" TEXT,
  "current_source" TEXT,
  "current_reason" TEXT,
  "current_version" INTEGER,
  "offered_value" TEXT,
  "offered_by" TEXT,
  "offered_at" TEXT,
  "offered_source" TEXT,
  "offered_reason" TEXT,
  "state" TEXT,
  "choice" TEXT,
  "chosen_value" TEXT,
  "settled_by" TEXT,
  "settled_at" TEXT
) STRICT;
CREATE INDEX "conflict_area" ON "conflict" (area);

CREATE TABLE "attachment" (
  id TEXT NOT NULL PRIMARY KEY,
  area TEXT NOT NULL,
  version INTEGER NOT NULL,
  deleted INTEGER NOT NULL DEFAULT 0 CHECK (deleted IN (0, 1)),
  "visit_id" TEXT,
  "resident_id" TEXT,
  "kind" TEXT,
  "sha256" TEXT,
  "mime" TEXT,
  "bytes" INTEGER,
  "caption" TEXT,
  "taken_at" TEXT,
  "taken_by" TEXT
) STRICT;
CREATE INDEX "attachment_area" ON "attachment" (area);

CREATE INDEX membership_household ON membership (household_id);
CREATE INDEX membership_resident ON membership (resident_id);
CREATE INDEX household_address ON household (address_id);
CREATE INDEX household_next_visit ON household (next_visit_on) WHERE next_visit_on IS NOT NULL;
CREATE INDEX visit_household ON visit (household_id);
CREATE INDEX visit_planned ON visit (planned_on);
CREATE INDEX visit_answer_visit ON visit_answer (visit_id);
CREATE INDEX proposal_subject ON proposal (subject_id);
CREATE INDEX proposal_household ON proposal (household_id);
CREATE INDEX proposal_state ON proposal (state);
CREATE INDEX conflict_subject ON conflict (subject_id);
CREATE INDEX conflict_state ON conflict (state);
CREATE INDEX attachment_visit ON attachment (visit_id);
CREATE INDEX attachment_content ON attachment (sha256);

-- One line for each field with work that the pulled state does not contain yet. field 'row' is the row's being deleted,
-- field 'area' the area it lies in.
CREATE TABLE pending (
  entity TEXT NOT NULL,
  row_id TEXT NOT NULL,
  field TEXT NOT NULL,
  base_value TEXT NOT NULL,
  base_version INTEGER NOT NULL,
  mine TEXT NOT NULL,
  received_value TEXT NOT NULL,
  received_version INTEGER NOT NULL,
  delta_id TEXT NOT NULL,
  PRIMARY KEY (entity, row_id, field)
) STRICT, WITHOUT ROWID;
CREATE INDEX pending_delta ON pending (delta_id);

CREATE TABLE provenance (
  entity TEXT NOT NULL,
  row_id TEXT NOT NULL,
  field TEXT NOT NULL,
  version INTEGER NOT NULL,
  by TEXT NOT NULL,
  source TEXT NOT NULL,
  at TEXT NOT NULL,
  reason TEXT NOT NULL,
  PRIMARY KEY (entity, row_id, field)
) STRICT, WITHOUT ROWID;

CREATE TABLE field_history (
  id INTEGER PRIMARY KEY,
  entity TEXT NOT NULL,
  row_id TEXT NOT NULL,
  field TEXT NOT NULL,
  before TEXT NOT NULL,
  after TEXT NOT NULL,
  fate TEXT NOT NULL CHECK (fate IN ('set', 'aside')),
  by TEXT NOT NULL,
  source TEXT NOT NULL,
  at TEXT NOT NULL,
  reason TEXT NOT NULL,
  delta_id TEXT
) STRICT;
CREATE INDEX field_history_row ON field_history (entity, row_id, field);
CREATE INDEX field_history_at ON field_history (at);

-- What this device did and tells the centre. op_no has no gaps within (device, epoch). Lines never vanish while their
-- content is nowhere else.
CREATE TABLE outbox (
  delta_id TEXT NOT NULL PRIMARY KEY,
  device TEXT NOT NULL,
  epoch INTEGER NOT NULL,
  op_no INTEGER NOT NULL,
  txn TEXT NOT NULL,
  entity TEXT NOT NULL,
  row_id TEXT NOT NULL,
  op TEXT NOT NULL CHECK (op IN ('create', 'update', 'delete')),
  body TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('waiting', 'sent', 'answered', 'set-aside')),
  result TEXT CHECK (result IN ('applied', 'converged', 'merged', 'conflict', 'rejected')),
  version INTEGER,
  code TEXT,
  conflicts TEXT,
  at TEXT NOT NULL,
  UNIQUE (device, epoch, op_no)
) STRICT;
CREATE INDEX outbox_state ON outbox (state, op_no);
CREATE INDEX outbox_row ON outbox (entity, row_id);
CREATE INDEX outbox_txn ON outbox (txn);

-- Which areas are held and how far. state: new (nothing loaded), loading (snapshot_next is the next chunk), whole,
-- reload (was whole, is being loaded anew).
CREATE TABLE area (
  code TEXT NOT NULL PRIMARY KEY,
  name TEXT NOT NULL,
  street TEXT NOT NULL,
  cursor_xid TEXT,
  cursor_seq TEXT,
  state TEXT NOT NULL CHECK (state IN ('new', 'loading', 'whole', 'reload')),
  rows INTEGER NOT NULL DEFAULT 0,
  sum INTEGER NOT NULL DEFAULT 0,
  loaded INTEGER NOT NULL DEFAULT 0,
  total INTEGER NOT NULL DEFAULT 0,
  snapshot_next TEXT,
  reloaded_at TEXT,
  checked_at TEXT
) STRICT;

-- Rows that a snapshot has brought while an area is loaded anew: the others are gone at the centre.
CREATE TABLE seen (
  area TEXT NOT NULL,
  entity TEXT NOT NULL,
  row_id TEXT NOT NULL,
  PRIMARY KEY (area, entity, row_id)
) STRICT, WITHOUT ROWID;

-- Rows to be asked for by name: they came malformed, or in part while not held.
CREATE TABLE wanted (
  entity TEXT NOT NULL,
  row_id TEXT NOT NULL,
  area TEXT NOT NULL,
  tries INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (entity, row_id)
) STRICT, WITHOUT ROWID;

-- Fields that a newer centre knows and this build does not: applied after the upgrade.
CREATE TABLE deferred (
  entity TEXT NOT NULL,
  row_id TEXT NOT NULL,
  field TEXT NOT NULL,
  value TEXT NOT NULL,
  version INTEGER NOT NULL,
  PRIMARY KEY (entity, row_id, field)
) STRICT, WITHOUT ROWID;

CREATE TABLE blob (
  sha256 TEXT NOT NULL PRIMARY KEY,
  mime TEXT NOT NULL,
  bytes INTEGER NOT NULL,
  content BLOB NOT NULL
) STRICT;
CREATE TABLE upload (
  sha256 TEXT NOT NULL PRIMARY KEY,
  area TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('waiting', 'sending', 'done', 'refused')),
  offset INTEGER NOT NULL DEFAULT 0,
  url TEXT
) STRICT;

CREATE TABLE meta (key TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

CREATE TABLE audit (
  seq INTEGER PRIMARY KEY,
  at TEXT NOT NULL,
  by TEXT NOT NULL,
  action TEXT NOT NULL,
  subject TEXT,
  detail TEXT,
  previous TEXT NOT NULL,
  hash TEXT NOT NULL
) STRICT;

-- Search: doc numbers are ours, since a copy may renumber rows without a key of their own. Tokens are cut by
-- store/search-text.ts; the index keeps no text, only where tokens occur. The ascii tokenizer takes every other character
-- as it is, the rare ones of names included.
CREATE TABLE search_doc (doc INTEGER PRIMARY KEY, resident_id TEXT NOT NULL UNIQUE) STRICT;
CREATE VIRTUAL TABLE search USING fts5 (
  head, tail, suffix, place,
  content = '', contentless_delete = 1, detail = column, prefix = '1', tokenize = 'ascii'
);
-- A first load comes in many small transactions: merge their segments in fewer, larger steps.
INSERT INTO search (search, rank) VALUES ('automerge', 16);
