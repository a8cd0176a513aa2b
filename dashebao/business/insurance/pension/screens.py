"""Panels and pages."""
