"""业务应用系统: the fields of law."""
