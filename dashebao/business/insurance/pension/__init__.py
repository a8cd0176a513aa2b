"""Basic pension insurance of employees, scheme 110 (职工基本养老保险)."""
