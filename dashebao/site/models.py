"""The site keeps no tables."""
