"""Reads of the fund accounts."""
