"""The look of every page: shells, parts, charts, and the register of pages and panels."""
