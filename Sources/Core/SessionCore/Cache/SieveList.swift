/// A bounded set of slots in order of arrival, evicted by SIEVE: a hand moves from the oldest to the newest, spares
/// each slot that was visited since it last came by, and takes the first that was not.
///
/// Source: Zhang et al., "SIEVE is Simpler than LRU", NSDI 2024. Hits move nothing, which is why a hit is one bit.
struct SieveList {
  private struct Links {
    var newer: Int32 = -1
    var older: Int32 = -1
    var isVisited = false
  }

  private var links: [Links] = []
  private var newest: Int32 = -1
  private var oldest: Int32 = -1
  private var hand: Int32 = -1

  mutating func visit(_ slot: Int32) { links[Int(slot)].isVisited = true }

  /// Adds `slot` as the newest.
  mutating func append(_ slot: Int32) {
    if Int(slot) == links.count { links.append(Links()) }
    links[Int(slot)] = Links(newer: -1, older: newest, isVisited: false)
    if newest >= 0 { links[Int(newest)].newer = slot } else { oldest = slot }
    newest = slot
  }

  mutating func remove(_ slot: Int32) {
    let link = links[Int(slot)]
    // What is not the hand's own choice was dropped for a write, and the next to come takes its room at no cost to the
    // old. If the hand stayed, it would follow the newest, and what nobody asks for any more would never be reached.
    hand = hand == slot ? link.newer : -1
    if link.newer >= 0 { links[Int(link.newer)].older = link.older } else { newest = link.older }
    if link.older >= 0 { links[Int(link.older)].newer = link.newer } else { oldest = link.newer }
  }

  /// The slot to give up next; it stays until ``remove(_:)``.
  ///
  /// `nil` if there is none.
  mutating func candidate() -> Int32? {
    guard oldest >= 0 else { return nil }
    var slot = hand >= 0 ? hand : oldest
    while links[Int(slot)].isVisited {
      links[Int(slot)].isVisited = false
      slot = links[Int(slot)].newer
      if slot < 0 { slot = oldest }
    }
    hand = slot
    return slot
  }
}
