"""The newsroom's screens, on Wagtail's: the list of stories, the story form, kill, the desk's home.

Each noun has its module; `wagtail_hooks.py` registers them. They change stories only through
`Story.publish()` and `Story.unpublish()`, and say in words what came of it.
"""
