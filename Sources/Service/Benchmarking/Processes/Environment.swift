internal import Glibc

/// The variables of this process.
enum Environment {
  /// "NAME=VALUE" of each.
  static var lines: [String] {
    var found: [String] = []
    var entry = unsafe environ
    while let text = unsafe entry.pointee {
      unsafe found.append(String(cString: text))
      unsafe entry += 1
    }
    return found
  }

  /// The value of a variable; `nil` if there is none.
  static subscript(_ name: String) -> String? {
    lines.first { $0.hasPrefix("\(name)=") }.map { String($0.dropFirst(name.count + 1)) }
  }
}
