-- What the department importers need. Settlements are kept so that the sum over twelve months is right whatever file they
-- came in, and a file that is read twice changes nothing. They never leave the centre.
CREATE TABLE settlement (
  county text COLLATE "C" NOT NULL,
  -- Row id of the resident, never an ID number.
  resident text COLLATE "C" NOT NULL,
  settled_on date NOT NULL,
  institution text NOT NULL DEFAULT '',
  -- The department's own number where the file has one: two equal bills of one day are then two.
  serial text NOT NULL DEFAULT '',
  total_fen bigint NOT NULL,
  self_paid_fen bigint NOT NULL,
  PRIMARY KEY (county, resident, settled_on, institution, serial, total_fen, self_paid_fen)
);
CREATE INDEX settlement_age ON settlement (county, settled_on);

-- An importer asks for the waiting changes of a person, and for the household of a person.
CREATE INDEX record_proposal_subject ON record (county, (data ->> 'subject_id')) WHERE entity = 'proposal' AND NOT deleted;
CREATE INDEX record_membership_resident ON record (county, (data ->> 'resident_id')) WHERE entity = 'membership' AND NOT deleted;
