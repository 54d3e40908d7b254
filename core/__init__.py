"""Ground floor: settings, clock, errors, secrets, the database and its embedded server."""
