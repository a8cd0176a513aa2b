"""内核: knows no business and no screen."""
