"""The headers of every answer: what a browser may load, and what it must not keep."""

from __future__ import annotations

import secrets

from flask import Flask, Response, g, request

POLICY = (
    "default-src 'none'; script-src 'self' 'nonce-{nonce}'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; object-src 'none'"
)
A_YEAR = "public, max-age=31536000, immutable"


def init_app(app: Flask) -> None:
    """Put the headers on every answer of the application."""
    app.after_request(add_headers)


def nonce() -> str:
    """The word of this request that lets a script tag run."""
    if "nonce" not in g:
        g.nonce = secrets.token_urlsafe(16)
    return str(g.nonce)


def add_headers(response: Response) -> Response:
    """Strict policy, no sniffing, no framing; pages are never stored, versioned files for a year."""
    headers = response.headers
    headers.setdefault("Content-Security-Policy", POLICY.format(nonce=nonce()))
    headers["X-Content-Type-Options"] = "nosniff"
    headers["X-Frame-Options"] = "DENY"
    headers["Referrer-Policy"] = "same-origin"
    headers["Cross-Origin-Opener-Policy"] = "same-origin"
    headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=()"
    if request.is_secure:
        headers["Strict-Transport-Security"] = "max-age=31536000"
    if request.endpoint == "static" or str(request.endpoint).endswith(".static"):
        headers["Cache-Control"] = A_YEAR if "v" in request.args and response.status_code == 200 else "no-cache"
    else:
        headers["Cache-Control"] = "no-store"
    return response
