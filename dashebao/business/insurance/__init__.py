"""Social insurance: what the schemes pay, to whom and why (社会保险待遇)."""
