"""Dated rows, tracked rows, personal-data marks, row scope and the audit trail."""
