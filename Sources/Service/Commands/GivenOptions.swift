/// The options that a command line gave, in its order.
public struct GivenOptions: Sendable, Equatable {
  /// Every option that was given, with its value; a switch's is empty.
  public private(set) var all: [Given] = []
  private let known: Set<String>

  /// One option as it was given.
  public struct Given: Sendable, Equatable {
    /// The name with its two dashes.
    public let name: String
    /// The value; empty for a switch.
    public let value: String
  }

  init(_ declared: [CommandOption]) { known = Set(declared.map(\.name)) }

  mutating func append(_ name: String, _ value: String) { all.append(Given(name: name, value: value)) }

  /// The options among these, for a part of the program that knows no others.
  public func only(_ names: some Sequence<String>) -> GivenOptions {
    let wanted = Set(names)
    var some = self
    some.all.removeAll { !wanted.contains($0.name) }
    return some
  }

  /// Whether an option was given.
  ///
  /// Traps if the command does not declare it, as the others here do.
  public func has(_ name: String) -> Bool { value(name) != nil }

  /// The value of an option, the last one if it was given several times; `nil` if it was not.
  public func value(_ name: String) -> String? {
    precondition(known.contains(name), "\(name) is not declared")
    return all.last { $0.name == name }?.value
  }

  /// All values of an option, in their order.
  public func values(_ name: String) -> [String] {
    precondition(known.contains(name), "\(name) is not declared")
    return all.filter { $0.name == name }.map(\.value)
  }

  /// The value of an option that was declared as a number; `nil` if it was not given.
  public func integer(_ name: String) -> Int? { value(name).flatMap { Int($0) } }
}
