internal import Glibc

/// One kept connection to a server on this machine, for a request at a time.
///
/// Blocks for as long as the answer takes, at most half a minute.
final class LoopbackClient {
  private let file: Int32
  private let port: Int

  init(port: Int) throws(BenchmarkError) {
    self.port = port
    file = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    var limit = timeval(tv_sec: 30, tv_usec: 0)
    let size = socklen_t(MemoryLayout<timeval>.size)
    unsafe setsockopt(file, SOL_SOCKET, SO_RCVTIMEO, &limit, size)
    unsafe setsockopt(file, SOL_SOCKET, SO_SNDTIMEO, &limit, size)
    guard file >= 0, Self.connect(file, port: port) else {
      // The descriptor is closed by deinit, which runs: every stored property has its value.
      throw BenchmarkError(.failed, "Nothing answers at 127.0.0.1:\(port).")
    }
  }

  deinit { close(file) }

  /// Whether something listens on a port.
  static func isServed(port: Int) -> Bool { (try? LoopbackClient(port: port)) != nil }

  /// Gets a path, and answers the body; anything but 200 is an error.
  func get(_ path: String) throws(BenchmarkError) -> [UInt8] {
    try send(Array("GET \(path) HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\n\r\n".utf8))
    var received: [UInt8] = []
    while true {
      if let answer = Answer(received) {
        guard answer.status == 200 else {
          throw BenchmarkError(
            .failed, "\(path) was answered \(answer.status): \(String(decoding: answer.body, as: UTF8.self))")
        }
        return answer.body
      }
      received += try receive()
    }
  }

  private func send(_ bytes: [UInt8]) throws(BenchmarkError) {
    // Requests are far smaller than a socket's buffer.
    let count = unsafe bytes.withUnsafeBytes {
      unsafe Glibc.send(file, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
    }
    guard count == bytes.count else { throw BenchmarkError(.failed, "The server closes connections.") }
  }

  private func receive() throws(BenchmarkError) -> [UInt8] {
    let chunk = 65_536
    var count = 0
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: chunk) { buffer, used in
      count = unsafe recv(file, buffer.baseAddress, chunk, 0)
      used = max(0, count)
    }
    guard count > 0 else { throw BenchmarkError(.failed, "The server does not answer.") }
    return bytes
  }

  static func address(port: Int) -> sockaddr_in {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = UInt16(truncatingIfNeeded: port).bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    return address
  }

  private static func connect(_ file: Int32, port: Int) -> Bool {
    var address = address(port: port)
    return unsafe withUnsafePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
        unsafe Glibc.connect(file, pointer, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
      }
    }
  }
}

extension LoopbackClient {
  /// A complete answer with a Content-Length.
  struct Answer {
    let status: Int
    let body: [UInt8]

    /// `nil` while it is not complete.
    init?(_ bytes: [UInt8]) {
      let blank = Array("\r\n\r\n".utf8)
      guard let end = bytes.indices.first(where: { bytes[$0...].starts(with: blank) }) else { return nil }
      let head = String(decoding: bytes[..<end], as: UTF8.self).lowercased()
      let lines = head.split(separator: "\r\n")
      let field = lines.first { $0.hasPrefix("content-length:") }
      let length = field?.split(separator: ":").last.flatMap { Int($0.filter { $0 != " " }) } ?? 0
      guard bytes.count >= end + 4 + length else { return nil }
      status = lines.first?.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
      body = Array(bytes[(end + 4)..<(end + 4 + length)])
    }
  }
}
