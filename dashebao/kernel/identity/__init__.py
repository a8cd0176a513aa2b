"""Offices, officers, roles, duties that exclude each other, sign-in and scope."""
