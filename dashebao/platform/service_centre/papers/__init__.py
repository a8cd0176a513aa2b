"""证照文书: papers drawn, sealed, kept and checked."""
