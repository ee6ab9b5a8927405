-- Tags folded (case and accents removed), so that a tag is found among many without reading them all.
ALTER TABLE tags ADD COLUMN folded TEXT NOT NULL DEFAULT '';
UPDATE tags SET folded = folded(tag);
CREATE INDEX tags_by_folded ON tags (folded, key);
