"""The demonstration province and the outside world around it; the product never imports this."""
