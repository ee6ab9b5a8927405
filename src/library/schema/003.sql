-- Whether arXiv deleted the paper, or never had it. Until now the message alone told the two apart.
ALTER TABLE absent ADD COLUMN deleted INTEGER NOT NULL DEFAULT 0;
UPDATE absent SET deleted = 1 WHERE reason = 'arXiv deleted this paper';
