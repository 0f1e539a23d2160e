"""Loaded before any plugin, and before what kernels are forked from, to spare each process of the tests seconds."""

import atexit
import gc
import os
import sys

sys.modules.setdefault("rfc3987_syntax", None)  # of which jsonschema would build a grammar of addresses
os.environ.setdefault("PYDEVD_DISABLE_FILE_VALIDATION", "1")  # or the debugger of kernels warns of frozen modules
gc.set_threshold(20_000, 50, 100)  # tests leave few cycles, and looking for them took one part in fifteen
if "PYTEST_XDIST_WORKER" in os.environ:
    atexit.register(os._exit, 0)  # comes after all that tests register: a worker frees no memory
