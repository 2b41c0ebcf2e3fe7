"""NERTC 2.0's server API: channels, their recording tasks, and copies at the level of RTC.

A layer of its own below NERoom: success is 200 here, not 0, and errors have an ``errmsg``.
"""
