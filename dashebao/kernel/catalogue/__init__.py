"""The catalogue: what a government service is, declared once."""
