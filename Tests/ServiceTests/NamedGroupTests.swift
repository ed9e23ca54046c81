import Accounts
import SessionCore
import Testing

@testable import Configuration

/// Settings that are there under names of the operator's own.
@Suite struct NamedGroupTests {
  private static let issuer = """
    [issuers.google]
    issuer = "https://accounts.google.com"
    audiences = ["one", "two"]

    """

  private func load(_ text: String, _ environment: [String: String] = [:]) throws -> Settings {
    try TemporaryFile.with(text) { (file) throws(ConfigurationError) in
      try Settings.load(environment: environment, defaultFile: file)
    }
  }

  private func refusal(_ text: String, _ environment: [String: String] = [:]) -> String? {
    do {
      _ = try load(text, environment)
      return nil
    } catch {
      return (error as? ConfigurationError)?.description
    }
  }

  @Test("groups are read in their order, each with its own settings")
  func reading() throws {
    let settings = try load(
      Self.issuer + """
        [issuers.microsoft]
        issuer = "https://login.microsoftonline.com/{tenantid}/v2.0"
        audiences = ["app"]
        tenants = ["9188040d-6c67-4c5b-b112-36a304b66dad"]
        keys = "https://login.microsoftonline.com/common/discovery/v2.0/keys"

        [webhooks.billing]
        url = "http://127.0.0.1:9000/hook"
        secret = "0123456789abcdef0123456789abcdef"
        types = ["session.closed", "account.removed"]
        """)
    #expect(settings.issuers.map(\.name) == ["google", "microsoft"])
    #expect(settings.issuers[0].audiences == ["one", "two"])
    #expect(settings.issuers[1].tenants == ["9188040d-6c67-4c5b-b112-36a304b66dad"])
    #expect(settings.webhooks.map(\.types) == [[.sessionClosed, .accountRemoved]])
  }

  @Test("the environment adds to a group, and makes one")
  func environment() throws {
    let settings = try load(
      Self.issuer,
      [
        "SESAME_ISSUERS_GOOGLE_AUDIENCES": "three", "SESAME_WEBHOOKS_CRM_URL": "https://crm.example.com/",
        "SESAME_WEBHOOKS_CRM_SECRET": "0123456789abcdef0123456789abcdef",
      ])
    #expect(settings.issuers.map(\.audiences) == [["three"]])
    #expect(settings.webhooks.map(\.url) == ["https://crm.example.com/"])
  }

  @Test(
    "what is not right is refused with what would be",
    arguments: [
      ("[issuers.Google]\nissuer = \"https://a.example\"\n", "lower-case letter"),
      ("[issuers.google]\nissuer = \"http://a.example\"\naudiences = [\"a\"]\n", "https address"),
      ("[issuers.google]\nissuer = \"https://user@a.example\"\naudiences = [\"a\"]\n", "https address"),
      ("[issuers.google]\nissuer = \"https://a.example\"\n", "audiences must name"),
      ("[issuers.google]\nissuer = \"https://a.example\"\naudience = [\"a\"]\n", "did you mean audiences"),
      ("[issuers.ms]\nissuer = \"https://a.example/{tenantid}\"\naudiences = [\"a\"]\n", "keys must say"),
      (
        "[issuers.ms]\nissuer = \"https://a.example\"\naudiences = [\"a\"]\ntenants = [\"b\"]\n",
        "tenants needs {tenantid}"
      ),
      (
        "[issuers.a]\nissuer = \"https://a.example\"\naudiences = [\"a\"]\nclient = \"b\"\n",
        "client must be one of"
      ),
      (
        "[issuers.a]\nissuer = \"https://a.example\"\naudiences = [\"a\"]\nsecret = \"b\"\n",
        "secret is of no use"
      ),
      ("[issuers.google]\naudiences = 7\n", "must be a list of client ids"),
      ("[webhooks.a]\nurl = \"https://a.example\"\nsecret = \"short\"\n", "32 characters"),
      ("[webhooks.a]\nsecret = \"0123456789abcdef0123456789abcdef\"\n", "url must be set"),
      ("[webhooks.a]\ntypes = [\"session.exploded\"]\n", "must be a list of event types"),
      ("[login]\nenrolment = \"domains\"\n", "needs login.enrolment_domains"),
      ("[login]\nenrolment_domains = [\"example.com=Z\"]\n", "must be a list of domains"),
      ("[server]\nallowed_origins = [\"https://a.example/\"]\n", "must be a list of origins"),
      ("[server]\nallowed_origins = [\"https://a.example:443\"]\n", "must be a list of origins"),
      ("[server]\nallowed_origins = [\"null\"]\n", "must be a list of origins"),
    ])
  func refusals(text: String, part: String) {
    let refusal = refusal(text)
    #expect(refusal?.contains(part) == true, "\(refusal ?? "accepted")")
  }

  @Test("a fault in the environment names the variable")
  func environmentFault() {
    #expect(refusal("", ["SESAME_ISSUERS_GOOGLE": "x"])?.contains("SESAME_ISSUERS_GOOGLE") == true)
    #expect(refusal("", ["SESAME_ISSUERS_GOOGLE_ISSUR": "x"])?.contains("did you mean issuer") == true)
  }

  @Test("origins and domains are read as browsers and mail programs write them")
  func origins() throws {
    let settings = try load(
      """
      [server]
      allowed_origins = ["https://WWW.example.com", "http://localhost:3000", "http://[::1]:8080"]

      [login]
      enrolment = "domains"
      enrolment_domains = ["Example.COM=U", "guests.example.com"]
      """)
    #expect(
      settings.server.allowedOrigins == ["https://www.example.com", "http://localhost:3000", "http://[::1]:8080"])
    #expect(settings.login.enrolmentDomains.map(\.domain) == ["example.com", "guests.example.com"])
    #expect(settings.login.enrolmentDomains.map(\.level) == [.user, .guest])
  }
}
