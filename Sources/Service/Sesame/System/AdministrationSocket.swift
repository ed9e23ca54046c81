import Glibc

/// The socket by which programs of this machine reach a running server.
enum AdministrationSocket {
  /// Whether a server takes connections at `path`.
  static func isServed(_ path: String) -> Bool { server(at: path) != nil }

  /// The process that takes connections at `path`, 0 if the system does not say which; `nil` if none does.
  static func server(at path: String) -> pid_t? {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let bytes = Array(path.utf8)
    guard bytes.count < MemoryLayout.size(ofValue: address.sun_path) else { return nil }
    unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: bytes) }
    let file = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    guard file >= 0 else { return nil }
    defer { close(file) }
    let size = socklen_t(MemoryLayout<sockaddr_un>.size)
    let isConnected = unsafe withUnsafePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
        unsafe connect(file, pointer, size) == 0
      }
    }
    return isConnected ? peer(of: file) : nil
  }

  /// The process at the other end: process, user and group, as it was when it began to listen
  /// (https://man7.org/linux/man-pages/man7/unix.7.html, SO_PEERCRED).
  private static func peer(of file: Int32) -> pid_t {
    var peer: (process: pid_t, user: uid_t, group: gid_t) = (0, 0, 0)
    var size = socklen_t(MemoryLayout.size(ofValue: peer))
    let isKnown = unsafe getsockopt(file, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0
    return isKnown ? max(0, peer.process) : 0
  }
}
