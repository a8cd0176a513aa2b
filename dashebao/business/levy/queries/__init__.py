"""Reads of the levy."""
