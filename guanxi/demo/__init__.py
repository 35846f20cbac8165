"""The demo world: invented companies of several trades with finished and running deals, made by the acts themselves."""

from guanxi.demo.world import build, exists, people

__all__ = ["build", "exists", "people"]
