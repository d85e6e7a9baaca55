"""Digests: what subscribers are told again and again, and when."""
