"""Guanxi 关系: companies talk as people do in a messenger, and trade inside that talk."""

__version__ = "0.1.0"
