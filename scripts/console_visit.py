"""A walk through the pages of the console and of the users, step by step, as people do it."""

import json
import time
import urllib.parse

from webdriver import Fault, TAB

PASSWORD = "a walk by the sea"
SECRET = "c4n4ry-of-the-store"
MARKUP = "<img src=x onerror=window.pwned=1><script>window.pwned=1</script>"


class Visit:
    """One run through all pages."""

    def __init__(self, server, browser, rules, pictures, make_nodes):
        self.server, self.browser, self.page_rules, self.pictures = server, browser, rules, pictures
        self.make_nodes = make_nodes
        self.accounts = {}

    def fill(self):
        """Two administrators, users, sessions and keys."""
        for name, level in [("root", "A"), ("second", "A"), ("ann", "U")]:
            self.accounts[name] = self.server.must("POST", "/v2/accounts", {
                "email": f"{name}@example.org", "username": name, "password": PASSWORD, "level": level,
                "name": "Ann " + MARKUP if name == "ann" else name.title(),
                "links": [{"issuer": self.server.issuer, "subject": name}]})["id"]
        for number in range(120):
            self.server.open_session(f"user-{number:03}", address=f"192.0.2.{number}", kind="web",
                                     user_agent="Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0")
        self.hostile = self.server.open_session(
            "u" + MARKUP, user_name="n" + MARKUP, address="a" + MARKUP, client="c" + MARKUP, user_agent="g" + MARKUP,
            kind="k" + MARKUP, status="s" + MARKUP, user={"m" + MARKUP: MARKUP}, data=[MARKUP])
        self.server.must("POST", "/v2/keys", {"name": "key " + MARKUP, "scopes": ["sessions:read"]})

    # What the steps are made of.

    def console(self, page=""):
        """Opens a page of the console and waits until it is drawn."""
        self.browser.open(f"{self.server.address}/console{'#/' + page if page else ''}")
        self.browser.wait("document.querySelector('.page[data-ready]') || document.querySelector('.gate')")

    def log_in(self, name="root", password=PASSWORD):
        """Logs in at the console's form."""
        self.browser.type("input[name=email]", f"{name}@example.org")
        self.browser.type("input[name=password]", password)
        self.browser.click("button.primary", "Log in")

    def shows(self, text, where="body"):
        """Waits until the page shows a text."""
        self.browser.wait(f"document.querySelector({json.dumps(where)}).innerText.includes({json.dumps(text)})",
                          f"{where} shows {text!r}")

    def hides(self, text, where="main"):
        """Waits until the page does not show a text."""
        self.browser.wait(f"!document.querySelector({json.dumps(where)}).innerText.includes({json.dumps(text)})",
                          f"{where} does not show {text!r}")

    def agree(self):
        """Takes the dialog's dangerous way."""
        self.browser.click("dialog .actions button:last-child")

    def expect(self, is_so, what):
        """Raises a fault unless something is so."""
        if not is_so:
            raise Fault(what)

    def state(self, session):
        """What the server says of a session."""
        return self.server.must("GET", f"/v2/sessions/{session['id']}")["state"]

    def rules(self, name, sizes=((1600, 1000), (1000, 800), (360, 760))):
        """Holds the page to the rules, at each size and in both schemes."""
        for width, height in sizes:
            for scheme in ("light", "dark"):
                self.browser.look(width, height, scheme, reduced=True)
                self.browser.run("await new Promise(go => setTimeout(() => requestAnimationFrame(go), 60))")
                found = self.browser.run(self.page_rules, width)
                if self.pictures:
                    self.browser.picture(self.pictures / f"{name}-{width}-{scheme}.png")
                self.expect(found == [], f"{name} at {width} pixels, {scheme}: {found}")
        self.browser.look(1280, 900)

    def focus(self, name):
        """Goes through the page by Tab: in the order of the document, and always to be seen."""
        self.browser.run("document.activeElement.blur(); window.scrollTo(0, 0)")
        order = []
        for _ in range(12):
            self.browser.press(TAB)
            order.append(self.browser.run("""
              const element = document.activeElement;
              const style = getComputedStyle(element);
              const list = [...document.querySelectorAll('*')];
              return [list.indexOf(element), style.outlineStyle, parseFloat(style.outlineWidth),
                element.outerHTML.slice(0, 80)];
            """))
        places = [place for place, *_ in order]
        wrapped = places.index(min(places[1:])) if min(places[1:]) < places[0] else len(places)
        self.expect(places[:wrapped] == sorted(places[:wrapped]), f"{name}: the focus jumps: {order}")
        for place, style, width, text in order:
            seen = style != "none" and width >= 2 or "class=\"skip\"" in text or text.startswith("<body")
            self.expect(seen, f"{name}: the focus on {text} can't be seen")

    # The steps.

    def logging_in(self):
        """the console lets in administrators, and tells nobody else why not"""
        self.console()
        self.rules("login")
        self.focus("login")
        for name, password in [("root", "not the password"), ("ann", PASSWORD), ("nobody", PASSWORD)]:
            self.log_in(name, password)
            self.shows("These credentials don’t open the console.", ".complaint")
        self.log_in()
        self.browser.wait("document.querySelector('.page.overview[data-ready]')")
        self.expect(self.browser.run("return document.cookie") == "", "a script sees the cookie")
        found = self.browser.run("""
          const answer = await fetch('/console/api/keys', {method: 'POST', body: '{"name":"x","scopes":["admin"]}',
            headers: {'Content-Type': 'application/json'}});
          return answer.status;""")
        self.expect(found == 403, f"a change without the session's token is answered {found}")

    def at_provider(self, subject):
        """Goes to the provider from the console's log-in, and logs in there."""
        self.console()
        self.browser.click("button", "Log in with example")
        self.browser.type("input[name=sub]", subject)
        self.browser.click("button", "Authorize")

    def provider(self):
        """people log in at a provider: administrators land in the console, others are told why not"""
        self.console()
        self.browser.click("button", "Log out")
        self.browser.click("button", "Log in with example")
        self.browser.wait("document.querySelector('input[name=sub]')")
        asked = urllib.parse.parse_qs(urllib.parse.urlsplit(self.browser.address()).query)
        self.expect(asked["redirect_uri"] == [f"{self.server.address}/console"], f"the provider is told {asked}")
        self.expect(asked["code_challenge_method"] == ["S256"] and len(asked["nonce"][0]) == 43, f"and {asked}")
        self.browser.click("button", "Deny")
        self.shows("You did not log in at the provider.", ".complaint")
        for subject in ("ann", "nobody"):
            self.at_provider(subject)
            self.shows("active accounts of level A, administrators", ".complaint")
            self.expect("code=" not in self.browser.run("return location.href"), "the code stays in the address")
        self.rules("refused", sizes=((360, 760), (1600, 1000)))
        self.at_provider("root")
        self.browser.wait("document.querySelector('.page.overview[data-ready]')")
        self.expect(self.browser.run("return location.search + sessionStorage.length") == "0", "something is left over")
        self.shows("Root", "#who")
        opened = self.server.must("GET", f"/v2/sessions?user_id={self.accounts['root']}&state=open&limit=1")["sessions"]
        self.expect(opened[0]["login_method"].startswith("console."), f"it was opened by {opened[0]['login_method']}")

    def forged_return(self):
        """a code that this tab has not asked for opens nothing, and is not even tried"""
        self.console()
        self.browser.click("button", "Log out")
        self.shows("You are logged out.")
        self.browser.open(f"{self.server.address}/console?code=stolen&state=guessed")
        self.shows("not begun in this tab", ".complaint")
        # Somebody else's answer, brought to a tab that waits for another.
        self.browser.click("button", "Log in with example")
        self.browser.wait("document.querySelector('input[name=sub]')")
        self.browser.open(f"{self.server.address}/console?code=stolen&state=guessed")
        self.shows("not begun in this tab", ".complaint")
        tried = self.browser.run(
            "return performance.getEntriesByType('resource').some(entry => entry.name.includes('/login/provider'))")
        self.expect(not tried, "the code was tried")
        refusal = urllib.parse.urlencode({"error": "server_error", "error_description": MARKUP})
        self.browser.open(f"{self.server.address}/console?{refusal}")
        self.shows("The provider did not log you in.", ".complaint")
        self.log_in()
        self.browser.wait("document.querySelector('.page.overview[data-ready]')")

    def overview(self):
        """the overview shows how the node stands and goes"""
        self.console("overview")
        self.browser.wait("/\\d/.test(document.querySelector('.figures dd')?.textContent)")
        self.shows("this node’s alone", ".facts")
        self.shows("reaps, posts to webhooks", ".nodes tbody")
        self.shows("live", ".nodes tbody")
        # The first interval is over five seconds after the start.
        self.browser.wait("document.querySelectorAll('.plot .line[d^=M]').length >= 3", "the plots have lines")
        self.rules("overview")
        self.focus("overview")
        self.browser.click("button", "Last day")
        self.browser.wait("document.querySelector('[data-span=day]').getAttribute('aria-pressed') === 'true'")

    def paging(self):
        """sessions come in pages, forth and back"""
        self.console("sessions")
        first = self.browser.run("return document.querySelector('tbody tr').dataset.key")
        self.browser.click("button", "Next page")
        self.shows("Page 2, 50 sessions")
        self.browser.click("button", "Next page")
        self.shows("Page 3")
        self.browser.click("button", "Previous page")
        self.shows("Page 2, 50 sessions")
        self.browser.click("button", "Previous page")
        self.shows("Page 1, 50 sessions")
        self.browser.wait(f"document.querySelector('tbody tr').dataset.key === {json.dumps(first)}")
        self.rules("sessions")
        self.focus("sessions")

    def filtering(self):
        """a filter shows the sessions that match, and its address keeps it"""
        self.console("sessions")
        self.browser.type("input[name=user_id]", "user-007")
        self.browser.click("button", "Show")
        self.shows("Page 1, 1 session")
        self.shows("192.0.2.7", "tbody")
        self.browser.click("summary")
        self.browser.type("input[name=address]", "192.0.2.8")
        self.browser.click("button", "Show")
        self.shows("No session matches.")
        self.browser.command("POST", "/refresh")
        self.shows("No session matches.")

    def markup(self):
        """whatever a session, an account or a key is called is shown as text"""
        self.console(f"sessions/{self.hostile['id']}")
        for letter in "nuakcs":
            self.shows(letter + MARKUP, "main")
        self.shows(json.dumps(MARKUP)[1:-1], "pre")
        self.rules("session")
        self.console("sessions?user_id=" + urllib.parse.quote("u" + MARKUP))
        self.shows("n" + MARKUP, "tbody")
        self.console(f"accounts/{self.accounts['ann']}")
        self.shows("Ann " + MARKUP)
        self.console("keys")
        self.shows("key " + MARKUP)
        self.console("events")
        self.shows("key " + MARKUP)
        self.expect(self.browser.run("return window.pwned === undefined && !document.querySelector('img[src=x]')"),
                    "a text became markup")

    def closing_one(self):
        """one session is closed after a question, and not by the way out of it"""
        session = self.server.open_session("closing")
        self.console("sessions?user_id=closing")
        self.browser.click("tbody button", "Close")
        self.browser.click("dialog button", "Cancel")
        self.expect(self.state(session) == "open", "the session was closed by Cancel")
        self.browser.click("tbody button", "Close")
        self.rules("dialog", sizes=((360, 760), (1600, 1000)))
        self.agree()
        self.shows("ended: revoked", "tbody")
        self.expect(self.state(session) == "closed", "the session is still open")

    def closing_many(self):
        """all that match are counted first, and then closed"""
        chosen = [self.server.open_session("many", client="telephone") for _ in range(3)]
        other = self.server.open_session("many", client="desk")
        self.console("sessions?user_id=many&client=telephone")
        self.browser.click("button", "Close all that match…")
        self.shows("Close 3 live sessions?", "dialog")
        self.browser.click("dialog button", "Cancel")
        self.expect(all(self.state(session) == "open" for session in chosen), "Cancel closed them")
        self.browser.click("button", "Close all that match…")
        self.browser.click("dialog button", "Close 3 live sessions")
        self.shows("3 closed.")
        self.expect(all(self.state(session) == "closed" for session in chosen), "they are still open")
        self.expect(self.state(other) == "open", "one that does not match was closed")
        self.browser.click("button", "Close all that match…")
        self.shows("there is nothing to close")

    def live(self):
        """rows come and change by themselves, and the focus stays"""
        self.console("sessions?user_id=lively")
        self.shows("No session matches.")
        self.browser.wait("document.querySelector('.live.on')", "the stream is there")
        session = self.server.open_session("lively", client="one")
        self.shows("live", "tbody")
        self.browser.run("document.querySelector('input[name=user_id]').focus()")
        self.server.open_session("lively", client="two")
        self.browser.wait("document.querySelectorAll('tbody tr').length === 2")
        self.server.must("POST", f"/v2/sessions/{session['id']}/close", {"reason": "logout"})
        self.shows("ended: logged out", "tbody")
        self.expect(self.browser.run("return document.activeElement.name") == "user_id", "the focus was lost")

    def timeline(self):
        """a session's page tells how it went, as it goes"""
        session = self.server.open_session("timely")
        self.console(f"sessions/{session['id']}")
        self.shows("Opened", ".timeline")
        self.shows("Ends, if no other request comes", ".timeline")
        self.browser.wait("document.querySelector('.live.on')")
        self.server.must("PATCH", f"/v2/sessions/{session['id']}", {"status": "new"})
        self.shows("Changed", ".timeline")
        self.browser.click("button", "Close this session")
        self.agree()
        self.shows("by administrator", ".timeline")
        self.expect(self.state(session) == "closed", "the session is still open")

    def accounts_page(self):
        """accounts are found, raised, and switched off with their sessions"""
        ann = self.accounts["ann"]
        session = self.server.open_session(str(ann))
        self.console("accounts")
        self.shows("root@example.org")
        self.rules("accounts")
        self.browser.type("input[name=q]", "ann@example.org")
        self.browser.click("button", "Show")
        self.hides("root@example.org")
        self.browser.click("tbody a")
        self.shows("What it may do")
        self.rules("account")
        self.browser.choose("select[name=level]", "T")
        self.browser.click("button", "Set the level")
        self.shows("The level is T now")
        self.expect(self.server.must("GET", f"/v2/accounts/{ann}")["level"] == "T", "the level is another")
        self.browser.click("button", "Deactivate…")
        self.agree()
        self.shows("not active any more")
        self.expect(self.state(session) == "closed", "the account's session is open")
        self.browser.click("button", "Activate")
        self.shows("The account is active.")
        # Somebody else's change, seen without asking.
        self.server.must("PATCH", f"/v2/accounts/{ann}", {"timezone": "Europe/Oslo"})
        self.browser.run("document.activeElement.blur()")
        self.shows("Europe/Oslo")

    def keys_page(self):
        """a key is made, shown once, good, and revoked"""
        self.console("keys")
        self.rules("keys")
        self.browser.type("input[name=name]", "nightly")
        self.browser.click("input[value='sessions:read']")
        self.browser.click("button", "Make the key")
        self.browser.wait("document.querySelector('dialog input')?.value.startsWith('ssk_')")
        secret = self.browser.run("return document.querySelector('dialog input').value")
        self.rules("key", sizes=((360, 760),))
        self.expect(self.server.call("GET", "/v2/sessions", key=secret)[0] == 200, "the key is not good")
        self.browser.click("dialog button", "Done")
        self.expect(secret not in self.browser.run("return document.documentElement.outerHTML"), "the key is there")
        self.browser.click("button[aria-label='Revoke nightly']")
        self.agree()
        self.hides("nightly", "tbody")
        self.expect(self.server.call("GET", "/v2/sessions", key=secret)[0] == 401, "the key is good still")

    def events_page(self):
        """events are shown as they happen, and wait while the list is paused"""
        self.console("events")
        self.browser.wait("document.querySelector('.live.on')")
        self.server.open_session("eventful")
        self.shows("eventful", "tbody")
        self.rules("events")
        self.browser.click("button", "Pause")
        self.server.open_session("waiting")
        self.shows("Paused; 1 have come", ".hint")
        self.expect("waiting" not in self.browser.run("return document.querySelector('tbody').innerText"), "no pause")
        self.browser.click("button", "Go on")
        self.shows("waiting", "tbody")
        self.browser.choose("select[name=type]", "key.revoked")
        self.hides("session.opened", "tbody")

    def settings_page(self):
        """settings say what differs from the default, and no secret"""
        self.console("settings")
        self.shows("session.live_limit")
        self.rules("settings")
        self.browser.click("input[name=only]")
        self.hides("session.lifetime_ceiling", "tbody")
        self.shows("500", "tbody")
        self.shows("set, not shown", "tbody")
        text = self.browser.run(
            "return (await (await fetch('/console/api/settings')).text()) + document.body.outerHTML")
        self.expect(SECRET not in text, "a secret is shown")

    def plots(self):
        """the plots have lines once the node has run for a while, and fit any page"""
        self.console("overview")
        self.browser.wait("document.querySelector('.plot .line').getAttribute('d').split('L').length > 4")
        self.rules("plots")

    def demotion(self):
        """an administrator whose level falls is out with the next request"""
        self.console("sessions")
        self.server.must("PATCH", f"/v2/accounts/{self.accounts['root']}", {"level": "T"})
        self.browser.click("nav a", "Accounts")
        self.shows("active accounts of level A", ".complaint")
        self.server.must("PATCH", f"/v2/accounts/{self.accounts['root']}", {"level": "A"})
        self.console()
        self.browser.wait("document.querySelector('.page')")
        self.server.must("PATCH", f"/v2/accounts/{self.accounts['root']}", {"active": False})
        self.browser.click("nav a", "Accounts")
        self.shows("Log in again", ".complaint")
        self.server.must("PATCH", f"/v2/accounts/{self.accounts['root']}", {"active": True})

    def links(self):
        """a link of the machine itself logs in once"""
        address = self.server.link()
        self.browser.open(address)
        self.browser.wait("document.querySelector('.page.overview')")
        self.expect("link=" not in self.browser.run("return location.href"), "the code stays in the address")
        self.browser.click("button", "Log out")
        self.shows("You are logged out.")
        self.browser.open(address)
        self.shows("not good any more", ".complaint")

    def own_page(self):
        """a user sees where they are logged in, logs out there, and changes the password"""
        self.browser.open(f"{self.server.address}/account")
        self.browser.wait("document.querySelector('.gate')")
        self.rules("own-login", sizes=((360, 760),))
        self.log_in("second")
        self.browser.wait("document.querySelector('[data-ready]')")
        user = str(self.accounts["second"])
        away = self.server.open_session(user, client="Telephone " + MARKUP)
        more = [self.server.open_session(user, client=f"Library {number}") for number in range(2)]
        self.browser.command("POST", "/refresh")
        self.shows("Telephone " + MARKUP, "tbody")
        self.rules("own")
        self.focus("own")
        self.browser.click(f"tr[data-key='{away['id']}'] button")
        self.hides("Telephone")
        self.expect(self.state(away) == "closed" and self.state(more[0]) == "open", "another session was closed")
        self.browser.click("button", "Log out everywhere else")
        self.agree()
        self.hides("Library")
        self.expect(self.state(more[0]) == "closed", "it is open elsewhere")
        another = "another walk by the sea"
        for name, text in [("current", "wrong"), ("new", another), ("again", another)]:
            self.browser.type(f"input[name={name}]", text)
        self.browser.click("button", "Change it")
        self.shows("The password now is another one.", ".complaint")
        self.browser.type("input[name=current]", PASSWORD)
        self.browser.click("button", "Change it")
        self.shows("The password is changed.", ".done")
        self.browser.click("button", "Log out")
        self.shows("You are logged out.")
        self.log_in("second", another)
        self.browser.wait("document.querySelector('tbody')")
        self.expect(self.browser.run("return (await fetch('/console/api/session')).status") == 401,
                    "a user's own session opens the console")

    def nodes(self):
        """of several nodes each is seen, and one that dies is missed, without a click"""
        together = self.make_nodes()
        try:
            first, second = together.servers
            first.must("POST", "/v2/accounts", {"email": "root@example.org", "password": PASSWORD, "level": "A"})
            self.browser.open(first.link())
            for server in together.servers:
                self.shows(server.address, ".nodes tbody")
            rows = "[...document.querySelectorAll('.nodes tbody tr')].map(row => row.innerText)"
            self.browser.wait(f"{rows}.every(row => row.includes('live') && !row.includes('not trusted'))",
                              "all trust their caches")
            self.browser.wait(f"{rows}.filter(row => row.includes('reaps')).length === 1", "one of them reaps")
            self.rules("nodes")
            second.kill()
            self.browser.wait(f"{rows}.some(row => row.includes('lost') && row.includes({json.dumps(second.address)}))",
                              "the one that was killed is lost")
            self.rules("lost", sizes=((1600, 1000), (360, 760)))
        finally:
            together.stop()

    STEPS = [logging_in, provider, forged_return, overview, paging, filtering, markup, closing_one, closing_many, live,
             timeline, accounts_page, keys_page, events_page, settings_page, plots, demotion, links, own_page,
             nodes]

    def run(self):
        """Takes the steps; answers how many failed."""
        faults = 0
        for step in self.STEPS:
            began = time.monotonic()
            try:
                step(self)
                self.browser.wait("performance.getEntriesByType('resource').every(entry => "
                                  "entry.name.startsWith(location.origin))", "everything comes from this server")
                complaints = self.browser.complaints()
                self.expect(not complaints, f"the browser complains: {complaints}")
                print(f"check-console: {time.monotonic() - began:5.1f} s  {step.__doc__}", flush=True)
            except Fault as fault:
                faults += 1
                print(f"check-console: FAILED  {step.__doc__}: {fault}", flush=True)
                self.browser.look(1280, 900)
        return faults
