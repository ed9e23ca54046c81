internal import Accounts
internal import SessionCore

/// All service keys, by number and by digest.
struct ServiceKeyTable {
  private struct Entry {
    var key: ServiceKey
    let digest: [UInt8]
  }

  private var entries: [Int64: Entry] = [:]
  private var numbers: [[UInt8]: Int64] = [:]
  /// The numbers, lowest first: a new one is higher than all before it.
  private var order: [Int64] = []
  private var lastNumber: Int64 = 0

  /// Adds a key under a number never given before; `nil` if the digest is taken.
  mutating func insert(digest: [UInt8], _ make: (_ id: Int64) -> ServiceKey) -> ServiceKey? {
    guard numbers[digest] == nil else { return nil }
    lastNumber += 1
    let key = make(lastNumber)
    entries[key.id] = Entry(key: key, digest: digest)
    numbers[digest] = key.id
    order.append(key.id)
    return key
  }

  /// The key of that digest.
  func key(digest: [UInt8]) -> ServiceKey? {
    numbers[digest].flatMap { entries[$0]?.key }
  }

  /// The digest of a key.
  func digest(of id: Int64) -> [UInt8]? { entries[id]?.digest }

  /// Keys by number, after `id`.
  func keys(after id: Int64, limit: Int) -> [ServiceKey] {
    order[(order.firstIndex { $0 > id } ?? order.count)...].prefix(max(0, limit)).compactMap { entries[$0]?.key }
  }

  /// Takes a key out.
  mutating func remove(_ id: Int64) -> ServiceKey? {
    guard let entry = entries.removeValue(forKey: id) else { return nil }
    numbers[entry.digest] = nil
    order.removeAll { $0 == id }
    return entry.key
  }

  /// Moves the time of last use forward.
  mutating func touch(_ id: Int64, at time: Timestamp) {
    guard let entry = entries[id], entry.key.lastUsed.map({ $0 < time }) ?? true else { return }
    entries[id]?.key.lastUsed = time
  }
}
