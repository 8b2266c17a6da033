"""The engine for large markets: the same answers as the reference, compiled. See docs/engine-at-scale.md.

The reference (`matching.engine.rules`, `score`, `search`, `miss`) says what is right; what is here says it faster.
"""
