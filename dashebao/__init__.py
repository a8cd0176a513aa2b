"""DaShebao 大社保: the information system of a province's whole social security."""
