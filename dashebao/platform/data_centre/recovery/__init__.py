"""Backups, restoring to a moment, and standbys of one installation, with PostgreSQL's own programs."""
