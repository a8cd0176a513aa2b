"""人、户、单位、区划: persons, households, units and regions, mastered once."""
