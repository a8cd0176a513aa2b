"""The windows of a service hall: numbers taken, called and served."""
