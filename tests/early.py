"""Loaded before any plugin: spares each process the second in which jsonschema builds a grammar of addresses."""

import sys

sys.modules.setdefault("rfc3987_syntax", None)
