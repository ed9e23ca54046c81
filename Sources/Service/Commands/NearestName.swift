/// Finds the name that was probably meant.
public enum NearestName {
  /// The name that is fewest edits away, or `nil` if none is near enough to be worth offering.
  ///
  /// An edit inserts, removes or replaces a byte, or swaps two neighbours. Allowed are as many as a third of the name's
  /// length, but at least two. The first of several that are equally near wins.
  public static func find(_ name: String, among names: some Sequence<String>) -> String? {
    let wanted = Array(name.utf8.prefix(longest))
    var nearest: (name: String, distance: Int)?
    for candidate in names {
      let distance = distance(wanted, Array(candidate.utf8.prefix(longest)))
      if distance < nearest?.distance ?? .max { nearest = (candidate, distance) }
    }
    guard let nearest, nearest.distance <= max(2, wanted.count / 3), nearest.distance < wanted.count else { return nil }
    return nearest.name
  }

  /// Longer names are cut: the cost grows with the product of the lengths.
  private static let longest = 100

  private static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
    var beforeLast: [Int] = []
    var last = Array(0...right.count)
    for row in 0..<left.count {
      var current = [row + 1]
      for column in 0..<right.count {
        let replaced = last[column] + (left[row] == right[column] ? 0 : 1)
        var best = min(replaced, last[column + 1] + 1, current[column] + 1)
        if row > 0, column > 0, left[row] == right[column - 1], left[row - 1] == right[column] {
          best = min(best, beforeLast[column - 1] + 1)
        }
        current.append(best)
      }
      beforeLast = last
      last = current
    }
    return last[right.count]
  }
}
