#if Redis
  import Foundation
  import RedisDriver

  /// The servers that the environment names.
  enum RedisServers {
    static let single = ProcessInfo.processInfo.environment["SESAME_TEST_REDIS"]
    static let valkey = ProcessInfo.processInfo.environment["SESAME_TEST_VALKEY"]
    static let cluster = ProcessInfo.processInfo.environment["SESAME_TEST_REDIS_CLUSTER"]

    /// All of them; none without the environment.
    static let all = [single, valkey, cluster].compactMap { $0 }

    /// A key's beginning that no other test uses.
    static func namespace() -> String { "test:\(UInt64.random(in: 0 ... .max)):" }
  }
#endif
