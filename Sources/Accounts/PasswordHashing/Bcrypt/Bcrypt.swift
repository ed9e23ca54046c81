internal import CCrypt
internal import Cryptography
internal import Glibc

/// bcrypt, computed by libcrypt (crypt(3), crypt(5)).
enum Bcrypt {
  /// Whether the password is the hash's own.
  ///
  /// One with a NUL, or of more than 72 bytes, never is, since bcrypt would see its beginning alone; it is worked on
  /// as long as any other.
  static func matches(_ password: SecretBytes, _ hash: BcryptHash) -> Bool {
    let scratch = CryptScratch()
    let computed = scratch.hash(password, like: hash.text)
    let isWhole = unsafe password.withUnsafeBytes { bytes in
      unsafe bytes.count <= BcryptHash.longestPassword && !bytes.contains(0)
    }
    return ConstantTime.areEqual(computed, Array(hash.text.utf8)) && isWhole
  }
}

/// The one owner of the memory that crypt_rn works in, which it wipes and frees.
///
/// Each call has its own, 33 KiB on the heap: nothing is shared between threads.
@safe
private struct CryptScratch: ~Copyable {
  /// The size of a `crypt_data`, which Swift does not import whole; crypt_rn refuses less.
  private static let dataSize = 32_768
  private static let size = dataSize + BcryptHash.longestPassword + 1

  private let memory: UnsafeMutableRawPointer

  init() {
    unsafe memory = .allocate(byteCount: Self.size, alignment: 16)
    unsafe memset(memory, 0, Self.size)
  }

  deinit {
    unsafe explicit_bzero(memory, Self.size)
    unsafe memory.deallocate()
  }

  /// The hash of the password's first 72 bytes with the salt and cost of another; empty if libcrypt refuses it.
  func hash(_ password: SecretBytes, like setting: String) -> [UInt8] {
    let phrase = unsafe memory + Self.dataSize
    unsafe password.withUnsafeBytes { bytes in
      // What follows stays zero, and ends the phrase.
      let buffer = unsafe UnsafeMutableRawBufferPointer(start: phrase, count: BcryptHash.longestPassword)
      unsafe buffer.copyBytes(from: bytes.prefix(BcryptHash.longestPassword))
    }
    let text = unsafe phrase.assumingMemoryBound(to: CChar.self)
    guard let computed = unsafe crypt_rn(text, setting, memory, Int32(Self.dataSize)) else { return [] }
    return unsafe Array(UnsafeRawBufferPointer(start: computed, count: strlen(computed)))
  }
}
