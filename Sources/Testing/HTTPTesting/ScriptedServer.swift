internal import Glibc
internal import Synchronization

/// A server on loopback that does with each connection exactly what a test's script says.
///
/// Meant for tests of clients: it can answer what no proper server would, or never. It listens until it is released.
public final class ScriptedServer: Sendable {
  private let listener: ListeningSocket
  private let counter: Counter

  private final class Counter: Sendable {
    let connections = Mutex(0)
  }

  /// Listens on a port of 127.0.0.1 that the system picks; each connection has a thread of its own for `script`, and is
  /// closed when that ends or throws.
  public init(_ script: @escaping @Sendable (ScriptedConnection) throws -> Void) throws {
    let listener = try ListeningSocket()
    let counter = Counter()
    self.listener = listener
    self.counter = counter
    Task(executorPreference: BlockingExecutor.shared) {
      while let connection = listener.accept() {
        counter.connections.withLock { $0 += 1 }
        Task(executorPreference: BlockingExecutor.shared) { try? script(connection) }
      }
    }
  }

  deinit { listener.stop() }

  /// The port.
  public var port: Int { listener.port }

  /// How many connections there have been.
  public var connections: Int { counter.connections.withLock { $0 } }
}

/// A listening socket, closed with the object.
final class ListeningSocket: Sendable {
  let port: Int
  private let socket: Int32

  init() throws {
    let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    guard socket >= 0 else { throw RawHTTPClientError.system(call: "socket", number: errno) }
    self.socket = socket
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let result = unsafe withUnsafeMutablePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
        unsafe bind(socket, pointer, length) == 0 && listen(socket, 64) == 0
          && getsockname(socket, pointer, &length) == 0
      }
    }
    port = Int(UInt16(bigEndian: address.sin_port))
    guard result else { throw RawHTTPClientError.system(call: "listen", number: errno) }
  }

  deinit { _ = close(socket) }

  /// Wakes the thread that accepts, which then lets go of the socket.
  func stop() { _ = shutdown(socket, Int32(SHUT_RDWR)) }

  func accept() -> ScriptedConnection? {
    acceptNumber().map { ScriptedConnection(socket: $0, localAddress: "127.0.0.1:\(port)") }
  }

  func acceptSocket() -> Socket? { acceptNumber().map { Socket($0) } }

  private func acceptNumber() -> Int32? {
    while true {
      let connection = Glibc.accept(socket, nil, nil)
      _ = fcntl(connection, F_SETFD, FD_CLOEXEC)
      if connection >= 0 { return connection }
      guard errno == EINTR || errno == ECONNABORTED else { return nil }
    }
  }
}

/// The server's side of one connection, for the script's thread alone.
public final class ScriptedConnection: Sendable {
  private let socket: Int32
  /// The address that the client came to, as "127.0.0.1:1234".
  public let localAddress: String

  init(socket: Int32, localAddress: String) {
    self.socket = socket
    self.localAddress = localAddress
    // Nothing waits for ever, should a test's client forget to close.
    var limit = timeval(tv_sec: 60, tv_usec: 0)
    for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
      _ = unsafe setsockopt(socket, SOL_SOCKET, option, &limit, socklen_t(MemoryLayout.size(ofValue: limit)))
    }
  }

  deinit { _ = close(socket) }

  /// Reads one request: its head, and as much body as its Content-Length says.
  public func request() throws -> String {
    var bytes: [UInt8] = []
    while true {
      if let end = Self.end(of: bytes), bytes.count >= end { return String(decoding: bytes[..<end], as: UTF8.self) }
      let piece = try receive()
      guard !piece.isEmpty else { throw RawHTTPClientError.closed(after: bytes) }
      bytes += piece
    }
  }

  /// Sends all of the bytes; throws once the client has gone.
  public func send(_ bytes: [UInt8]) throws {
    var sent = 0
    while sent < bytes.count {
      let count = unsafe bytes.withUnsafeBytes { bytes in
        unsafe Glibc.send(socket, bytes.baseAddress?.advanced(by: sent), bytes.count - sent, Int32(MSG_NOSIGNAL))
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw RawHTTPClientError.system(call: "send", number: errno) }
      sent += count
    }
  }

  /// Sends the text as UTF-8; CR and LF are sent as written.
  public func send(_ text: String) throws { try send(Array(text.utf8)) }

  /// Sends a whole response of the usual form.
  public func respond(_ status: Int, type: String = "application/json", body: [UInt8]) throws {
    let head = "HTTP/1.1 \(status) Answer\r\nContent-Type: \(type)\r\nContent-Length: \(body.count)\r\n\r\n"
    try send(Array(head.utf8) + body)
  }

  /// Whether the client closes its side within that many milliseconds; what it sends meanwhile is dropped.
  public func isEnded(within milliseconds: Int32) throws -> Bool {
    var poll = pollfd(fd: socket, events: Int16(POLLIN), revents: 0)
    while unsafe Glibc.poll(&poll, 1, milliseconds) > 0 {
      if try receive().isEmpty { return true }
    }
    return false
  }

  /// Says nothing more until the client closes its side.
  public func hang() throws {
    while try !receive().isEmpty {}
  }

  private func receive() throws -> [UInt8] {
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = unsafe buffer.withUnsafeMutableBytes { unsafe recv(socket, $0.baseAddress, $0.count, 0) }
      if count >= 0 { return Array(buffer[..<count]) }
      if errno == EINTR { continue }
      throw errno == EAGAIN ? RawHTTPClientError.timedOut : .system(call: "recv", number: errno)
    }
  }

  /// Where the request ends, once its head is there.
  private static func end(of bytes: [UInt8]) -> Int? {
    let mark = Array("\r\n\r\n".utf8)
    guard let start = bytes.indices.first(where: { bytes[$0...].starts(with: mark) }) else { return nil }
    let lines = bytes[..<start].split(separator: UInt8(ascii: "\n"))
    let name = "content-length:"
    for line in lines {
      let text = String(decoding: line, as: UTF8.self).lowercased()
      guard text.hasPrefix(name) else { continue }
      let digits = text.utf8.dropFirst(name.utf8.count).filter { (0x30...0x39).contains($0) }
      return start + 4 + (Int(String(decoding: digits, as: UTF8.self)) ?? 0)
    }
    return start + 4
  }
}
