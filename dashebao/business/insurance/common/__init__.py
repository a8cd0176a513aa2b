"""Running benefits of every scheme: paid by the month, suspended, resumed, ended, recovered (定期待遇)."""
