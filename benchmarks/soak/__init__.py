"""Kills intake at seeded instants, lets it run again and compares what is there with what an undisturbed run leaves."""
