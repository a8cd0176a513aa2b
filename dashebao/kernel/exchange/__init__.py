"""Exchange: signed messages and files with outside partners, in and out exactly once."""
