"""How long the product takes for its everyday work, beside what the database alone would need: ``python -m bench``."""
