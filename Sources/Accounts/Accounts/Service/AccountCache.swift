import SessionCore
import Synchronization

/// The node's cache of accounts, and of ids that none has: bounded, written through by every write of this node.
///
/// Who asks it knows whether it may be trusted (`CacheTrust`). What makes it safe to trust:
/// - a read that overlaps a write of its account fills nothing;
/// - of writes of one account that are under way together none fills anything: the next read does;
/// - of a store that other nodes write to, a note counts as such a write, and a lane that opens as one of every
///   account.
final class AccountCache: Sendable {
  /// What a write left in the store.
  enum WriteEffect: Sendable {
    /// This account.
    case stored(Account)
    /// No account of that id, for good.
    case removed
    /// Nothing was changed.
    case unchanged
    /// Something else than was thought.
    case unknown
  }

  private let shards: InlineArray<16, Mutex<AccountCacheShard>>

  /// A cache for at most `limit` ids, about.
  init(limit: Int) { shards = InlineArray { _ in Mutex(AccountCacheShard(limit: max(limit / 16, 2))) } }

  private func shard<Answer: Sendable>(_ id: AccountID, _ body: (inout AccountCacheShard) -> Answer) -> Answer {
    shards[Int(truncatingIfNeeded: id.number & 15)].withLock { body(&$0) }
  }

  /// What is known of an id; never waits.
  func find(_ id: AccountID) -> CachedAccount { shard(id) { $0.find(id) } }

  /// The account from the store, which fills the cache.
  func read(
    _ id: AccountID, _ body: () async throws(StoreError) -> Account?
  ) async throws(StoreError) -> Account? {
    let epoch = shard(id) { $0.epoch }
    let account = try await body()
    shard(id) { $0.fill(id, account, readSince: epoch) }
    return account
  }

  /// Runs a write of one account and puts in what it left, before the write is answered.
  ///
  /// A write that throws takes the account out of the cache, as it may have happened all the same.
  func write<Answer: Sendable>(
    _ id: AccountID, _ body: () async throws(StoreError) -> (Answer, WriteEffect)
  ) async throws(StoreError) -> Answer {
    shard(id) { $0.beginWrite(id) }
    do throws(StoreError) {
      let (answer, effect) = try await body()
      shard(id) { $0.endWrite(id, effect) }
      return answer
    } catch {
      shard(id) { $0.endWrite(id, .unknown) }
      throw error
    }
  }

  /// There may be an account of an id that had none.
  func forget(_ id: AccountID) { shard(id) { $0.forget(id) } }
}

extension AccountCache: ChangeListener {
  /// Some notes may have been missed: nothing stays.
  func laneOpened(_ lane: Int) {
    for index in shards.indices { shards[index].withLock { $0.overtakeAll() } }
  }

  /// Nothing: without a lease nobody trusts what is here, and it is forgotten when the lane opens.
  func laneClosed(_ lane: Int) {}

  /// Drops the account, or that there was none of its id.
  func heard(_ note: ChangeNote, along lane: Int) {
    guard case .account(let number) = note else { return }
    let id = AccountID(number)
    shard(id) { $0.overtake(id) }
  }
}

/// One part of the cache: everything of it happens under one lock, which is never held while waiting.
struct AccountCacheShard {
  private struct Write {
    var count = 0
    /// Whether another write of the same account was under way at the same time.
    var isContended = false
  }

  /// Raised when a write ends: a read that began before it may bring what is no longer true.
  private(set) var epoch: UInt64 = 0
  private var writes: [AccountID: Write] = [:]
  // Ids in two generations: what was not found again while the younger one filled up is dropped with the older one.
  private var young: [AccountID: Account?] = [:]
  private var old: [AccountID: Account?] = [:]
  private let limit: Int

  init(limit: Int) { self.limit = limit }

  mutating func find(_ id: AccountID) -> CachedAccount {
    if let known = young[id] { return known.map { .account($0) } ?? .none }
    guard let known = old.removeValue(forKey: id) else { return .miss }
    put(id, known)
    return known.map { .account($0) } ?? .none
  }

  mutating func fill(_ id: AccountID, _ account: Account?, readSince epoch: UInt64) {
    guard epoch == self.epoch, writes[id] == nil else { return }
    put(id, account)
  }

  mutating func beginWrite(_ id: AccountID) {
    var write = writes[id] ?? Write()
    write.isContended = write.count > 0
    write.count += 1
    writes[id] = write
  }

  mutating func endWrite(_ id: AccountID, _ effect: AccountCache.WriteEffect) {
    epoch &+= 1
    guard var write = writes[id] else { return }
    if write.isContended {
      remove(id)
    } else {
      switch effect {
      case .stored(let account): put(id, account)
      case .removed: put(id, nil)
      case .unchanged: break
      case .unknown: remove(id)
      }
    }
    write.count -= 1
    writes[id] = write.count > 0 ? write : nil
  }

  mutating func forget(_ id: AccountID) {
    epoch &+= 1
    remove(id)
  }

  /// The account was written, by this node or another: whose write under way it was can't be told from the note.
  mutating func overtake(_ id: AccountID) {
    forget(id)
    writes[id]?.isContended = true
  }

  /// Any account may have been written.
  mutating func overtakeAll() {
    epoch &+= 1
    (young, old) = ([:], [:])
    for id in Array(writes.keys) { writes[id]?.isContended = true }
  }

  private mutating func remove(_ id: AccountID) {
    young[id] = nil
    old[id] = nil
  }

  private mutating func put(_ id: AccountID, _ account: Account?) {
    old[id] = nil
    young.updateValue(account, forKey: id)
    guard young.count >= limit / 2 else { return }
    old = young
    young = [:]
  }
}
