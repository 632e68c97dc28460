"""WebAuthn, TOTP, argon2 and tokens; shared by `web` and `passes`."""
