"""A portal with its pages, without a network: a browser for each person, over a course of one tiny assignment."""

import asyncio

import httpx
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from portal.portal_helpers import NOON

from autograder.portal.catalogue import catalogue_of
from autograder.portal.credentials import give
from autograder.portal.portal import Portal
from autograder.portal.web.application import create_app

SITE = "http://127.0.0.1:8000"


class Browser:
    """It keeps cookies, follows no redirect, and says of each request that it comes from a page of the portal.

    raises: whether a fault of the portal is raised here, too, and does not only become an answer.
    """

    raises = True

    def __init__(self, portal):
        self._app, self.cookies = create_app(portal), httpx.Cookies()

    def get(self, path, **more):
        return self.ask("GET", path, **more)

    def post(self, path, **more):
        return self.ask("POST", path, **more)

    def ask(self, method, path, headers=None, **more):
        given = {name: text for name, text in {"Sec-Fetch-Site": "same-origin", **(headers or {})}.items() if text}
        return asyncio.run(self._ask(method, path, headers=given, **more))

    async def _ask(self, method, path, **more):
        transport = httpx.ASGITransport(self._app, raise_app_exceptions=self.raises)
        async with httpx.AsyncClient(transport=transport, base_url=SITE, cookies=self.cookies) as client:
            answer = await client.request(method, path, **more)
            self.cookies = client.cookies
            return answer


def portal_of(course, database, places, clock=lambda: NOON):
    return Portal(course, catalogue_of(course), database, places, Ed25519PrivateKey.generate(), clock)


def browser_of(portal, person=None):
    """A browser in which this person is signed in; None: nobody."""
    browser = Browser(portal)
    if person:
        with portal.database.write() as session:
            browser.cookies.set("session", give(session, person, "session", portal.clock(), by="test"))
    return browser
