"""Notices and policies."""
