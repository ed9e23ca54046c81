import Accounts

/// The level in a target's query, read in place.
enum LevelQuery {
  /// There is no query.
  case absent
  /// The query is `level=` and one of the levels.
  case level(AccountLevel)
  /// The query is anything else: the strict reader must judge it.
  case unclear

  /// Reads the query of a target.
  init(of target: UnsafeRawBufferPointer) {
    guard let mark = unsafe target.firstIndex(of: 0x3F) else {
      self = .absent
      return
    }
    let query = unsafe UnsafeRawBufferPointer(rebasing: target[(mark + 1)...])
    let name: StaticString = "level="
    guard query.count == name.utf8CodeUnitCount + 1 else {
      self = .unclear
      return
    }
    for index in 0..<name.utf8CodeUnitCount where unsafe query[index] != name.utf8Start[index] {
      self = .unclear
      return
    }
    let letter = unsafe query[name.utf8CodeUnitCount]
    let level = AccountLevel.allCases.first { $0.rawValue.utf8.first == letter }
    self = level.map { .level($0) } ?? .unclear
  }
}
