import HTTPTesting
import Testing

@Suite("A site with log-in") struct SiteTests {
  @Test("a stranger gets the form, and an answer that runs nothing and is kept nowhere")
  func form() async throws {
    try await withSite { site in
      let reply = try Browser(site.port).get("/")
      #expect(reply.status == 200)
      #expect(reply.text.contains("name=\"password\""))
      #expect(reply.field("cache-control") == "no-store")
      #expect(reply.field("content-security-policy")?.hasPrefix("default-src 'none'") == true)
    }
  }

  @Test("a user logs in, is greeted, logs out, and the cookie is good for nothing any more")
  func logInAndOut() async throws {
    try await withSite { site in
      let browser = Browser(site.port)
      let entry = try browser.logIn()
      #expect(entry.status == 303)
      let cookie = try #require(entry.field("set-cookie"))
      #expect(cookie.contains("; HttpOnly; SameSite=Lax"))
      let home = try browser.get("/")
      #expect(home.text.contains("You are ada@example.com, logged in at 1 place."))

      #expect(try browser.post("/logout", ["proof": browser.proof(in: home)]).status == 303)
      #expect(try browser.get("/").text.contains("name=\"password\""))
      let copy = Browser(site.port)
      copy.cookie = String(cookie.prefix { $0 != ";" })
      #expect(try copy.get("/").text.contains("name=\"password\""))
    }
  }

  @Test(
    "a wrong password, an unknown address and a form that is none open nothing",
    arguments: [
      ["email": "ada@example.com", "password": "a bicycle made of tim"],
      ["email": "eve@example.com", "password": "a bicycle made of tin"], ["email": "ada@example.com"],
      ["email": "<b>", "password": "\"'"], [:],
    ])
  func refusals(form: [String: String]) async throws {
    try await withSite { site in
      let browser = Browser(site.port)
      let reply = try browser.post("/login", form)
      #expect(reply.status == (form.count == 2 ? 401 : 400))
      #expect(reply.field("set-cookie") == nil)
      #expect(!reply.text.contains("<b>"))
      #expect(try browser.get("/").text.contains("name=\"password\""))
    }
  }

  @Test("logging out needs the proof that only a page of the site has, of that very session")
  func forgedLogOut() async throws {
    try await withSite { site in
      let (ada, other) = (Browser(site.port), Browser(site.port))
      _ = try ada.logIn()
      _ = try other.logIn()
      let stolen = try other.proof(in: other.get("/"))
      for proof in ["", "x", stolen] {
        #expect(try ada.post("/logout", ["proof": proof]).status == 403)
        #expect(try ada.post("/logout-elsewhere", ["proof": proof]).status == 403)
      }
      #expect(try ada.post("/logout", [:]).status == 403)
      #expect(try ada.get("/").text.contains("logged in at 2 places"))
    }
  }

  @Test("logging out everywhere else leaves this place alone, and ends the others at once")
  func elsewhere() async throws {
    try await withSite { site in
      let (here, there) = (Browser(site.port), Browser(site.port))
      _ = try here.logIn()
      _ = try there.logIn()
      #expect(try here.post("/logout-elsewhere", ["proof": here.proof(in: here.get("/"))]).status == 303)
      #expect(try here.get("/").text.contains("logged in at 1 place."))
      #expect(try there.get("/").text.contains("name=\"password\""))
    }
  }

  @Test("a page of another origin can't log its visitor in")
  func foreignPage() async throws {
    try await withSite { site in
      let browser = Browser(site.port)
      browser.origin = "https://elsewhere.example"
      let reply = try browser.logIn()
      #expect(reply.status == 403)
      #expect(reply.field("set-cookie") == nil)
    }
  }

  @Test("guessing is stopped, with a time to come back")
  func guessing() async throws {
    try await withSite { site in
      let browser = Browser(site.port)
      var last = try browser.logIn(password: "wrong one")
      for _ in 0..<12 where last.status != 429 { last = try browser.logIn(password: "wrong one") }
      #expect(last.status == 429)
      #expect(last.field("retry-after").flatMap { Int($0) } ?? 0 >= 1)
    }
  }
}
