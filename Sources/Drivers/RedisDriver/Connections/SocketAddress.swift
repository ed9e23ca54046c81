internal import Glibc

/// A network address as the system wants it.
struct SocketAddress: Sendable {
  let family: Int32
  private let bytes: [UInt8]

  func withPointer<Result>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Result) -> Result {
    var storage = sockaddr_storage()
    unsafe withUnsafeMutableBytes(of: &storage) { room in unsafe room.copyBytes(from: bytes.prefix(room.count)) }
    return unsafe withUnsafePointer(to: &storage) { storage in
      unsafe storage.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
        unsafe body(address, socklen_t(bytes.count))
      }
    }
  }

  /// The same address with a port, which both families have in their third and fourth byte (ip(7), ipv6(7)).
  func with(port: UInt16) -> SocketAddress {
    guard bytes.count >= 4 else { return self }
    var bytes = bytes
    bytes[2] = UInt8(port >> 8)
    bytes[3] = UInt8(port & 0xFF)
    return SocketAddress(family: family, bytes: bytes)
  }

  /// The addresses of a host; none if it has none.
  ///
  /// Unless the host is written as an address, this may wait for other machines.
  static func find(host: String, port: UInt16, isLiteral: Bool) -> [SocketAddress] {
    var wish = unsafe addrinfo()
    unsafe wish.ai_socktype = Int32(SOCK_STREAM.rawValue)
    unsafe wish.ai_flags = AI_NUMERICSERV | (isLiteral ? AI_NUMERICHOST : AI_ADDRCONFIG)
    var list: UnsafeMutablePointer<addrinfo>?
    guard unsafe getaddrinfo(host, String(port), &wish, &list) == 0 else { return [] }
    defer { unsafe freeaddrinfo(list) }
    var found: [SocketAddress] = []
    var next = unsafe list
    while let info = unsafe next {
      guard found.count < 16 else { break }
      let bytes = unsafe UnsafeRawBufferPointer(start: info.pointee.ai_addr, count: Int(info.pointee.ai_addrlen))
      unsafe found.append(SocketAddress(family: info.pointee.ai_family, bytes: Array(bytes)))
      unsafe next = info.pointee.ai_next
    }
    return found
  }
}
