"""The employer portal."""
