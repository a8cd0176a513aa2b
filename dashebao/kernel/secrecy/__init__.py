"""Values sealed one by one, such as bank accounts: the only door is `api`."""
