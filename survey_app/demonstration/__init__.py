"""Simulated offices at work, for trying the program: never for a real survey."""
