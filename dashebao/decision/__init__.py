"""The macro decision layer (宏观决策系统)."""
