"""Checks that a browser is here, fits its driver, and starts."""

import os
import re
import shutil
import socket
import subprocess
import time
from dataclasses import replace

from webapp.browser.driver import BrowserSettings, available_browsers, open_browser
from webapp.browser.errors import BrowserLost, BrowserMissing
from webapp.browser.programs import programs, version_of
from webapp.config import Config
from webapp.doctor.checks import Finding, check, ok, problem

PACKAGES = "apt-get install chromium-headless-shell chromium-driver"


@check("browser", "a headless Chromium starts, with a driver of its version")
def _browser(config: Config) -> Finding:
    settings = BrowserSettings.from_config(config)
    try:
        found = programs(settings)
    except BrowserMissing as error:
        return problem(str(error), PACKAGES)
    browser, driver = _major(version_of(found.browser)), _major(version_of(found.driver))
    if browser != driver:
        return problem(
            f"{found.browser} is version {browser}, but {found.driver} is version {driver}.",
            PACKAGES,
        )
    began = time.monotonic()
    try:
        with open_browser(replace(settings, start_timeout_seconds=20)) as opened:
            version = opened.version
    except BrowserLost as error:
        words = str(error).partition("; For documentation")[0]
        return problem(f"{found.browser} does not start: {words}", _cure(found.browser))
    return ok(f"Chromium {version} ({found.browser}) started in {time.monotonic() - began:.1f} s")


def _cure(browser: str) -> str:
    """The driver asks its browser at localhost; as anybody but root Chromium makes sandboxes."""
    try:
        socket.getaddrinfo("localhost", None)
    except socket.gaierror:
        return "echo 127.0.0.1 localhost >>/etc/hosts"
    unshare = shutil.which("unshare")
    if (
        os.geteuid()
        and unshare
        and subprocess.run([unshare, "-U", "true"], check=False, capture_output=True).returncode
    ):
        return (
            "its sandbox needs user namespaces: sysctl -w kernel.unprivileged_userns_clone=1; "
            "in a container: security_opt seccomp:unconfined"
        )
    return f"{browser} --headless --dump-dom about:blank"


def _major(version: str) -> str:
    match = re.search(r"(\d+)\.\d", version)
    return match.group(1) if match else "unknown"


@check("more browsers", "which other browsers flows may ask for")
def _more(config: Config) -> Finding:
    others = available_browsers(BrowserSettings.from_config(config))[1:]
    here = [f"{each.label}: {each.version}" for each in others if each.is_installed]
    absent = [each.label for each in others if not each.is_installed]
    words = "; ".join(here) or "none"
    return ok(f"{words} (not installed: {', '.join(absent)})" if absent else words)
