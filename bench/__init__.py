"""What things cost, each beside something else in the same run. `make bench` runs them all."""
