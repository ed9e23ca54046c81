"""Chromium without a window, driven over WebDriver (W3C, "WebDriver") by Debian's chromium-driver."""

import base64
import contextlib
import json
import pathlib
import re
import signal
import subprocess
import time
import urllib.error
import urllib.request

ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
TAB = "\ue004"
SECONDS_FOR_A_CONDITION = 15


class Fault(Exception):
    """A sentence about what is not as it must be."""


class Browser:
    """A browser with a profile of its own, which reaches no host but this machine."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        environment = {"HOME": str(folder), "PATH": "/usr/bin:/bin", "TMPDIR": str(folder)}
        self.driver = subprocess.Popen(
            ["chromedriver", "--port=0"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
            cwd=folder, env=environment)
        self.port = None
        for line in self.driver.stdout:
            found = re.search(r"started successfully on port (\d+)", line)
            if found:
                self.port = int(found[1])
                break
        if self.port is None:
            raise Fault("chromedriver does not start; install Debian's chromium and chromium-driver")
        options = [
            "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
            "--no-proxy-server", "--disable-background-networking", "--disable-component-update", "--disable-sync",
            "--disable-extensions", "--force-color-profile=srgb", "--lang=en-GB", "--window-size=1280,900",
            "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
            f"--user-data-dir={self.folder / 'profile'}",
        ]
        capabilities = {
            "browserName": "chrome",
            "goog:loggingPrefs": {"browser": "ALL"},
            "goog:chromeOptions": {"binary": "/usr/bin/chromium", "args": options},
        }
        started = self.ask("POST", "/session", {"capabilities": {"alwaysMatch": capabilities}})
        self.session = started["sessionId"]
        self.process = started["capabilities"].get("goog:processID")

    def stop(self):
        """Ends the browser and its driver."""
        with contextlib.suppress(OSError, Fault):
            self.ask("DELETE", f"/session/{self.session}")
        self.driver.send_signal(signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.driver.wait(timeout=10)
        if self.driver.poll() is None:
            self.driver.kill()
            self.driver.wait()
        self.driver.stdout.close()

    def ask(self, method, path, body=None):
        """The value that the driver answers to a command."""
        data = None if method in {"GET", "DELETE"} else json.dumps(body or {}).encode()
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}{path}", data, {"Content-Type": "application/json"}, method=method)
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with opener.open(request, timeout=60) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as error:
            value = json.load(error)["value"]
            raise Fault(f"{value['error']}: {value['message'].splitlines()[0]}") from None

    def command(self, method, path, body=None):
        """A command about the page."""
        return self.ask(method, f"/session/{self.session}{path}", body)

    def chromium(self, name, **parameters):
        """A command of Chromium's own (Chrome DevTools Protocol)."""
        return self.command("POST", "/goog/cdp/execute", {"cmd": name, "params": parameters})

    def open(self, address):
        """Opens a page; one that is open already is loaded anew, whatever the fragment."""
        self.command("POST", "/url", {"url": "about:blank"})
        self.command("POST", "/url", {"url": address})

    def address(self):
        """The address of the page."""
        return self.command("GET", "/url")

    def run(self, script, *arguments):
        """What the body of a function returns in the page; it may await."""
        return self.command(
            "POST", "/execute/async",
            {"script": "const done = arguments[arguments.length - 1];"
                       f"(async (...given) => {{ {script} }})(...arguments).then(done, error => done('' + error));",
             "args": list(arguments)})

    def wait(self, condition, what=None):
        """Waits until an expression is true in the page."""
        end = time.monotonic() + SECONDS_FOR_A_CONDITION
        while time.monotonic() < end:
            with contextlib.suppress(Fault):
                if self.run(f"return !!({condition})") is True:
                    return
            time.sleep(0.05)
        shown = self.run("return document.body.innerText.slice(0, 600)")
        raise Fault(f"{what or condition}: this never came to be; the page shows: {shown!r}")

    def find(self, selector, text=None):
        """The element of a selector, and of a text if one is given; waits for it to be there."""
        script = """
          const [selector, text] = given;
          return [...document.querySelectorAll(selector)].find(element =>
            element.checkVisibility() && (text === null || element.textContent.trim() === text)) ?? null;"""
        end = time.monotonic() + SECONDS_FOR_A_CONDITION
        while time.monotonic() < end:
            with contextlib.suppress(Fault):
                element = self.run(script, selector, text)
                if isinstance(element, dict):
                    return element[ELEMENT]
            time.sleep(0.05)
        raise Fault(f"there is no {selector} {text or ''}; the page shows: "
                    f"{self.run('return document.body.innerText.slice(0, 600)')!r}")

    def click(self, selector, text=None):
        """Clicks as a hand does: again, if what it reached for was drawn anew meanwhile."""
        for _ in range(3):
            try:
                return self.command("POST", f"/element/{self.find(selector, text)}/click")
            except Fault as fault:
                if "stale element" not in str(fault):
                    raise
        raise Fault(f"{selector} {text or ''} is drawn anew again and again")

    def type(self, selector, text):
        """Types into a field, which is emptied before."""
        element = self.find(selector)
        self.command("POST", f"/element/{element}/clear")
        self.command("POST", f"/element/{element}/value", {"text": text})

    def choose(self, selector, value):
        """Chooses an option by its value."""
        self.find(selector)
        option = self.command(
            "POST", "/element", {"using": "css selector", "value": f"{selector} option[value='{value}']"})
        self.command("POST", f"/element/{option[ELEMENT]}/click")

    def press(self, key):
        """Presses a key wherever the focus is."""
        self.command("POST", "/actions", {"actions": [
            {"type": "key", "id": "keys",
             "actions": [{"type": "keyDown", "value": key}, {"type": "keyUp", "value": key}]}
        ]})

    def look(self, width, height, scheme="light", reduced=False):
        """The size of the page and what its reader prefers."""
        self.chromium("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1,
                      mobile=width < 500)
        self.chromium("Emulation.setEmulatedMedia", features=[
            {"name": "prefers-color-scheme", "value": scheme},
            {"name": "prefers-reduced-motion", "value": "reduce" if reduced else "no-preference"}])

    def picture(self, file):
        """Writes what the page looks like, all of it, as PNG."""
        shot = self.chromium("Page.captureScreenshot", format="png", captureBeyondViewport=True)
        pathlib.Path(file).write_bytes(base64.b64decode(shot["data"]))

    def complaints(self):
        """What the browser has written to its console since it was asked last, but for requests that were refused."""
        entries = self.command("POST", "/se/log", {"type": "browser"})
        return [entry["message"] for entry in entries if "Failed to load resource" not in entry["message"]]
