import Commands
import Glibc
import HTTPClient
import JSON
import Terminal

extension ServerConnection {
  /// A query's parameters, in their order.
  typealias Query = [(name: String, value: String)]

  /// What a server answered to a request that it took.
  struct Reply: Sendable {
    let status: Int
    let body: [UInt8]

    /// The body as JSON.
    func json() throws(CommandError) -> JSONValue {
      do {
        return try JSONDocument(parsing: body, limits: .widest).root
      } catch {
        throw CommandError(.failed, "The answer is not JSON: what runs there is not a sesame server, or a newer one.")
      }
    }
  }

  /// Fetches JSON.
  func get(_ path: String, _ query: Query = []) async throws(CommandError) -> JSONValue {
    try await send(.get, path, query).json()
  }

  /// Fetches what may not be there: `nil` for 404.
  func find(_ path: String) async throws(CommandError) -> JSONValue? {
    let reply = try await exchange(.get, path, [])
    return reply.status == 404 ? nil : try accepted(reply).json()
  }

  /// Sends a request that must be taken.
  func send(
    _ method: HTTPClientRequest.Method, _ path: String, _ query: Query = []
  ) async throws(CommandError) -> Reply {
    try accepted(try await exchange(method, path, query))
  }

  /// Sends a request, whatever becomes of it.
  func exchange(
    _ method: HTTPClientRequest.Method, _ path: String, _ query: Query
  ) async throws(CommandError) -> Reply {
    do throws(HTTPClientError) {
      let response = try await client.send(request(method, path, query))
      return Reply(status: response.status, body: response.body)
    } catch {
      throw failure(error)
    }
  }

  /// A request with the key, the bounds and the socket of this connection.
  func request(
    _ method: HTTPClientRequest.Method, _ path: String, _ query: Query, accept: String = "application/json"
  ) -> HTTPClientRequest {
    var fields = [HTTPClientField("Accept", accept)]
    if let key { fields.append(HTTPClientField("Authorization", "Bearer \(key)")) }
    switch method {
    case .get, .delete: break
    case .post: fields.append(HTTPClientField("Content-Type", "application/json"))
    case .patch: fields.append(HTTPClientField("Content-Type", "application/merge-patch+json"))
    }
    var limits = HTTPClientLimits()
    limits.totalTime = .seconds(60)
    limits.connectTime = .seconds(10)
    limits.maximumBody = Self.answerLimit
    let pairs = query.map { "\(PercentEncodedText.encode($0.name))=\(PercentEncodedText.encode($0.value))" }
    let text = pairs.joined(separator: "&")
    return HTTPClientRequest(
      base + path + (text.isEmpty ? "" : "?\(text)"), method: method, socket: socket, fields: fields.compactMap { $0 },
      limits: limits)
  }

  /// The reply, if its status is a good one.
  func accepted(_ reply: Reply) throws(CommandError) -> Reply {
    guard !(200...299).contains(reply.status) else { return reply }
    throw refusal(reply)
  }

  /// Why a server refused, in a sentence that says what to do.
  func refusal(_ reply: Reply) -> CommandError {
    let problem = try? reply.json()
    let detail = problem?["detail"]?.string.map(TerminalText.escaped)
    switch reply.status {
    case 401 where key == nil:
      return CommandError(
        .failed, "\(name) wants a service key: put it into \(ServerOptions.keyVariable), or into a file for --key-file."
      )
    case 401: return CommandError(.failed, "\(name) does not accept this service key: it is unknown, revoked or over.")
    case 503:
      return CommandError(.failed, "\(name) can't serve just now: \(detail ?? "its store is away.") Try again soon.")
    case 300...399: return CommandError(.failed, "\(name) sends requests elsewhere; name the server itself.")
    default: break
    }
    guard let problem, detail != nil || problem["title"] != nil else {
      return CommandError(.failed, "\(name) answered with status \(reply.status); is it a sesame server?")
    }
    let reasons = problem["errors"]?.members.map { member in
      TerminalText.escaped("\(member.name) \(member.value.string ?? "is wrong")")
    }
    let title = problem["title"]?.string.map(TerminalText.escaped) ?? "Refused"
    let sentence = [detail ?? "\(title).", reasons.map { "(\($0.joined(separator: "; ")))" }].compactMap { $0 }
    return CommandError(.failed, sentence.joined(separator: " "))
  }

  /// Why there is no answer, in a sentence that says what to do.
  func failure(_ error: HTTPClientError) -> CommandError {
    guard let socket, error.code == .connection else {
      let advice = error.code == .connection ? " Is a server running there?" : ""
      return CommandError(.failed, "\(name): \(error.description)\(advice)")
    }
    if unsafe access(socket, W_OK) != 0, errno == EACCES {
      return CommandError(
        .failed, "\(name) is for the server's own user: run this as that user, or use --server with a key.")
    }
    return CommandError(
      .failed,
      """
      No server answers at \(name). Start one with "sesame serve", or say where one runs: --data DIR for its data \
      folder, or --server URL.
      """)
  }

  /// A page of a thousand sessions has 10 MB at most.
  private static let answerLimit = 32 << 20
}
