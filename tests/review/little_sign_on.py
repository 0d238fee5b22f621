"""A school's own sign-in on this computer: as much of OpenID Connect as one sign-in needs."""

from __future__ import annotations

import base64
import hashlib
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT, SECRET = "page", "kept outside of the workspace"


class SignOnServer:
    """Signs in whoever ``subject`` and ``email`` say; keeps what it was asked."""

    def __init__(self) -> None:
        self.subject, self.email = "subject-1", "dsl@school.example"
        self.issuer_of_tokens = ""
        self.challenges: dict[str, str] = {}
        self.asked: list[str] = []
        self._key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self.issuer = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        """Stop."""
        self._server.shutdown()
        self._server.server_close()

    def code_for(self, address: str) -> tuple[str, str]:
        """Do what a browser and a person do at the address that the page leads to; return code and state."""
        asked = parse_qs(urlsplit(address).query)
        assert asked["client_id"] == [CLIENT] and asked["code_challenge_method"] == ["S256"]
        code = f"code-{len(self.challenges)}"
        self.challenges[code] = asked["code_challenge"][0]
        return code, asked["state"][0]

    def answer(self, path: str, form: dict[str, list[str]]) -> dict[str, Any] | None:
        """Answer one request; None for what is refused."""
        self.asked.append(path)
        if path == "/.well-known/openid-configuration":
            return {
                "issuer": self.issuer,
                "authorization_endpoint": f"{self.issuer}/authorize",
                "token_endpoint": f"{self.issuer}/token",
                "userinfo_endpoint": f"{self.issuer}/userinfo",
                "jwks_uri": f"{self.issuer}/keys",
                "token_endpoint_auth_methods_supported": ["client_secret_post"],
            }
        if path == "/userinfo":
            return {"sub": self.subject, "email": self.email}
        if path != "/token":
            return None
        challenge = self.challenges.pop(form.get("code", [""])[0], None)  # a code works once
        digest = hashlib.sha256(form.get("code_verifier", [""])[0].encode()).digest()
        proved = base64.urlsafe_b64encode(digest).decode().rstrip("=") == challenge
        if not proved or form.get("client_secret") != [SECRET]:
            return None
        now = int(time.time())
        claims = {
            "iss": self.issuer_of_tokens or self.issuer,
            "aud": CLIENT,
            "sub": self.subject,
            "email": self.email,
            "iat": now,
            "exp": now + 60,
        }
        token = jwt.encode(claims, self._key, "RS256", headers={"kid": "1"})
        return {"access_token": "a", "token_type": "Bearer", "id_token": token, "expires_in": 60}


def _handler(server: SignOnServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer({})

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            self._answer(parse_qs(body))

        def _answer(self, form: dict[str, list[str]]) -> None:
            if self.path.startswith("/authorize?"):
                code, state = server.code_for(self.path)
                back = parse_qs(urlsplit(self.path).query)["redirect_uri"][0]
                self.send_response(302)
                self.send_header("Location", f"{back}?code={code}&state={state}")
                self.end_headers()
                return
            told = server.answer(urlsplit(self.path).path, form)
            content = json.dumps(told or {"error": "invalid_request"}).encode()
            self.send_response(200 if told else 400)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: Any) -> None:
            pass

    return Handler
