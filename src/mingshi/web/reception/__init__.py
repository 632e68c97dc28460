"""前台: the queue, the desk's own entries, the door code."""
