-- What waits for an officer is looked for among all that was done as it was proposed.
CREATE INDEX proposal_state ON proposal (state, proposed_at, id);
