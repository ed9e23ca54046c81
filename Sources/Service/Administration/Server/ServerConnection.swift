import Commands
import Configuration
import Glibc
import HTTPClient
import JSON
import Terminal

/// The way to a server: its administration socket, or an address and a key.
struct ServerConnection: Sendable {
  let client: HTTPClient
  /// The address of its root, without a slash at the end.
  let base: String
  let socket: String?
  let key: String?

  /// The server that the options, the environment or the settings name; nothing is sent yet.
  init(_ invocation: Invocation) throws(CommandError) {
    let options = invocation.options
    key = try Self.key(options, invocation.environment)
    if let given = options.value("--server") ?? invocation.environment[ServerOptions.serverVariable], !given.isEmpty {
      base = try Self.address(given)
      socket = nil
    } else {
      base = "http://localhost"
      socket = try Self.socket(options, invocation.environment)
    }
    do throws(HTTPClientError) {
      client = try HTTPClient(threads: 2, capacity: 8, certificateAuthorities: options.value("--ca"))
    } catch {
      throw CommandError(.failed, "The system is too busy to send requests: \(error.description)")
    }
  }

  /// The server that runs on this machine, by its administration socket and in no other way; nothing is sent yet.
  init(here invocation: Invocation) throws(CommandError) {
    key = nil
    base = "http://localhost"
    socket = try Self.socket(invocation.options, invocation.environment)
    do throws(HTTPClientError) {
      client = try HTTPClient(threads: 2, capacity: 8)
    } catch {
      throw CommandError(.failed, "The system is too busy to send requests: \(error.description)")
    }
  }

  /// What to call the server, fit for a terminal.
  var name: String { TerminalText.escaped(socket ?? base) }

  private static func address(_ given: String) throws(CommandError) -> String {
    let address = given.hasSuffix("/") ? String(given.dropLast()) : given
    guard address.hasPrefix("http://") || address.hasPrefix("https://"), !address.contains(where: { "?#".contains($0) })
    else {
      throw CommandError(.wrongUse, "--server takes an address such as https://sessions.example.org.")
    }
    return address
  }

  private static func socket(
    _ options: GivenOptions, _ environment: [String: String]
  ) throws(CommandError) -> String {
    do throws(ConfigurationError) {
      let settings = try Settings.load(
        options: options.only(["--data", "--config"]), environment: environment,
        otherVariables: ["SESAME_KEY_RING", ServerOptions.serverVariable, ServerOptions.keyVariable])
      return settings.server.socket
    } catch {
      throw CommandError(error.isWrongUse ? .wrongUse : .failed, error.description)
    }
  }

  /// The key, wherever it stands; the environment's comes last, as with settings.
  private static func key(_ options: GivenOptions, _ environment: [String: String]) throws(CommandError) -> String? {
    var key = options.value("--key")
    if let path = options.value("--key-file") {
      guard key == nil else { throw CommandError(.wrongUse, "Give --key or --key-file, not both.") }
      key = try line(of: path)
    }
    guard let key = key ?? environment[ServerOptions.keyVariable], !key.isEmpty else { return nil }
    guard HTTPClientField("Authorization", "Bearer \(key)") != nil else {
      throw CommandError(.wrongUse, "The service key is none: keys begin with ssk_ and are letters, digits, - and _.")
    }
    return key
  }

  private static func line(of path: String) throws(CommandError) -> String {
    if path == "-" {
      guard let line = Terminal.input.readLine() else {
        throw CommandError(.failed, "There is no service key on standard input.")
      }
      return line
    }
    let shown = TerminalText.escaped(path)
    guard let file = unsafe fopen(path, "re") else {
      let cause = unsafe strerror(errno).map { text in unsafe String(cString: text) } ?? "error \(errno)"
      throw CommandError(.failed, "The service key can't be read from \(shown): \(cause).")
    }
    defer { unsafe _ = fclose(file) }
    var bytes = [CChar](repeating: 0, count: 1024)
    let line = unsafe bytes.withUnsafeMutableBufferPointer { buffer -> String? in
      guard let base = buffer.baseAddress, unsafe fgets(base, Int32(buffer.count), file) != nil else { return nil }
      return unsafe String(cString: base)
    }
    guard let key = line?.split(whereSeparator: \.isNewline).first else {
      throw CommandError(.failed, "There is no service key in \(shown).")
    }
    return String(key)
  }
}

extension ConfigurationError {
  /// Whether a word on the command line or in the environment is not one that there is.
  var isWrongUse: Bool { code == .wrongUse || code == .unknownSetting }
}
