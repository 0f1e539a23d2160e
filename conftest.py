"""Loads the strict checks of notebooks; it stands here because pytest asks for them at the root alone."""

pytest_plugins = ["tests.notebook_plugin"]
