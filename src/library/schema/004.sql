-- A random number for each revision, drawn in the transaction that made it. It tells apart databases that reached the
-- same revision on different branches: a file that was restored from a copy goes on counting from the copy's revision.
CREATE TABLE stamps (
    revision INTEGER PRIMARY KEY,
    stamp    INTEGER NOT NULL
) STRICT;
