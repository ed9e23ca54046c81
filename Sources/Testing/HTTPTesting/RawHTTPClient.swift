internal import Glibc

/// A blocking client that sends exactly the bytes it is given, and reads responses strictly.
///
/// Meant for tests: it can send what no proper client would.
@safe
public final class RawHTTPClient {
  private let socket: Int32
  private var received: [UInt8] = []

  /// Connects to a port of this machine, 127.0.0.1.
  ///
  /// Nothing that is received later than `timeout` after it was waited for counts.
  public init(port: Int, timeout: Duration = .seconds(60)) throws {
    socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    guard socket >= 0 else { throw RawHTTPClientError.system(call: "socket", number: errno) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = UInt16(truncatingIfNeeded: port).bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    let result = unsafe withUnsafePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
        unsafe connect(socket, pointer, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    try finish(connecting: result, timeout: timeout)
    setOption(IPPROTO_TCP, TCP_NODELAY, 1)
  }

  /// Connects to a Unix socket.
  public init(unixPath: String, timeout: Duration = .seconds(60)) throws {
    socket = Glibc.socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    guard socket >= 0 else { throw RawHTTPClientError.system(call: "socket", number: errno) }
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let path = Array(unixPath.utf8)
    let room = MemoryLayout.size(ofValue: address.sun_path)
    precondition(path.count < room, "the path is too long for a socket")
    unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: path) }
    let result = unsafe withUnsafePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
        unsafe connect(socket, pointer, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    try finish(connecting: result, timeout: timeout)
  }

  deinit { _ = close(socket) }

  /// Sends all of the bytes.
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

  /// Sends the text as UTF-8.
  ///
  /// CR and LF are sent as written.
  public func send(_ text: String) throws {
    try send(Array(text.utf8))
  }

  /// Ends this side; the server's answers can still be read.
  public func halfClose() {
    _ = shutdown(socket, Int32(SHUT_WR))
  }

  /// Closes with a reset instead of an orderly end.
  public func reset() {
    var linger = linger(l_onoff: 1, l_linger: 0)
    _ = unsafe setsockopt(socket, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout.size(ofValue: linger)))
    // Connecting to nothing ends a TCP connection without giving up the descriptor, which `deinit` closes.
    var nothing = sockaddr(sa_family: sa_family_t(AF_UNSPEC), sa_data: (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0))
    _ = unsafe connect(socket, &nothing, socklen_t(MemoryLayout.size(ofValue: nothing)))
  }

  /// Makes the system's receive buffer small, so that a server soon meets a client that doesn't read.
  public func shrinkReceiveBuffer() {
    setOption(SOL_SOCKET, SO_RCVBUF, 4096)
  }

  /// Has the system keep much for this client from now on, so that what has piled up comes fast.
  public func growReceiveBuffer() {
    setOption(SOL_SOCKET, SO_RCVBUF, 4 << 20)
  }

  /// Reads one whole response.
  ///
  /// `toHead` says that it answers a HEAD, so that no body follows.
  public func reply(toHead: Bool = false) throws -> HTTPReply {
    try ReplyReader(isForHead: toHead).read(next: next) { received = $0 }
  }

  /// Reads the head of a response whose body comes in pieces.
  public func replyHead() throws -> HTTPReply {
    try ReplyReader(isForHead: false).readHead(next: next) { received = $0 }
  }

  /// Reads the next chunk of a body; nothing if it is the last one, after which another response may come.
  public func chunk() throws -> [UInt8] {
    try ChunkReader.read(next: next) { received = $0 }
  }

  private func next() throws -> [UInt8] {
    if received.isEmpty { return try receive() }
    defer { received = [] }
    return received
  }

  /// Sends the text and reads one response.
  public func exchange(_ text: String) throws -> HTTPReply {
    try send(text)
    return try reply()
  }

  /// Reads until the server closes its side; everything that it sent and nobody has read yet.
  public func readToEnd() throws -> [UInt8] {
    var all = received
    received = []
    while true {
      let piece = try receive()
      if piece.isEmpty { return all }
      all += piece
    }
  }

  /// Some bytes, none if the server has closed its side.
  private func receive() throws -> [UInt8] {
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = unsafe buffer.withUnsafeMutableBytes { unsafe recv(socket, $0.baseAddress, $0.count, 0) }
      if count >= 0 { return Array(buffer[..<count]) }
      if errno == EINTR { continue }
      throw errno == EAGAIN ? RawHTTPClientError.timedOut : .system(call: "recv", number: errno)
    }
  }

  private func finish(connecting result: Int32, timeout: Duration) throws {
    guard result == 0 else { throw RawHTTPClientError.system(call: "connect", number: errno) }
    let parts = timeout.components
    var limit = timeval(tv_sec: Int(parts.seconds), tv_usec: Int(parts.attoseconds / 1_000_000_000_000))
    _ = unsafe setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout.size(ofValue: limit)))
  }

  private func setOption(_ level: Int, _ option: Int32, _ value: Int32) {
    var value = value
    _ = unsafe setsockopt(socket, Int32(level), option, &value, socklen_t(MemoryLayout.size(ofValue: value)))
  }

  private func setOption(_ level: Int32, _ option: Int32, _ value: Int32) {
    setOption(Int(level), option, value)
  }
}
