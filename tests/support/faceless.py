"""A pytest plugin (`-p faceless`): the face package is not there, as on a machine where it was never installed."""

import sys


class _Absent:
    def find_spec(self, name, path=None, target=None):
        del path, target
        if name == "mingshi.faces" or name.startswith("mingshi.faces."):
            raise ModuleNotFoundError(name)


sys.meta_path.insert(0, _Absent())
