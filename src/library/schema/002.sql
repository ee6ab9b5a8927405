-- Rows of `papers` in the order of their arrival: a harvest comes in no order of identifiers, and wrote a page of the
-- database anew for each record while rows lay in theirs.
CREATE TABLE arrived (
    arrival   INTEGER PRIMARY KEY,
    key       INTEGER NOT NULL UNIQUE,
    version   INTEGER,
    as_of     TEXT,
    checked   TEXT,
    published TEXT,
    updated   TEXT,
    created   INTEGER NOT NULL,
    revision  INTEGER NOT NULL,
    record    TEXT NOT NULL
) STRICT;
INSERT INTO arrived (key, version, as_of, checked, published, updated, created, revision, record)
    SELECT key, version, as_of, checked, published, updated, created, revision, record FROM papers ORDER BY key;
DROP TABLE papers;
ALTER TABLE arrived RENAME TO papers;
CREATE INDEX papers_by_date ON papers (published, key);
CREATE INDEX papers_by_revision ON papers (revision);
