"""The open interface: service items and queries for the programs of employers and partners."""
