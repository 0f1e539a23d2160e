"""Find what a site prints around its articles again and again, offer it, and take off what a reader marks."""

from contrast.furniture.offer import drop_furniture, find_furniture, is_kept, read_furniture

__all__ = ["drop_furniture", "find_furniture", "is_kept", "read_furniture"]
