"""Indicators and the leader's overview (指标与领导总览)."""
