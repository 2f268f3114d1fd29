"""The client manager's screens, in the newsroom's frame: forms and views that change nothing by
themselves. What they do is in the modules beside this folder."""
