-- Invitations: how many wait by one.
CREATE INDEX acceptance_by_invitation ON acceptance (community, invitation);
