"""What citizens do at the portal: one verb, one function, one audit line."""
