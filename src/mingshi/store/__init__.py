"""The site's database."""
