"""Every way in: the store of interviews, the commands, settings."""
