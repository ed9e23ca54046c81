extension JSONWriter {
  /// Writes a member that is text.
  public mutating func member(_ name: StaticString, _ value: String) {
    self.name(name)
    string(value)
  }

  /// Writes a member that is ASCII text.
  public mutating func member(_ name: StaticString, utf8 value: [UInt8]) {
    self.name(name)
    string(utf8: value)
  }

  /// Writes a member that is an integer.
  public mutating func member(_ name: StaticString, _ value: Int64) {
    self.name(name)
    integer(value)
  }

  /// Writes a member that is true or false.
  public mutating func member(_ name: StaticString, _ value: Bool) {
    self.name(name)
    boolean(value)
  }
}
