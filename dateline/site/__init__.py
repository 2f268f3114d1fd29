"""The public site: pages, lists and feeds, made from the public archive alone."""
