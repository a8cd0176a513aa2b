"""Acts and articles, cited the same way everywhere."""
