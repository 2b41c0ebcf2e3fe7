"""Sockets, TLS, wall clock: the ASGI application and what serves it."""
