"""Facts in, decisions out: no database, no web, no clock, no files at call time."""
