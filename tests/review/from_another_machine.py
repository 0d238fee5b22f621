"""What a newcomer does with nothing but the slip, on another machine: run inside a network namespace by its test."""

from __future__ import annotations

import json
import sys

from playwright.sync_api import sync_playwright


def main(browser: str, address: str, code: str, key_hash: str, at: str) -> None:
    """Open the address of the slip, enter its code, choose this device, decide the first case; print what was seen.

    ``key_hash`` is the hash of the certificate's key, which stands for a certificate that the machine trusts.
    """
    host = address.split("/")[2].partition(":")[0]
    with sync_playwright() as play:
        made = play.chromium.launch(
            executable_path=browser,
            args=[
                "--no-sandbox",
                f"--host-resolver-rules=MAP {host} {at}",
                f"--ignore-certificate-errors-spki-list={key_hash}",
            ],
        )
        page = made.new_page()
        device = page.context.new_cdp_session(page)
        device.send("WebAuthn.enable")
        options = {
            "protocol": "ctap2",
            "transport": "internal",
            "hasResidentKey": True,
            "hasUserVerification": True,
            "isUserVerified": True,
            "automaticPresenceSimulation": True,
        }
        device.send("WebAuthn.addVirtualAuthenticator", {"options": options})
        seen = []
        page.goto(address)
        page.get_by_label("Code").fill(code)
        with page.expect_navigation():
            page.get_by_role("button", name="Go on").click()
        seen.append(page.locator("h1").inner_text())
        with page.expect_navigation():  # or the next click would find the button of the page before
            page.get_by_role("link", name="Use this device").click()
        seen.append(page.locator("h1").inner_text())
        with page.expect_navigation(url=lambda url: url.endswith("/")):
            page.get_by_role("button", name="Go on").click()
        seen.append(page.locator("h1").inner_text())
        page.keyboard.press("d")
        page.wait_for_url("**/f/*")
        seen.append(page.locator("h1").inner_text())
        with page.expect_navigation():
            page.keyboard.press("y")
        seen.append(page.locator(".said").inner_text())
        # The next morning: signed out, and in again with the same device.
        page.goto(address.rpartition("/")[0] + "/")
        with page.expect_navigation():
            page.get_by_role("button", name="Sign out").click()
        with page.expect_navigation(url=lambda url: "sign-in" not in url):
            page.get_by_role("button", name="Use Windows Hello").click()
        seen.append(page.locator("h1").inner_text())
        made.close()
    print(json.dumps(seen))


if __name__ == "__main__":
    main(*sys.argv[1:])
