import Cryptography
import SessionCore

/// A key of the ring as it is written down.
struct RingEntry: Sendable {
  var id: UInt8
  var created: Timestamp
  /// `nil` for the key that signs.
  var acceptedUntil: Timestamp?
  var secret: SecretBytes
}

/// The key ring as text: a line a key, of id, time of making, end of acceptance ("-" for the key that signs), and
/// secret in base64url; lines that begin with "#" are comments.
struct KeyRingText: Sendable {
  /// The bytes of a key.
  static let secretLength = 32
  private static let comment = """
    # The keys under which session tokens are made. Who can read this file can make a token for any session:
    # keep it apart from copies of the database. id, made, accepted until ("-": signs), secret.

    """

  /// All keys; the first signs.
  var entries: [RingEntry]

  /// Why a text is not a key ring.
  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  /// A ring of one new key.
  init(random: any RandomSource, now: Timestamp) {
    entries = [RingEntry(id: 1, created: now, acceptedUntil: nil, secret: Self.secret(random))]
  }

  /// Reads a text.
  ///
  /// One line in it may stand for several, separated by ";", so that it fits a variable.
  init(parsing text: [UInt8]) throws(Failure) {
    var signing: [RingEntry] = []
    var former: [RingEntry] = []
    for (index, line) in text.split(whereSeparator: { $0 == 0x0A || $0 == 0x3B }).enumerated() {
      let words = line.split(whereSeparator: { $0 == 0x20 || $0 == 0x09 || $0 == 0x0D })
      guard let first = words.first, first.first != 0x23 else { continue }
      guard words.count == 4, let id = Self.id(first), let created = Timestamp(rfc3339: words[1]),
        let secret = Base64URL.decode(words[3]), secret.count >= Self.secretLength
      else {
        throw Failure(
          description: "line \(index + 1) of the key ring is not: id, time, time or \"-\", 43 characters of base64url")
      }
      var entry = RingEntry(id: id, created: created, acceptedUntil: nil, secret: SecretBytes(secret))
      if words[2].elementsEqual([0x2D]) {
        signing.append(entry)
      } else if let end = Timestamp(rfc3339: words[2]) {
        entry.acceptedUntil = end
        former.append(entry)
      } else {
        throw Failure(description: "line \(index + 1) of the key ring has an end that is neither a time nor \"-\"")
      }
    }
    entries = signing + former
    guard signing.count == 1 else {
      throw Failure(description: "the key ring has \(signing.count) keys that sign; it must have exactly one")
    }
    guard Set(entries.map(\.id)).count == entries.count else {
      throw Failure(description: "two keys of the key ring have the same id")
    }
  }

  /// The text.
  var bytes: [UInt8] {
    var bytes = Array(Self.comment.utf8)
    for entry in entries {
      bytes += Array(String(entry.id).utf8) + [0x20] + entry.created.rfc3339 + [0x20]
      bytes += entry.acceptedUntil?.rfc3339 ?? [0x2D]
      let secret = unsafe entry.secret.withUnsafeBytes { unsafe Base64URL.encode($0) }
      bytes += [0x20] + secret + [0x0A]
    }
    return bytes
  }

  /// The ring for the core.
  var ring: KeyRing {
    let keys = entries.map { RingKey(id: $0.id, secret: $0.secret, acceptedUntil: $0.acceptedUntil) }
    return KeyRing(signing: keys[0], former: Array(keys.dropFirst()))
  }

  /// Adds a key that signs from now on; the one that signed is accepted for `overlap`, and keys whose time is over go.
  mutating func rotate(random: any RandomSource, now: Timestamp, overlap: TimeSpan) {
    let entry = newEntry(random: random, now: now)
    entries[0].acceptedUntil = now + overlap
    entries.insert(entry, at: 0)
  }

  /// Adds a key that is accepted for `overlap` and does not sign yet, so that nodes that share the store can all have
  /// it before one of them signs with it; answers `false`, and adds none, if one waits already.
  mutating func prepare(random: any RandomSource, now: Timestamp, overlap: TimeSpan) -> Bool {
    guard waiting(at: now) == nil else { return false }
    var entry = newEntry(random: random, now: now)
    entry.acceptedUntil = now + overlap
    entries.append(entry)
    return true
  }

  /// Has the key that waits sign from now on; answers `false`, and changes nothing, if none waits.
  mutating func promote(now: Timestamp, overlap: TimeSpan) -> Bool {
    guard let index = waiting(at: now) else { return false }
    var entry = entries.remove(at: index)
    entry.acceptedUntil = nil
    entries[0].acceptedUntil = now + overlap
    entries.insert(entry, at: 0)
    return true
  }

  /// The key that was made after the one that signs.
  private func waiting(at now: Timestamp) -> Int? {
    entries.indices.dropFirst().first { index in
      entries[index].created > entries[0].created && end(of: index) > now
    }
  }

  /// A new key with an id that is free; keys whose time is over go.
  private mutating func newEntry(random: any RandomSource, now: Timestamp) -> RingEntry {
    entries.removeAll { $0.acceptedUntil.map { $0 <= now } ?? false }
    // The key that ends first goes if all 255 ids are in use.
    if entries.count >= 255, let index = entries.indices.min(by: { end(of: $0) < end(of: $1) }) {
      entries.remove(at: index)
    }
    let used = Set(entries.map(\.id))
    var id = entries.map(\.id).max() ?? 0
    repeat { id = id == .max ? 1 : id + 1 } while used.contains(id)
    return RingEntry(id: id, created: now, acceptedUntil: nil, secret: Self.secret(random))
  }

  private func end(of index: Int) -> Timestamp { entries[index].acceptedUntil ?? .latest }

  private static func id(_ digits: ArraySlice<UInt8>) -> UInt8? {
    guard (1...3).contains(digits.count), digits.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
    return UInt8(String(decoding: digits, as: UTF8.self))
  }

  private static func secret(_ random: any RandomSource) -> SecretBytes {
    var bytes = [UInt8](repeating: 0, count: secretLength)
    unsafe bytes.withUnsafeMutableBytes { unsafe random.fill($0) }
    return SecretBytes(bytes)
  }
}
