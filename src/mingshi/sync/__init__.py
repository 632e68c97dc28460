"""From a site's outbox to headquarters."""
