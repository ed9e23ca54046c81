import CCrypto

/// A key for HMAC-SHA256, kept ready so that a short message costs two blocks (RFC 2104, FIPS 180-4).
///
/// The key's inner and outer states are computed once; each code copies them. Printing shows "redacted".
public struct MessageAuthenticationKey: Sendable {
  /// The length of an authentication code, in bytes.
  public static let codeLength = 32

  private let inner: SHA256_CTX
  private let outer: SHA256_CTX

  /// Prepares a key from its bytes; more than 64 bytes are hashed first, as RFC 2104 says.
  public init(_ secret: borrowing SecretBytes) {
    self = unsafe secret.withUnsafeBytes { unsafe Self(bytes: $0) }
  }

  private init(bytes: UnsafeRawBufferPointer) {
    var block = [UInt8](repeating: 0, count: 64)
    if bytes.count > block.count {
      unsafe block.replaceSubrange(0..<32, with: SHA256Digest.bytes(of: bytes))
    } else {
      for index in bytes.indices { block[index] = unsafe bytes[index] }
    }
    inner = Self.state(absorbing: block, mask: 0x36)
    outer = Self.state(absorbing: block, mask: 0x5C)
    for index in block.indices { block[index] = 0 }
  }

  private static func state(absorbing block: [UInt8], mask: UInt8) -> SHA256_CTX {
    var context = SHA256_CTX()
    unsafe SHA256_Init(&context)
    let masked = block.map { $0 ^ mask }
    unsafe SHA256_Update(&context, masked, masked.count)
    return context
  }

  /// Writes the authentication code of `message` into `code`, which must hold exactly 32 bytes.
  public func authenticate(_ message: UnsafeRawBufferPointer, into code: UnsafeMutableRawBufferPointer) {
    precondition(code.count == Self.codeLength, "an HMAC-SHA256 code is 32 bytes")
    guard let out = unsafe code.baseAddress?.assumingMemoryBound(to: UInt8.self) else { return }
    var context = inner
    unsafe SHA256_Update(&context, message.baseAddress, message.count)
    unsafe SHA256_Final(out, &context)
    context = outer
    unsafe SHA256_Update(&context, out, Self.codeLength)
    unsafe SHA256_Final(out, &context)
  }

  /// The authentication code of `message`.
  public func code(for message: [UInt8]) -> [UInt8] {
    unsafe [UInt8](unsafeUninitializedCapacity: Self.codeLength) { buffer, count in
      unsafe message.withUnsafeBytes { unsafe authenticate($0, into: UnsafeMutableRawBufferPointer(buffer)) }
      count = Self.codeLength
    }
  }
}

extension MessageAuthenticationKey: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// Always "redacted".
  public var description: String { "redacted" }
  /// Always "redacted".
  public var debugDescription: String { "redacted" }
  /// A mirror without children.
  public var customMirror: Mirror { Mirror(self, children: []) }
}
