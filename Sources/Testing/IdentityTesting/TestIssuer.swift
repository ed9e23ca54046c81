import HTTPTesting
import Synchronization

/// An issuer in the test's own process: it serves its configuration and its keys over HTTP, and signs what it is told.
public final class TestIssuer: Sendable {
  /// How it behaves.
  public enum Mood: Sendable {
    /// As it should.
    case proper
    /// Says nothing.
    case hanging
    /// Sends its caller elsewhere.
    case redirecting
    /// Sends one byte after another, for ever.
    case dripping
    /// Sends a gigabyte.
    case flooding
    /// Says that it is broken.
    case failing
    /// Shows the configuration of somebody else.
    case foreign
  }

  private struct State: Sendable {
    var keys: [IssuerKeyPair]
    var mood = Mood.proper
    var requests: [String] = []
  }

  /// What the server's threads share with the object, which must be able to end while they run.
  private final class Shared: Sendable {
    let state: Mutex<State>
    init(_ keys: [IssuerKeyPair]) { state = Mutex(State(keys: keys)) }
  }

  private let shared: Shared
  private let server: ScriptedServer

  /// Starts on a port that the system picks, with those keys; the first one signs.
  public init(keys: [IssuerKeyPair]) throws {
    let shared = Shared(keys)
    self.shared = shared
    server = try ScriptedServer { connection in try Self.serve(connection, shared) }
  }

  /// Its `iss`, which is also its address.
  public var issuer: String { "http://127.0.0.1:\(server.port)" }

  /// The paths that were asked for, in order.
  public var requests: [String] { shared.state.withLock { $0.requests } }

  /// Changes its keys; the first one signs.
  public func setKeys(_ keys: [IssuerKeyPair]) { shared.state.withLock { $0.keys = keys } }

  /// Changes how it behaves.
  public func setMood(_ mood: Mood) { shared.state.withLock { $0.mood = mood } }

  /// A token of its own with those claims besides `iss`, such as `"sub":"1","aud":"us","iat":1,"exp":2`.
  public func token(claims: String) -> [UInt8] {
    let key = shared.state.withLock { $0.keys.first }
    return key?.token(#"{"iss":"\#(issuer)",\#(claims)}"#) ?? []
  }

  private static func serve(_ connection: ScriptedConnection, _ shared: Shared) throws {
    while true {
      let words = try connection.request().split(separator: " ", maxSplits: 2)
      let path = words.count > 1 ? String(words[1]) : ""
      let host = connection.localAddress
      let (mood, keys) = shared.state.withLock { state in
        state.requests.append(path)
        return (state.mood, state.keys)
      }
      switch mood {
      case .hanging: try connection.hang()
      case .redirecting:
        try connection.send("HTTP/1.1 302 Found\r\nLocation: http://\(host)/elsewhere\r\nContent-Length: 0\r\n\r\n")
      case .dripping:
        try connection.send("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
        while try !connection.isEnded(within: 20) { try connection.send(" ") }
        return
      case .flooding:
        try connection.send("HTTP/1.1 200 OK\r\nContent-Length: 1073741824\r\n\r\n")
        let piece = [UInt8](repeating: 0x20, count: 1 << 20)
        for _ in 0..<1024 { try connection.send(piece) }
      case .failing: try connection.respond(503, body: Array("{}".utf8))
      case .proper, .foreign:
        let issuer = mood == .foreign ? "https://somebody.example" : "http://\(host)"
        switch path {
        case "/.well-known/openid-configuration":
          let body = #"{"issuer":"\#(issuer)","jwks_uri":"http://\#(host)/keys"}"#
          try connection.respond(200, body: Array(body.utf8))
        case "/keys": try connection.respond(200, body: Array(IssuerKeyPair.keySet(keys).utf8))
        default: try connection.respond(404, body: Array("{}".utf8))
        }
      }
    }
  }
}
