"""Offices, officers, reference data changed by two persons, jobs, health and the audit trail."""
