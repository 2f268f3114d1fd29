"""Running Dateline: the supervisor behind `dateline serve`, its processes, and their health."""
