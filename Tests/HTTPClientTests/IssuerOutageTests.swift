import HTTPClient
import IdentityTesting
import IdentityTokens
import SessionCore
import SessionTesting
import Synchronization
import Testing

/// An issuer of every mood, over real connections.
@Suite("Issuers that misbehave") struct IssuerOutageTests {
  /// Fetches as a service does, with less patience.
  private final class Documents: DocumentSource {
    let client: HTTPClient
    let patience = Mutex(Duration.seconds(60))

    init(client: HTTPClient) { self.client = client }

    func document(at address: String) async throws(DocumentFailure) -> [UInt8] {
      var request = HTTPClientRequest(address)
      request.limits.totalTime = patience.withLock { $0 }
      let response: HTTPClientResponse
      do throws(HTTPClientError) {
        response = try await client.send(request)
      } catch {
        throw DocumentFailure(error.description)
      }
      guard response.status == 200 else { throw DocumentFailure("The status is \(response.status).") }
      return response.body
    }
  }

  private struct World {
    let issuer: TestIssuer
    let clock = ManualClock(Timestamp(milliseconds: 1_000_000))
    let client: HTTPClient
    let documents: Documents
    let directory: IssuerDirectory

    init(_ keys: IssuerKeyPair...) throws {
      issuer = try TestIssuer(keys: keys)
      client = try HTTPClient()
      documents = Documents(client: client)
      let settings = TrustedIssuer(name: "test", issuer: ExactText(issuer.issuer), audiences: ["us"])
      directory = IssuerDirectory(issuers: [settings], source: documents, clock: clock)
    }

    /// Lets the issuer behave so, and gives it less time if it would take all that it is given.
    func set(_ mood: TestIssuer.Mood) {
      issuer.setMood(mood)
      let patience: Duration = mood == .hanging || mood == .dripping ? .milliseconds(200) : .seconds(60)
      documents.patience.withLock { $0 = patience }
    }

    func outcome(_ key: IssuerKeyPair) async -> String {
      let token = key.token(#"{"iss":"\#(issuer.issuer)","sub":"1","aud":"us","iat":1000,"exp":9000}"#)
      return switch await directory.verify(token, nonce: nil) {
      case .genuine: "genuine"
      case .refused(let cause): cause.rawValue
      case .unavailable: "unavailable"
      }
    }
  }

  private let first = IssuerKeyPair(.es256, id: "first")
  private let second = IssuerKeyPair(.edDSA, id: "second")

  @Test("a well-behaved issuer is asked for its configuration and its keys, once")
  func proper() async throws {
    let world = try World(first)
    #expect(await world.outcome(first) == "genuine")
    #expect(await world.outcome(first) == "genuine")
    #expect(world.issuer.requests == ["/.well-known/openid-configuration", "/keys"])
    await world.client.stop()
  }

  @Test(
    "nobody is believed whose issuer hangs, redirects, drips, floods, fails or shows another's configuration",
    arguments: [TestIssuer.Mood.hanging, .redirecting, .dripping, .flooding, .failing, .foreign])
  func withoutKeys(mood: TestIssuer.Mood) async throws {
    let world = try World(first)
    world.set(mood)
    #expect(await world.outcome(first) == "unavailable")
    #expect(await world.outcome(first) == "unavailable")
    #expect(world.issuer.requests == ["/.well-known/openid-configuration"])
    world.set(.proper)
    world.clock.advance(by: .seconds(30))
    #expect(await world.outcome(first) == "genuine")
    await world.client.stop()
  }

  @Test(
    "while the issuer hangs, redirects, drips, floods or fails, known keys go on, and new ones wait for its return",
    arguments: [TestIssuer.Mood.hanging, .redirecting, .dripping, .flooding, .failing])
  func withKeys(mood: TestIssuer.Mood) async throws {
    let world = try World(first)
    #expect(await world.outcome(first) == "genuine")
    world.issuer.setKeys([second, first])
    world.set(mood)
    world.clock.advance(by: .minutes(10))
    await world.directory.refreshDue()
    #expect(await world.outcome(first) == "genuine")
    #expect(await world.outcome(second) == "unavailable")
    #expect(world.issuer.requests == ["/.well-known/openid-configuration", "/keys", "/keys"])
    world.set(.proper)
    world.clock.advance(by: .seconds(30))
    #expect(await world.outcome(second) == "genuine")
    #expect(await world.outcome(first) == "genuine")
    await world.client.stop()
  }
}
