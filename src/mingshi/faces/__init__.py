"""The optional face pass; the only zone that may see a pixel, entered only with an OpenCapture (INV-01).

It proves one visitor to be the holder of their own pass; among strangers it can find nobody (INV-02).

Nothing is built here yet, and everything works without it (INV-13).
"""
