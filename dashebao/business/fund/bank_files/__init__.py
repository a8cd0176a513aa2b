"""Bank files of the subset of ISO 20022 this product speaks: pain.001 out, pain.002 and camt.053 in (pure, streaming)."""
