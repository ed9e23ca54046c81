/// How often a cache has what is asked for, if each request is for a session drawn by itself: what a cache does where
/// the past tells nothing but who comes often.
enum Popularity {
  static let exponents = [0.6, 0.8, 0.9, 1.0, 1.2]
  /// Caches by the percentage of the live sessions that they hold.
  static let sizes = [1.0, 2, 5, 10, 20, 50]

  /// The hit ratio of each size.
  ///
  /// Counted over `requests` after as many that fill the caches, all of which see the same requests.
  static func hitRatios(exponent: Double, sessions: Int, requests: Int, seed: UInt64) -> [Double] {
    let zipf = Zipf(count: sessions, exponent: exponent)
    var random = RandomNumbers(seed: seed)
    var caches = sizes.map { SieveCache(sessions: sessions, capacity: Int(Double(sessions) * $0 / 100)) }
    for request in 0..<2 * requests {
      if request == requests { for index in caches.indices { caches[index].beginCounting() } }
      let session = zipf.next(&random)
      for index in caches.indices { caches[index].look(up: session) }
    }
    return caches.map(\.hitRatio)
  }

  static func table(sessions: Int, requests: Int) -> Table {
    var table = Table(["exponent"] + sizes.map { "\(Table.percent($0 / 100)) cached" })
    for exponent in exponents {
      let ratios = hitRatios(exponent: exponent, sessions: sessions, requests: requests, seed: 1)
      table.add([Table.number(exponent)] + ratios.map(Table.percent))
    }
    return table
  }
}
