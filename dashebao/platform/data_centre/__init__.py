"""Data centre (数据中心): what the businesses offer to analysis and supervision."""
