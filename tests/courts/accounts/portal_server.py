"""Owns a small portal for the tests: OpenID Connect and CAS on a port of this machine.

It signs with a key of its own and answers what a test tells it to; it knows nothing of ours.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit
from xml.sax.saxutils import escape

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT, SECRET = "quality-year", "a secret of the portal's"
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
OTHER_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)


class SmallPortal:
    """Who is signed in at the portal, and what its answers have in place of the right ones."""

    def __init__(self, port: int) -> None:
        self.address = f"http://127.0.0.1:{port}"
        self.name = "office"
        self.claims: dict[str, Any] = {}
        self.userinfo: dict[str, Any] = {}
        self.key = KEY
        self.is_down = False
        self.codes: dict[str, dict[str, str]] = {}
        self.tickets: dict[str, str] = {}

    def send_back(self, asked_for: str) -> str:
        """What a browser does there: open the address, be known, and be sent back."""
        parts = urlsplit(asked_for)
        assert f"{parts.scheme}://{parts.netloc}" == self.address
        asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
        if parts.path == "/cas/login":
            ticket = f"ST-{secrets.token_hex(8)}"
            self.tickets[ticket] = asked["service"]
            return f"{asked['service']}&{urlencode({'ticket': ticket})}"
        assert parts.path == "/authorize"
        assert asked["response_type"] == "code"
        assert asked["client_id"] == CLIENT
        assert asked["code_challenge_method"] == "S256"
        code = secrets.token_hex(8)
        self.codes[code] = asked
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"

    def token(self, form: dict[str, str]) -> dict[str, str]:
        """The token for a code, once, to whom the code was given and who knows its verifier."""
        asked = self.codes.pop(form["code"])
        digest = hashlib.sha256(form["code_verifier"].encode()).digest()
        assert base64.urlsafe_b64encode(digest).rstrip(b"=").decode() == asked["code_challenge"]
        assert (form["client_id"], form["client_secret"]) == (CLIENT, SECRET)
        assert form["redirect_uri"] == asked["redirect_uri"]
        claims = {
            "iss": self.address,
            "aud": CLIENT,
            "sub": f"id of {self.name}",
            "nonce": asked["nonce"],
            "iat": int(time.time()),
            "exp": int(time.time()) + 60,
        } | self.claims
        signed = jwt.encode(claims, self.key, algorithm="RS256", headers={"kid": "one"})
        return {"id_token": signed, "access_token": "told", "token_type": "Bearer"}

    def keys(self) -> dict[str, Any]:
        """The portal's own key, whichever it signs with."""
        own = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(KEY.public_key()))
        return {"keys": [own | {"kid": "one", "alg": "RS256", "use": "sig"}]}

    def person(self) -> dict[str, Any]:
        """What the portal says of who is signed in."""
        return {"sub": f"id of {self.name}", "preferred_username": self.name} | self.userinfo

    def validated(self, asked: dict[str, str]) -> str:
        """What CAS says of a ticket: once, to the service it was given for."""
        space = 'xmlns:cas="http://www.yale.edu/tp/cas"'
        if self.tickets.pop(asked["ticket"], None) != asked["service"]:
            inner = (
                '<cas:authenticationFailure code="INVALID_TICKET">no</cas:authenticationFailure>'
            )
        else:
            inner = (
                f"<cas:authenticationSuccess><cas:user>{escape(self.name)}</cas:user>"
                "</cas:authenticationSuccess>"
            )
        return f"<cas:serviceResponse {space}>{inner}</cas:serviceResponse>"


def _answering(portal: SmallPortal) -> type[BaseHTTPRequestHandler]:
    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
            if portal.is_down:
                self.told(503, b"<html>down</html>")
            elif parts.path == "/keys":
                self.told(200, json.dumps(portal.keys()).encode())
            elif parts.path == "/person":
                assert self.headers["Authorization"] == "Bearer told"
                self.told(200, json.dumps(portal.person()).encode())
            else:
                assert parts.path == "/cas/p3/serviceValidate"
                self.told(200, portal.validated(asked).encode())

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            form = {name: values[0] for name, values in parse_qs(body).items()}
            if portal.is_down or form["code"] not in portal.codes:
                self.told(400, b"{}")
            else:
                self.told(200, json.dumps(portal.token(form)).encode())

        def told(self, status: int, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_words: object) -> None:
            """Say nothing."""

    return Answers


@contextmanager
def small_portal() -> Iterator[SmallPortal]:
    """A portal that answers until the block ends."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    portal = SmallPortal(server.server_port)
    server.RequestHandlerClass = _answering(portal)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield portal
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
