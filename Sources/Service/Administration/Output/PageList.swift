import Commands
import JSON
import Terminal

/// A list of the server's, fetched page by page and shown as it comes.
struct PageList: Sendable {
  /// The options of every list.
  static let options = [
    CommandOption(
      "--limit", "N", .number(1...1_000_000_000), "How many at most, however many pages that takes. Default: 100."),
    CommandOption("--all", "Every one, however many there are."),
  ]
  static let count = CommandOption("--count", "Says how many match, and shows none of them.")

  let connection: ServerConnection
  let output: Output
  let path: String
  let query: ServerConnection.Query
  /// The member of a page that holds the list, which is also what its elements are called.
  let member: String

  /// Shows the list, or says how many match.
  ///
  /// - Parameters:
  ///   - options: what the command was given.
  ///   - columns: the table's columns.
  ///   - row: the texts of one element.
  /// - Throws: if the server can't be reached, or refuses.
  func show(
    _ options: GivenOptions, _ columns: [TextTable.Column], row: (JSONValue) -> [String]
  ) async throws(CommandError) {
    var left = options.has("--all") ? Int.max : options.integer("--limit") ?? 100
    var cursor: String?
    var isFirst = true
    repeat {
      var query = query + [("limit", String(min(left, 1000)))]
      if let cursor { query.append(("cursor", cursor)) }
      let page = try await connection.get(path, query)
      let elements = page.member(member)?.elements ?? []
      guard write(elements, columns, isFirst: isFirst, row: row) else { return }
      isFirst = false
      left -= elements.count
      cursor = elements.isEmpty ? nil : page["next"]?.string
    } while cursor != nil && left > 0
    if cursor != nil { output.remark("There are more: --limit N shows N of them, --all every one.") }
  }

  /// Says how many match.
  func showCount() async throws(CommandError) {
    let page = try await connection.get(path, query + [("limit", "1"), ("count", "true")])
    guard let count = page["count"]?.integer else { throw CommandError(.failed, "The server did not count.") }
    output.terminal.line(output.isJSON ? #"{"count":\#(count)}"# : "\(count)")
  }

  private func write(
    _ elements: [JSONValue], _ columns: [TextTable.Column], isFirst: Bool, row: (JSONValue) -> [String]
  ) -> Bool {
    if output.isJSON { return elements.allSatisfy { output.json($0) } }
    if elements.isEmpty {
      if isFirst { output.remark("There are no such \(member).") }
      return true
    }
    var table = TextTable(columns)
    for element in elements { table.append(row(element)) }
    return output.table(table)
  }
}
