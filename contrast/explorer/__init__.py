"""A page on which a reader finds any term of two outlets and reads the sentences behind it, without a network."""

from contrast.explorer.build import explorer_page

__all__ = ["explorer_page"]
