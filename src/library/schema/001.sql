-- Never edited once it was released: what changes later goes into the next number.

-- One row: the library's own name, and how often it was written to.
CREATE TABLE library (
    uuid     TEXT NOT NULL,
    revision INTEGER NOT NULL
) STRICT;

-- The newest record held of each paper. `key` is the identifier as a number (ArxivId::packed), whose order is the
-- identifiers' order. `record` is the paper's JSON, keys without a value left out.
CREATE TABLE papers (
    key       INTEGER PRIMARY KEY,
    version   INTEGER,
    as_of     TEXT,             -- the day the record describes, by its source
    checked   TEXT,             -- when a source last called this version the newest
    published TEXT,
    updated   TEXT,
    created   INTEGER NOT NULL, -- the revision that put it in
    revision  INTEGER NOT NULL, -- the revision that last changed the record or what the user made of it
    record    TEXT NOT NULL
) STRICT;
CREATE INDEX papers_by_date ON papers (published);
CREATE INDEX papers_by_revision ON papers (revision);

-- Records of versions before the newest.
CREATE TABLE versions (
    key     INTEGER NOT NULL,
    version INTEGER NOT NULL,
    as_of   TEXT,
    record  TEXT NOT NULL,
    PRIMARY KEY (key, version)
) STRICT, WITHOUT ROWID;

-- Papers that were taken out, for the search index.
CREATE TABLE gone (
    key      INTEGER PRIMARY KEY,
    revision INTEGER NOT NULL
) STRICT;
CREATE INDEX gone_by_revision ON gone (revision);

-- Identifiers that arXiv does not know; version 0 is the bare identifier.
CREATE TABLE absent (
    key     INTEGER NOT NULL,
    version INTEGER NOT NULL,
    asked   TEXT NOT NULL,
    reason  TEXT NOT NULL,
    PRIMARY KEY (key, version)
) STRICT, WITHOUT ROWID;

-- What the user made of papers. It outlives the paper's record.
CREATE TABLE kept (
    key   INTEGER PRIMARY KEY,
    since TEXT NOT NULL
) STRICT;
CREATE TABLE tags (
    key INTEGER NOT NULL,
    tag TEXT NOT NULL,
    PRIMARY KEY (key, tag)
) STRICT, WITHOUT ROWID;
CREATE INDEX tags_by_name ON tags (tag);
CREATE TABLE notes (
    key  INTEGER PRIMARY KEY,
    note TEXT NOT NULL
) STRICT;
CREATE TABLE files (
    path      TEXT PRIMARY KEY,
    key       INTEGER NOT NULL,
    version   INTEGER NOT NULL,
    kind      TEXT NOT NULL,
    size      INTEGER NOT NULL,
    sha256    TEXT NOT NULL,
    retrieved TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX files_by_paper ON files (key);

-- What was removed, by the removal it was part of, so that the last one can be undone. `kept` is JSON: tags, note and
-- since when; `paper` the row of `papers` where it was taken out as well.
CREATE TABLE removed (
    removal INTEGER NOT NULL,
    key     INTEGER NOT NULL,
    kept    TEXT,
    paper   TEXT,
    PRIMARY KEY (removal, key)
) STRICT, WITHOUT ROWID;

-- Searches that arXiv answered, by their URL; `ids` are separated by spaces.
CREATE TABLE searches (
    url   TEXT PRIMARY KEY,
    asked TEXT NOT NULL,
    total INTEGER NOT NULL,
    ids   TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- How far each OAI set was harvested; the empty name is all of arXiv.
CREATE TABLE harvests (
    oai_set TEXT PRIMARY KEY,
    day     TEXT NOT NULL,
    checked TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- The last day of announcements that was shown of each feed.
CREATE TABLE shown (
    feed TEXT PRIMARY KEY,
    day  TEXT NOT NULL
) STRICT, WITHOUT ROWID;
