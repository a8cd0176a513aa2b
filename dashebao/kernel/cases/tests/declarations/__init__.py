"""Three unlike service items that prove the shape of the machine."""
