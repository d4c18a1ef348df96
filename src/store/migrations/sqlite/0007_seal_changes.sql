-- Every state that a seal came into after it was made: what it was in between counts for what was sealed then.
CREATE TABLE seal_change (
    es_id TEXT NOT NULL,
    since INTEGER NOT NULL,
    state TEXT NOT NULL,
    PRIMARY KEY (es_id, since, state)
) STRICT;
INSERT INTO seal_change (es_id, since, state) SELECT es_id, state_at, state FROM seal WHERE state <> 'active';
