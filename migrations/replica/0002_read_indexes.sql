-- What the screens read often: the day's route, lists in place order, and the list's filters. No data changes.
CREATE INDEX visit_open ON visit (planned_on) WHERE state IN ('planned', 'started');
CREATE INDEX visit_ended ON visit (ended_at) WHERE ended_at IS NOT NULL;
CREATE INDEX proposal_visit ON proposal (visit_id) WHERE visit_id IS NOT NULL;
CREATE INDEX resident_live ON resident (deleted, area);
CREATE INDEX resident_birth ON resident (birth_date) WHERE deleted = 0;
CREATE INDEX resident_disabled ON resident (disability_category) WHERE disability_category IS NOT NULL;
CREATE INDEX resident_alone ON resident (living_alone) WHERE living_alone = 1;
CREATE INDEX resident_living ON resident (living_status) WHERE living_status <> 'alive';
CREATE INDEX household_relief ON household (relief_category) WHERE relief_category IS NOT NULL;
-- Natural order: 2 before 12. The same expressions stand in store/resident-order.ts.
CREATE INDEX address_place ON address (
  community, compound, CAST(building AS INTEGER), building, CAST(unit AS INTEGER), unit, CAST(room AS INTEGER), room
) WHERE deleted = 0;
-- Work by the visit it was done in: what still waits, and when it was last saved.
CREATE INDEX outbox_visit ON outbox (json_extract(body, '$.reason.visit'), state, at)
  WHERE json_extract(body, '$.reason.visit') IS NOT NULL;
