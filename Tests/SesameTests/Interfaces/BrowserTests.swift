import HTTPMessages
import HTTPTesting
import JSON
import Testing

extension RunningProgramTests {
  /// What a real browser does with the session cookie, and what its pages can't make it do.
  @Suite struct BrowserTests {
    private static let page = RecordingServer.Page(type: "text/html", text: "<!DOCTYPE html><title>page</title>")

    /// Calls Sesame as a page does: with the cookie, and a body as JSON; what the browser won't do is answered as
    /// `{blocked: true}`.
    private static let call = """
      const call = async (method, address, {body, fields, type} = {}) => {
        const headers = {...fields};
        if (body) headers["Content-Type"] = type ?? "application/json";
        try {
          const answer = await fetch(address, {method, headers, body, credentials: "include"});
          const text = await answer.text();
          return {status: answer.status, body: text ? JSON.parse(text) : null};
        } catch (error) { return {blocked: true}; }
      };
      """

    private static let credentials = #"{"email":"ann@example.com","password":"a long password for Ann","cookie":true}"#

    /// Sesame with an account, a page of a listed origin, a page of another origin, and a browser.
    private struct World {
      let program: RunningProgram
      let listed: Int
      let other: Int
      let browser: Browser

      var sesame: String { "http://localhost:\(program.port)/v2" }

      /// Runs a script that may use `call` and `v2`.
      @discardableResult
      func run(_ script: String) throws -> JSONValue {
        try browser.run("const v2 = \"\(sesame)\"; \(BrowserTests.call) \(script)")
      }

      /// Logs in on the page of the listed origin, and answers the session's own token for changes.
      func logIn() throws -> String {
        try browser.open("http://localhost:\(listed)/")
        let answer = try run("return await call('POST', v2 + '/login', {body: '\(BrowserTests.credentials)'});")
        try #require(answer["status"]?.integer == 201, "\(answer.text)")
        return try #require(answer["body"]?["csrf_token"]?.string)
      }

      /// The status of the session as the page of the listed origin sees it.
      func ownStatus() throws -> Int64? {
        try browser.open("http://localhost:\(listed)/")
        return try run("return await call('GET', v2 + '/session');")["status"]?.integer
      }
    }

