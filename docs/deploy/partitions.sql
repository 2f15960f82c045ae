-- The history of figures, by the year in which it was written: one part a year, and one for the rest.
-- Run it by hand, as the owner of the tables, with every server stopped and a backup made before.
BEGIN;
ALTER TABLE courts_historicalfigure RENAME TO courts_historicalfigure_whole;
ALTER TABLE courts_historicalfigure_whole
    ALTER COLUMN history_id DROP IDENTITY,
    DROP CONSTRAINT courts_historicalfigure_pkey;
CREATE TABLE courts_historicalfigure (
    LIKE courts_historicalfigure_whole INCLUDING DEFAULTS INCLUDING CONSTRAINTS
) PARTITION BY RANGE (history_date);
CREATE TABLE courts_historicalfigure_rest PARTITION OF courts_historicalfigure DEFAULT;
-- One line like this for each year; a year's part is made before the year begins.
CREATE TABLE courts_historicalfigure_2026 PARTITION OF courts_historicalfigure
    FOR VALUES FROM ('2026-01-01 00:00+08') TO ('2027-01-01 00:00+08');
CREATE TABLE courts_historicalfigure_2027 PARTITION OF courts_historicalfigure
    FOR VALUES FROM ('2027-01-01 00:00+08') TO ('2028-01-01 00:00+08');
INSERT INTO courts_historicalfigure SELECT * FROM courts_historicalfigure_whole;
DROP TABLE courts_historicalfigure_whole;
CREATE SEQUENCE courts_historicalfigure_history_id_seq OWNED BY courts_historicalfigure.history_id;
SELECT setval('courts_historicalfigure_history_id_seq',
              (SELECT coalesce(max(history_id), 0) + 1 FROM courts_historicalfigure), false);
ALTER TABLE courts_historicalfigure
    ALTER COLUMN history_id SET DEFAULT nextval('courts_historicalfigure_history_id_seq'),
    ADD PRIMARY KEY (history_id, history_date),
    ADD FOREIGN KEY (history_user_id) REFERENCES courts_user (id) DEFERRABLE INITIALLY DEFERRED;
CREATE INDEX ON courts_historicalfigure (history_date);
CREATE INDEX ON courts_historicalfigure (id);
CREATE INDEX ON courts_historicalfigure (monthly_return_id);
CREATE INDEX ON courts_historicalfigure (history_user_id);
-- What refuses changes of the record.
CREATE TRIGGER historicalfigure_held BEFORE UPDATE ON courts_historicalfigure
    FOR EACH ROW EXECUTE FUNCTION historicalfigure_held();
CREATE TRIGGER historicalfigure_kept BEFORE DELETE ON courts_historicalfigure
    FOR EACH ROW EXECUTE FUNCTION historicalfigure_kept();
COMMIT;
