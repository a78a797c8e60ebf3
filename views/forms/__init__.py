"""Forms built from what a verb asks for."""