    private func withWorld(_ body: @escaping @Sendable (World) throws -> Void) async throws {
      let listed = RecordingServer(pages: ["/": Self.page])
      let other = RecordingServer(pages: ["/": Self.page])
      try await listed.serve {
        try await other.serve {
          let flags = ["--set", "server.allowed_origins=http://localhost:\(listed.port)"]
          try await withProgram(flags) { program in
            let account = try program.client().send(
              "POST", "/v2/accounts", #"{"email":"ann@example.com","password":"a long password for Ann"}"#)
            try #require(account.status == 201, "\(account.text)")
            let folder = try TemporaryFolder()
            let browser = try Browser(in: folder)
            try body(World(program: program, listed: listed.port, other: other.port, browser: browser))
          }
        }
      }
    }

    @Test("a page of a listed origin logs in by cookie, which no script sees, and logs out with the session's token")
    func listedPage() async throws {
      try await withWorld { world in
        let csrf = try world.logIn()
        let seen = try world.run("return {cookies: document.cookie, own: await call('GET', v2 + '/session')};")
        #expect(seen["cookies"]?.string == "", "no script sees the cookie")
        #expect(seen["own"]?["status"]?.integer == 200 && seen["own"]?["body"]?["token"] == nil)
        #expect(seen["own"]?["body"]?["csrf_token"]?.string == csrf)
        // The browser shows its scripts none of the server's own origin's cookies either.
        try world.browser.open("\(world.sesame)/session")
        #expect(try world.browser.run("return document.cookie").string == "")

        try world.browser.open("http://localhost:\(world.listed)/")
        let refused = try world.run(
          """
          return [await call('DELETE', v2 + '/session'),
            await call('DELETE', v2 + '/session', {fields: {'X-CSRF-Token': 'x'}}),
            await call('POST', v2 + '/session/renew')].map(answer => answer.status);
          """)
        #expect(refused.elements.map(\.integer) == [403, 403, 403])
        let renewed = try world.run(
          "return await call('POST', v2 + '/session/renew', {fields: {'X-CSRF-Token': '\(csrf)'}});")
        #expect(renewed["status"]?.integer == 200 && renewed["body"]?["token"] == nil)
        let ended = try world.run(
          """
          const out = await call('DELETE', v2 + '/session', {fields: {'X-CSRF-Token': '\(csrf)'}});
          return [out.status, (await call('GET', v2 + '/session')).status];
          """)
        #expect(ended.elements.map(\.integer) == [204, 401])
      }
    }

    @Test(
      "a page of no listed origin can neither log in, nor read the session, nor end it",
      arguments: ["localhost", "127.0.0.1"])
    func otherPage(host: String) async throws {
      try await withWorld { world in
        let csrf = try world.logIn()
        try world.browser.open("http://\(host):\(world.other)/")
        let proof = "fields: {'X-CSRF-Token': '\(csrf)'}"
        let answers = try world.run(
          """
          const proof = {\(proof)};
          return [
            await call('GET', v2 + '/session'),
            await call('GET', v2 + '/session/mine'),
            await call('DELETE', v2 + '/session'),
            await call('DELETE', v2 + '/session', proof),
            await call('DELETE', v2 + '/session/others', proof),
            await call('POST', v2 + '/session/renew', proof),
            await call('POST', v2 + '/login', {body: '\(Self.credentials)'}),
            await call('POST', v2 + '/login', {body: '\(Self.credentials)', type: 'text/plain'}),
            await call('POST', v2 + '/sessions', {body: '{"user_id":"ann","cookie":true}'}),
            await call('POST', v2 + '/verify', {body: '{}', type: 'text/plain'}),
          ].map(answer => answer.blocked === true);
          """)
        #expect(answers.elements.count == 10 && answers.elements.allSatisfy { $0.boolean == true })
        #expect(try world.ownStatus() == 200, "the session has not ended")
        #expect(try world.run("return await call('GET', v2 + '/session');")["body"]?["csrf_token"]?.string == csrf)
        #expect(try world.program.client().send("GET", "/v2/sessions?count=true")["count"]?.integer == 1)
      }
    }

    @Test("a form of another page can't log its visitor in, or out", arguments: ["localhost", "127.0.0.1"])
    func forms(host: String) async throws {
      try await withWorld { world in
        // JSON out of a form: the value's end closes what the name began.
        let fields = #"{"email":"ann@example.com","password":"a long password for Ann","cookie":true,"client":""#
        for (target, type, status) in [
          ("/login", "text/plain", 415), ("/login", "application/x-www-form-urlencoded", 415),
          ("/login", "multipart/form-data", 415), ("/session/renew", "text/plain", 401),
          ("/sessions", "text/plain", 403),
        ] {
          try world.browser.open("http://\(host):\(world.other)/")
          try world.browser.run(
            """
            const form = document.createElement("form");
            form.method = "POST"; form.enctype = "\(type)"; form.action = "\(world.sesame)\(target)";
            const input = document.createElement("input");
            input.name = '\(fields)'; input.value = '"}';
            form.append(input); document.body.append(form);
            setTimeout(() => form.submit(), 0);
            """)
          let isThere = "document.readyState === 'complete' && location.href === '\(world.sesame)\(target)'"
          try #require(try world.browser.wait(until: isThere), "the form was not sent")
          let answer = try world.browser.run("return JSON.parse(document.body.innerText)")
          #expect(answer["status"]?.integer == Int64(status), "\(target) \(type): \(answer.text)")
        }
        #expect(try world.ownStatus() == 401, "no cookie was set")
        #expect(try world.program.client().send("GET", "/v2/sessions?count=true")["count"]?.integer == 0)

        // Logged in, the other page's form still ends nothing.
        _ = try world.logIn()
        try world.browser.open("http://\(host):\(world.other)/")
        try world.browser.run(
          """
          document.body.innerHTML = '<form method="POST" action="\(world.sesame)/session/renew"></form>';
          setTimeout(() => document.forms[0].submit(), 0);
          """)
        try #require(try world.browser.wait(until: "location.href.endsWith('/session/renew')"))
        #expect(try world.ownStatus() == 200)
      }
    }

    @Test("a page behind a proxy logs in by cookie under its own name, and the application learns who it is")
    func behindProxy() async throws {
      let application = RecordingServer(pages: ["/public/": Self.page])
      try await application.serve {
        try await withProgram { program in
          let account = try program.client().send(
            "POST", "/v2/accounts", #"{"email":"ann@example.com","password":"a long password for Ann"}"#)
          let id = try #require(account["id"]?.integer, "\(account.text)")
          let folder = try TemporaryFolder()
          let proxy = try ReverseProxy.nginx.start(in: folder, sesame: program.port, backend: application.port)
          defer {
            proxy.process.send(9)
            _ = proxy.process.waitForEnd()
          }
          let browser = try Browser(in: folder)
          try browser.open("http://localhost:\(proxy.port)/public/")
          let statuses = try browser.run(
            """
            \(Self.call)
            const before = await fetch('/orders');
            const login = await call('POST', '/v2/login', {body: '\(Self.credentials)'});
            const during = await fetch('/orders');
            const proof = {fields: {'X-CSRF-Token': login.body.csrf_token}};
            const out = [await call('DELETE', '/v2/session'), await call('DELETE', '/v2/session', proof)];
            const after = await fetch('/orders');
            return [before, login, during, ...out, after].map(answer => answer.status);
            """)
          #expect(statuses.elements.map(\.integer) == [401, 201, 200, 403, 204, 401], "\(statuses.text)")
          let orders = application.seen.filter { $0.path == Array("/orders".utf8) }
          #expect(orders.map(\.identity.first) == [["\(id)"]])
        }
      }
    }
  }
}
