"""Cases in and out: folders of CSV, workbooks, policies.

May touch: the file system, at paths it is given.
"""
