"""A SAML 2.0 identity provider for tests: pysaml2 speaks the protocol, signxml signs."""

from __future__ import annotations

import base64
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qs, urlsplit

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from lxml import etree
from saml2 import BINDING_HTTP_POST, BINDING_HTTP_REDIRECT
from saml2.config import IdPConfig
from saml2.saml import NAMEID_FORMAT_PERSISTENT, NameID
from saml2.server import Server
from signxml import XMLSigner, methods

ASSERTION = "{urn:oasis:names:tc:SAML:2.0:assertion}Assertion"
DS = "http://www.w3.org/2000/09/xmldsig#"
ISSUER = "{urn:oasis:names:tc:SAML:2.0:assertion}Issuer"


class SamlProvider:
    """Signs in as whoever is chosen on its page.

    Attributes
    ----------
    url
        Its address, also its entity id.
    certificate
        PEM of the key that it signs with.
    metadata_of
        Address of the service provider's metadata; set it before the first sign-in.

    """

    def __init__(self, url: str, people: dict[str, str]) -> None:
        self.url, self.people, self.metadata_of = url, people, ""
        self._key = rsa.generate_private_key(65537, 2048)
        self.certificate = self._self_signed()

    def _self_signed(self) -> str:
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "idp.test")])
        now = datetime.now(UTC)
        made = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(self._key.public_key())
            .serial_number(7)
            .not_valid_before(now - timedelta(days=1))
            .not_valid_after(now + timedelta(days=1))
            .sign(self._key, hashes.SHA256())
        )
        return made.public_bytes(serialization.Encoding.PEM).decode()

    def _server(self) -> Server:
        with urllib.request.urlopen(self.metadata_of, timeout=30) as answer:
            theirs = answer.read().decode()
        sso = [(f"{self.url}/sso", BINDING_HTTP_REDIRECT)]
        stated = {
            "entityid": self.url,
            "service": {"idp": {"endpoints": {"single_sign_on_service": sso}}},
            "metadata": {"inline": [theirs]},
            "xmlsec_binary": sys.executable,  # asked for, not used: signxml signs
        }
        return Server(config=IdPConfig().load(stated))

    def answer(self, request: str, who: str) -> tuple[str, str]:
        """Return where a sign-in is sent to, and the signed response in Base64."""
        server = self._server()
        asked = server.parse_authn_request(request, BINDING_HTTP_REDIRECT).message
        where = server.response_args(asked, [BINDING_HTTP_POST])
        email = self.people[who.removesuffix(" forged")]
        response = server.create_authn_response(
            {"mail": [email]},
            name_id=NameID(format=NAMEID_FORMAT_PERSISTENT, text=f"id-of-{email}"),
            authn={"class_ref": "urn:oasis:names:tc:SAML:2.0:ac:classes:Password"},
            sign_response=False,
            sign_assertion=False,
            **{k: where[k] for k in ("in_response_to", "destination", "sp_entity_id")},
        )
        signed = self._signed(str(response))
        if who.endswith(" forged"):
            signed = signed.replace(email.encode(), self.people["forged"].encode())
        return where["destination"], base64.b64encode(signed).decode()

    def _signed(self, response: str) -> bytes:
        tree = etree.fromstring(response.encode())
        assertion = tree.find(ASSERTION)
        place = etree.Element(f"{{{DS}}}Signature", {"Id": "placeholder"}, nsmap={"ds": DS})
        assertion.find(ISSUER).addnext(place)
        signer = XMLSigner(
            method=methods.enveloped,
            signature_algorithm="rsa-sha256",
            digest_algorithm="sha256",
            c14n_algorithm="http://www.w3.org/2001/10/xml-exc-c14n#",
        )
        key = self._key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        signed = signer.sign(
            assertion, key=key, cert=self.certificate, reference_uri=assertion.get("ID")
        )
        tree.replace(assertion, signed)
        return etree.tostring(tree)


@contextmanager
def saml_provider(people: dict[str, str]) -> Iterator[SamlProvider]:
    """Run a provider on a port of its own; `people` by the name on their button."""

    class Pages(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked = parse_qs(urlsplit(self.path).query)
            state = asked.get("RelayState", [""])[0]
            if "who" in asked:
                place, response = provider.answer(asked["SAMLRequest"][0], asked["who"][0])
                body = (
                    f'<form method="post" action="{escape(place)}">'
                    f'<input type="hidden" name="SAMLResponse" value="{response}">'
                    f'<input type="hidden" name="RelayState" value="{escape(state)}">'
                    "<button>Continue</button></form>"
                )
            else:
                hidden = "".join(
                    f'<input type="hidden" name="{n}" value="{escape(v[0])}">'
                    for n, v in asked.items()
                )
                names = [*provider.people, *(f"{n} forged" for n in provider.people)]
                buttons = "".join(f'<button name="who" value="{n}">{n}</button>' for n in names)
                body = f'<form action="/sso">{hidden}{buttons}</form>'
            page = f"<!doctype html><title>IdP</title>{body}".encode()
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(page)))
            self.end_headers()
            self.wfile.write(page)

        def log_message(self, *_: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Pages)
    provider = SamlProvider(f"http://localhost:{server.server_port}", people)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
