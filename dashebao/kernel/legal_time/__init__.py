"""Legal time: months, ages, working days, and the limits the law sets."""
