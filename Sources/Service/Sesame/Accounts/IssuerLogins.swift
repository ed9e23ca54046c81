import Configuration
import Console
import Cryptography
import HTTPClient
import IdentityTokens
import JSON
import Log
import SessionCore
import Synchronization

/// Logs people in to the console at the issuers that have a client for it.
///
/// Whoever may open the console's page may have an issuer asked, so that no more than a few questions are under way at
/// once, and where an issuer logs people in is remembered for an hour.
final class IssuerLogins: IdentityProviders {
  /// How many questions are under way at once.
  private static let limit = 8
  /// How long an issuer's configuration counts.
  private static let memory = TimeSpan.hours(1)

  private struct State {
    var underWay = 0
    var known: [String: (endpoints: IssuerEndpoints, time: Timestamp)] = [:]
  }

  private let issuers: [Settings.Issuer]
  private let client: HTTPClient
  private let clock: any SessionClock
  private let log: Log
  private let state = Mutex(State())

  init(_ issuers: [Settings.Issuer], client: HTTPClient, clock: any SessionClock, log: Log) {
    self.issuers = issuers.filter { !$0.client.isEmpty }
    self.client = client
    self.clock = clock
    self.log = log
  }

  var names: [String] { issuers.map(\.name) }

  func entrance(of name: String) async throws(ProviderFailure) -> ProviderEntrance? {
    guard let issuer = issuer(name) else { return nil }
    return ProviderEntrance(address: try await endpoints(of: issuer).authorization, client: issuer.client)
  }

  func redeem(_ code: ProviderCode, at name: String) async throws(ProviderFailure) -> [UInt8]? {
    guard let issuer = issuer(name) else { return nil }
    let endpoints = try await endpoints(of: issuer)
    let request = Self.request(code, of: issuer, at: endpoints)
    let response = try await inTurn { () async throws(ProviderFailure) -> HTTPClientResponse in
      do throws(HTTPClientError) {
        return try await client.send(request)
      } catch {
        throw failure(error.description, of: issuer)
      }
    }
    switch response.status {
    case 200:
      guard let root = try? JSONDocument(parsing: response.body, limits: JSONLimits(maximumBytes: 64 << 10)).root,
        let token = root["id_token"]?.utf8String
      else { throw failure("The issuer's answer has no id token.", of: issuer) }
      return token
    case 400..<500 where response.status != 429:
      log.warning(
        "issuer.code_refused",
        ["issuer": .string(issuer.name), "status": .integer(response.status), "error": .string(Self.reason(response))])
      return nil
    default: throw failure("The issuer's server answers with status \(response.status).", of: issuer)
    }
  }

  /// The question for a token: by the client's secret, if it has one (RFC 6749 sections 2.3.1 and 4.1.3).
  private static func request(
    _ code: ProviderCode, of issuer: Settings.Issuer, at endpoints: IssuerEndpoints
  ) -> HTTPClientRequest {
    var form = [
      ("grant_type", "authorization_code"), ("code", code.code), ("redirect_uri", code.place),
      ("code_verifier", code.verifier), ("client_id", issuer.client),
    ]
    var fields = [HTTPClientField("Content-Type", "application/x-www-form-urlencoded")]
    fields.append(HTTPClientField("Accept", "application/json"))
    if !issuer.secret.isEmpty {
      if endpoints.takesBasic {
        let credentials = PercentEncodedText.encode(issuer.client) + ":" + PercentEncodedText.encode(issuer.secret)
        fields.append(HTTPClientField("Authorization", "Basic " + Base64.text(of: Array(credentials.utf8))))
      } else {
        form.append(("client_secret", issuer.secret))
      }
    }
    let body = form.map { "\($0)=\(PercentEncodedText.encode($1))" }.joined(separator: "&")
    var request = HTTPClientRequest(endpoints.token, method: .post(Array(body.utf8)), fields: fields.compactMap { $0 })
    request.limits.maximumBody = 64 << 10
    return request
  }

  /// The error code of a refusal, such as "invalid_grant" (RFC 6749 section 5.2).
  private static func reason(_ response: HTTPClientResponse) -> String {
    let root = try? JSONDocument(parsing: response.body, limits: JSONLimits(maximumBytes: 64 << 10)).root
    return String((root?["error"]?.string ?? "").prefix(64))
  }

  private func issuer(_ name: String) -> Settings.Issuer? {
    issuers.first { $0.name.utf8.elementsEqual(name.utf8) }
  }

  private func endpoints(of issuer: Settings.Issuer) async throws(ProviderFailure) -> IssuerEndpoints {
    let now = clock.now()
    if let known = state.withLock({ $0.known[issuer.name] }), now < known.time + Self.memory { return known.endpoints }
    let endpoints = try await inTurn { () async throws(ProviderFailure) -> IssuerEndpoints in
      do throws(DocumentFailure) {
        return try await IssuerEndpoints.read(of: issuer.issuer, from: IssuerDocuments(client: client))
      } catch {
        throw failure(error.description, of: issuer)
      }
    }
    state.withLock { $0.known[issuer.name] = (endpoints, now) }
    return endpoints
  }

  private func inTurn<Answer: Sendable>(
    _ body: () async throws(ProviderFailure) -> Answer
  ) async throws(ProviderFailure) -> Answer {
    let isIn = state.withLock { state in
      guard state.underWay < Self.limit else { return false }
      state.underWay += 1
      return true
    }
    guard isIn else { throw ProviderFailure(isBusy: true) }
    defer { state.withLock { $0.underWay -= 1 } }
    return try await body()
  }

  private func failure(_ sentence: String, of issuer: Settings.Issuer) -> ProviderFailure {
    log.warning("issuer.login_failed", ["issuer": .string(issuer.name), "error": .string(sentence)])
    return ProviderFailure(isBusy: false)
  }
}
