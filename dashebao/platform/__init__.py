"""公共基础平台: the five centres."""
