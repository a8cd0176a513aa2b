"""Faults made on purpose: each drill breaks something and proves a claim, and its control run proves that it could fail."""
