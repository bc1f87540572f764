"""What the inspector shows of the open thread: one state for the panel, one for each tab.

Every handler asks `panel.may_inspect` of its tab first: the browser may call any of them.
"""
