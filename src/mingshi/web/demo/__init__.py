"""The demo's start page: one-time logins, phones that cannot ring, a clock that may be put forward."""
