import Console
import HTTPMessages
import HTTPTesting
import JSON
import SessionCore
import Synchronization
import Testing

/// Logging in to the console at an OpenID provider.
@Suite struct ConsoleProviderTests {
  /// A provider whose codes are "code:" and the token that they are good for, each once.
  private final class Provider: IdentityProviders {
    let names = ["corp"]
    let failure: ProviderFailure?
    private let used = Mutex<Set<String>>([])
    private let asked = Mutex<[String]>([])

    init(failing failure: ProviderFailure? = nil) { self.failure = failure }

    /// What was asked for with the codes: the verifier and the place.
    var questions: [String] { asked.withLock { $0 } }

    func entrance(of name: String) async throws(ProviderFailure) -> ProviderEntrance? {
      if let failure { throw failure }
      return name == "corp" ? ProviderEntrance(address: "https://id.example/authorize?a=1", client: "us") : nil
    }

    func redeem(_ code: ProviderCode, at name: String) async throws(ProviderFailure) -> [UInt8]? {
      if let failure { throw failure }
      asked.withLock { $0.append("\(code.verifier) \(code.place)") }
      guard name == "corp", code.code.hasPrefix("code:"), used.withLock({ $0.insert(code.code).inserted }) else {
        return nil
      }
      return Array(code.code.utf8.dropFirst(5))
    }
  }

  private static let verifier = String(repeating: "v", count: 43)
  private static let place = "https://sesame.example/console"

  /// A console whose first administrator, and whose user, are known at the provider.
  private func console(_ provider: Provider) async throws -> ConsoleWorld {
    let console = try await ConsoleWorld(providers: provider)
    for (account, subject) in [(1, "root"), (2, "ann")] {
      let links = #"{"links":[{"issuer":"\#(FakeIdentities.issuer.string)","subject":"\#(subject)"}]}"#
      let type = HTTPField("Content-Type", "application/merge-patch+json")
      let answer = await console.world.send(.patch, "/v2/accounts/\(account)", links, fields: [type])
      try #require(answer.status == 200, "\(answer.text)")
    }
    return console
  }

  private func logIn(
    _ console: ConsoleWorld, code: String, provider: String = "corp", nonce: String = "n1-of-22-characters-or-more",
    fields: [HTTPField] = [ConsoleWorld.ownPage]
  ) async -> Answer {
    await console.world.send(
      .post, "/console/api/login/provider",
      """
      {"provider":"\(provider)","code":"\(code)","verifier":"\(Self.verifier)","nonce":"\(nonce)",\
      "redirect_uri":"\(Self.place)"}
      """, fields: fields)
  }

  @Test("the page is told where to send the browser, and no secret")
  func entrance() async throws {
    let console = try await console(Provider())
    #expect(await console.world.send(.get, "/console/api/providers").text == #"{"providers":["corp"]}"#)
    let entrance = await console.world.send(.get, "/console/api/providers/corp")
    #expect(
      entrance.text == #"{"authorization_endpoint":"https://id.example/authorize?a=1","client_id":"us"}"#)
    #expect(await console.world.send(.get, "/console/api/providers/other").status == 404)
    let none = try await ConsoleWorld()
    #expect(await none.world.send(.get, "/console/api/providers").text == #"{"providers":[]}"#)
  }

  @Test("an administrator's code opens the console, once")
  func administrator() async throws {
    let provider = Provider()
    let console = try await console(provider)
    let answer = await logIn(console, code: "code:good:root:1")
    let visitor = try console.visitor(answer)
    #expect(answer["session"]?["login_method"]?.string?.hasPrefix("console.") == true)
    #expect(await console.send(visitor, .get, "/session")["account"]?.integer == 1)
    #expect(provider.questions == ["\(Self.verifier) \(Self.place)"])
    let again = await logIn(console, code: "code:good:root:1")
    #expect(again.status == 401 && again.cookie == nil && again.code == "unauthorized")
  }

  @Test("a token is good once, though it comes with another code")
  func replayed() async throws {
    let console = try await console(Provider())
    #expect(await logIn(console, code: "code:good:root").status == 201)
    let again = await logIn(console, code: "code:good:root", provider: "corp")
    #expect(again.status == 401 && again.cookie == nil)
  }

  @Test("a user who is no administrator, and a stranger, are refused and get no session")
  func others() async throws {
    let console = try await console(Provider())
    for subject in ["ann", "nobody"] {
      let answer = await logIn(console, code: "code:good:\(subject)")
      #expect(answer.status == 401 && answer.code == "login_refused" && answer.cookie == nil, "\(subject)")
    }
    #expect(await console.world.send(.get, "/v2/sessions?user_id=2")["sessions"]?.elements.isEmpty == true)
  }

  @Test("a token with another nonce than the page's opens nothing, nor does a nonce that anyone could guess")
  func nonce() async throws {
    let console = try await console(Provider())
    let other = await logIn(console, code: "code:good:root", nonce: "other-of-22-characters-")
    #expect(other.status == 401 && other.cookie == nil)
    #expect(await logIn(console, code: "code:good:root", nonce: "short").status == 400)
  }

  @Test("a page of another origin logs nobody in, and uses no code up")
  func foreign() async throws {
    let provider = Provider()
    let console = try await console(provider)
    let fields = [HTTPField("Sec-Fetch-Site", "cross-site"), HTTPField("Origin", "https://evil.example")]
    let answer = await logIn(console, code: "code:good:root", fields: fields)
    #expect(answer.status == 403 && answer.cookie == nil && provider.questions.isEmpty)
  }

  @Test("a provider that is away is answered with 503, and so are too many at once", arguments: [true, false])
  func away(isBusy: Bool) async throws {
    let console = try await console(Provider(failing: ProviderFailure(isBusy: isBusy)))
    for answer in [
      await logIn(console, code: "code:good:root"), await console.world.send(.get, "/console/api/providers/corp"),
    ] {
      #expect(answer.status == 503 && answer.code == "busy" && answer.field("retry-after") == "2")
    }
  }
}
