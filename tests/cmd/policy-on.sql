-- The configuration has no section for the world's accounts, so an engine that starts has switched them off. Here they are to be decided for.
UPDATE account SET enabled = 1;
