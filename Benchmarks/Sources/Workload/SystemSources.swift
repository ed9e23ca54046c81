import Cryptography
import Glibc
public import SessionCore

/// The system's time of day: what a server's clock costs is part of what is measured.
public struct WallClock: SessionClock {
  /// The clock.
  public init() {}

  /// The time.
  public func now() -> Timestamp {
    var time = timespec()
    unsafe clock_gettime(CLOCK_REALTIME, &time)
    return Timestamp(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
  }
}

/// The system's random numbers.
public struct SystemRandom: RandomSource {
  /// The source.
  public init() {}

  /// Fills `bytes`.
  public func fill(_ bytes: UnsafeMutableRawBufferPointer) { unsafe SecureRandom.fill(bytes) }
}

extension KeyRing {
  /// A ring of one new key.
  public static func random() -> KeyRing {
    KeyRing(signing: RingKey(id: 1, secret: SecretBytes(SecureRandom.bytes(32))))
  }
}
