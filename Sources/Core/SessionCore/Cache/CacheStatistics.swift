/// What the cache has done since the start, and what it holds.
public struct CacheStatistics: Sendable, Equatable {
  /// Look-ups that found their session.
  public var hits = 0
  /// Look-ups that did not.
  public var misses = 0
  /// Sessions given up for room.
  public var evictions = 0
  /// Request times that the store has taken.
  public var savedTimes = 0
  /// Sessions held.
  public var sessions = 0
  /// Their estimated size in bytes.
  public var bytes = 0
}
