"""The counter: what officers work with."""
