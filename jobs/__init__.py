"""Wake-ups: each job is a loop round a verb."""
