"""Bank files in a subset of ISO 20022: pain.001 out, pain.002 and camt.053 in (pure, streaming)."""
