"""Fund supervision from a distance: rules, findings and their handling (基金监督)."""
