"""Makers of people, stories and days of news: seeded, offline, the same each time."""
