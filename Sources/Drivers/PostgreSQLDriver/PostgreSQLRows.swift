internal import CPostgreSQL

/// The rows that answered a statement.
///
/// Columns are numbered from 0. A column that is not there, a NULL and a text that is no number are `nil`: nothing
/// that a server sends can trap.
@safe
public final class PostgreSQLRows {
  private let handle: ResultHandle
  /// How many there are.
  public let count: Int
  private let columns: Int32

  init(_ handle: consuming ResultHandle) {
    count = unsafe Int(PQntuples(handle.pointer))
    columns = unsafe PQnfields(handle.pointer)
    self.handle = handle
  }

  /// The row of that number, from 0 on; one that is not there has nothing but NULLs.
  public subscript(_ index: Int) -> PostgreSQLRow { PostgreSQLRow(rows: self, index: index) }

  /// The first row; `nil` if there is none.
  public var first: PostgreSQLRow? { count > 0 ? self[0] : nil }

  /// What `read` makes of each row, in order.
  public func map<Result, Failure: Error>(
    _ read: (PostgreSQLRow) throws(Failure) -> Result
  ) throws(Failure) -> [Result] {
    var results: [Result] = []
    results.reserveCapacity(count)
    for index in 0..<count { results.append(try read(self[index])) }
    return results
  }

  /// Calls `body` with a column's bytes; `nil` for NULL.
  fileprivate func withBytes<Result>(
    _ row: Int, _ column: Int32, _ body: (UnsafeBufferPointer<UInt8>) -> Result
  ) -> Result? {
    guard row >= 0, row < count, column >= 0, column < columns, let row = Int32(exactly: row),
      unsafe PQgetisnull(handle.pointer, row, column) == 0
    else { return nil }
    let length = unsafe Int(PQgetlength(handle.pointer, row, column))
    guard length > 0, let start = unsafe PQgetvalue(handle.pointer, row, column) else {
      return unsafe body(UnsafeBufferPointer(start: nil, count: 0))
    }
    return unsafe start.withMemoryRebound(to: UInt8.self, capacity: length) {
      unsafe body(UnsafeBufferPointer(start: $0, count: length))
    }
  }
}

/// One row of an answer.
public struct PostgreSQLRow {
  private let rows: PostgreSQLRows
  private let index: Int

  init(rows: PostgreSQLRows, index: Int) {
    self.rows = rows
    self.index = index
  }

  /// Whether a column is NULL, or not there.
  public func isNull(_ column: Int32) -> Bool { unsafe rows.withBytes(index, column) { _ in } == nil }

  /// A text; `nil` for NULL.
  public func text(_ column: Int32) -> String? {
    unsafe rows.withBytes(index, column) { unsafe String(decoding: $0, as: UTF8.self) }
  }

  /// A text's UTF-8 bytes; `nil` for NULL.
  public func bytes(_ column: Int32) -> [UInt8]? {
    unsafe rows.withBytes(index, column) { unsafe Array($0) }
  }

  /// A number; `nil` for NULL and for what is none.
  public func int(_ column: Int32) -> Int64? {
    unsafe rows.withBytes(index, column) { (digits) -> Int64? in
      var number: Int64 = 0
      let isNegative = unsafe digits.first == 0x2D
      guard digits.count > (isNegative ? 1 : 0) else { return nil }
      for index in (isNegative ? 1 : 0)..<digits.count {
        let digit = unsafe digits[index]
        guard digit >= 0x30, digit <= 0x39 else { return nil }
        let (tens, isTooMany) = number.multipliedReportingOverflow(by: 10)
        let value = Int64(digit - 0x30)
        let (sum, isStillTooMany) =
          isNegative ? tens.subtractingReportingOverflow(value) : tens.addingReportingOverflow(value)
        guard !isTooMany, !isStillTooMany else { return nil }
        number = sum
      }
      return number
    } ?? nil
  }

  /// A truth value; `nil` for NULL and for what is none.
  public func bool(_ column: Int32) -> Bool? {
    switch bytes(column) {
    case [0x74]: true
    case [0x66]: false
    default: nil
    }
  }
}

extension PostgreSQLRows {
  /// Whether this answers a commit that was one: that of a failed transaction says that it was rolled back.
  var isCommit: Bool {
    guard let tag = unsafe PQcmdStatus(handle.pointer) else { return false }
    return unsafe String(cString: tag) == "COMMIT"
  }
}
