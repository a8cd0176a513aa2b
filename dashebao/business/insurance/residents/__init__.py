"""Basic pension insurance of urban and rural residents, scheme 170 (城乡居民基本养老保险)."""
