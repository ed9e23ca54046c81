import HTTPTesting
import JSON
import Testing

extension RunningProgramTests {
  /// With a provider that others wrote, by the code flow of OpenID Connect.
  @Suite struct ProviderTests {
    private static let users = [
      #"{"sub":"ann","email":"ann@example.org","email_verified":true,"name":"Ann Lee","given_name":"Ann"}"#,
      #"{"sub":"bob","email":"bob@staff.example.com","email_verified":true}"#,
      #"{"sub":"eve","email":"eve@example.org","email_verified":false}"#,
      #"{"sub":"nomail"}"#,
    ]

    private func withProvider(
      _ flags: [String], _ body: @escaping @Sendable (RunningProgram, OpenIDProvider) throws -> Void
    ) async throws {
      let provider = try await onBlockingThread { Handover(try OpenIDProvider(users: Self.users)) }
      try await withProgram(provider.value.settings + flags) { program in try body(program, provider.value) }
    }

    /// Carries the provider, which one thread at a time uses, from one to the next.
    private struct Handover: @unchecked Sendable {
      let value: OpenIDProvider
      init(_ value: OpenIDProvider) { self.value = value }
    }

    @Test("without enrolment only a linked user logs in, once for each token, with the nonce that was asked for")
    func linked() async throws {
      try await withProvider([]) { program, provider in
        let client = try program.client()
        let start = try client.send(
          "POST", "/v2/accounts", #"{"links":[{"issuer":"\#(provider.issuer)","subject":"ann"}]}"#)
        #expect(start.status == 201)
        let token = try provider.idToken(of: "ann", nonce: "n1")
        let other = try client.logIn(idToken: token, #""nonce":"n2""#)
        #expect(other.status == 401 && other["code"]?.string == "login_refused")
        let reply = try client.logIn(idToken: token, #""nonce":"n1""#)
        #expect(reply.status == 201, "a refusal uses no token up: \(reply.text)")
        #expect(reply["account"]?["id"]?.integer == 1 && reply["session"]?["login_method"]?.string == "oidc")
        #expect(try client.ownStatus(try #require(reply["token"]?.string)) == 200)
        let again = try client.logIn(idToken: token, #""nonce":"n1""#)
        #expect(again.status == 401 && again.text.count == other.text.count)
        #expect(try client.logIn(idToken: provider.idToken(of: "bob")).status == 401)
        #expect(try client.logIn(idToken: provider.idToken(of: "ann", client: "them")).status == 401)
        #expect(
          try client.events(types: "login.refused").map(\.reason) == [
            "id_token_nonce", "id_token_used", "not_enrolled", "id_token_audience",
          ])
        #expect(try client.send("GET", "/v2/accounts?count=true")["count"]?.integer == 1)
      }
    }

    @Test("with enrolment everybody gets an account of the level that is set, and the same one ever after")
    func enrolment() async throws {
      try await withProvider(["--set", "login.enrolment=on", "--set", "login.enrolment_level=C"]) { program, provider in
        let client = try program.client()
        try client.account("root", level: "A")
        let ann = try client.logIn(idToken: provider.idToken(of: "ann"))
        #expect(ann.status == 201 && ann["account"]?["level"]?.string == "C")
        #expect(ann["account"]?["email"]?.string == "ann@example.org")
        #expect(ann["account"]?["verified"]?.boolean == true && ann["account"]?["name"]?.string == "Ann Lee")
        #expect(ann["account"]?["links"]?.elements.first?["issuer"]?.string == provider.issuer)
        let again = try client.logIn(idToken: provider.idToken(of: "ann"))
        #expect(again["account"]?["id"]?.integer == ann["account"]?["id"]?.integer)
        let nomail = try client.logIn(idToken: provider.idToken(of: "nomail"))
        #expect(nomail.status == 201 && nomail["account"]?["email"] == nil)
        let eve = try client.logIn(idToken: provider.idToken(of: "eve"))
        #expect(eve.status == 401, "an address that the provider does not vouch for")
        #expect(try client.events(types: "login.refused").map(\.reason) == ["email_not_verified"])
        #expect(try client.events(types: "account.created").map(\.actor) == ["service", "policy", "policy"])
      }
    }

    @Test("an account with the same address is not taken over by somebody who first comes with an id token")
    func takeover() async throws {
      try await withProvider(["--set", "login.enrolment=on"]) { program, provider in
        let client = try program.client()
        try client.account("ann")
        #expect(try client.logIn(idToken: provider.idToken(of: "ann")).status == 401)
        #expect(try client.events(types: "login.refused").map(\.reason) == ["email_taken"])
        #expect(try client.logIn("ann").status == 201)
      }
    }

    @Test("with enrolment by domains an account goes to whom the provider vouches for, at the domain's level")
    func domains() async throws {
      let flags = ["--set", "login.enrolment=domains", "--set", "login.enrolment_domains=staff.example.com=T"]
      try await withProvider(flags) { program, provider in
        let client = try program.client()
        try client.account("root", level: "A")
        let bob = try client.logIn(idToken: provider.idToken(of: "bob"))
        #expect(bob.status == 201 && bob["account"]?["level"]?.string == "T")
        for subject in ["ann", "nomail"] {
          #expect(try client.logIn(idToken: provider.idToken(of: subject)).status == 401)
        }
        #expect(try client.events(types: "login.refused").map(\.reason) == ["not_enrolled", "not_enrolled"])
      }
    }
  }
}
