"""The partners outside the product: bank, tax office and finance, played in files and messages only."""
