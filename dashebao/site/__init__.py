"""Settings, addresses, the list of businesses and the command line."""
