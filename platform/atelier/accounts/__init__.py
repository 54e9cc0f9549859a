"""People: users, signing in, browsers, tokens, and the OpenID provider for the hub."""
