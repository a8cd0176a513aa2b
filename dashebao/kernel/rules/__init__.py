"""Dated parameters, exact formulas, traces and reforms, without a database."""
