import CCrypto

/// Secret bytes that print as "redacted" and are wiped when released.
///
/// Neither `Hashable` nor `Equatable`: a comparison of secrets must take the same time wherever they differ.
public struct SecretBytes: Sendable {
  private final class Storage: Sendable {
    let bytes: [UInt8]
    init(_ bytes: [UInt8]) { self.bytes = bytes }
    deinit {
      unsafe bytes.withUnsafeBytes { buffer in
        // The array has one owner here, so wiping through its own memory is seen by nobody else.
        unsafe OPENSSL_cleanse(UnsafeMutableRawPointer(mutating: buffer.baseAddress), buffer.count)
      }
    }
  }

  private let storage: Storage

  /// Takes a copy of `bytes`.
  public init(_ bytes: some Sequence<UInt8>) {
    storage = Storage(Array(bytes))
  }

  /// The number of bytes.
  public var count: Int { storage.bytes.count }

  /// Calls `body` with the bytes; the pointer is valid only during the call.
  public func withUnsafeBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
    unsafe storage.bytes.withUnsafeBytes { unsafe body($0) }
  }
}

extension SecretBytes: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// Always "redacted".
  public var description: String { "redacted" }
  /// Always "redacted".
  public var debugDescription: String { "redacted" }
  /// A mirror without children.
  public var customMirror: Mirror { Mirror(self, children: []) }
}
