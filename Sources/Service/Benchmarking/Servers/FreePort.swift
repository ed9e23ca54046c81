internal import Glibc

/// Ports of this machine.
enum FreePort {
  /// A port that nothing listens on, as far as one can know.
  static func find() throws(BenchmarkError) -> Int {
    let file = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    guard file >= 0 else { throw BenchmarkError(.failed, "There is no socket to be had: error \(errno).") }
    defer { close(file) }
    var address = LoopbackClient.address(port: 0)
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isBound = unsafe withUnsafeMutablePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
        unsafe bind(file, pointer, size) == 0 && getsockname(file, pointer, &size) == 0
      }
    }
    guard isBound else { throw BenchmarkError(.failed, "There is no port to be had: error \(errno).") }
    return Int(UInt16(bigEndian: address.sin_port))
  }
}
