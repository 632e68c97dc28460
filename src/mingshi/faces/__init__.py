"""The optional face pass; the only zone that may see a pixel, entered only with an OpenCapture (INV-01).

Nothing is built here yet, and everything works without it (INV-13).
"""
