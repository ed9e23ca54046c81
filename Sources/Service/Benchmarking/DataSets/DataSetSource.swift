public import SessionCore

/// How a benchmark comes to a store that it can fill: the program that hosts it knows which stores there are.
public protocol DataSetSource: Sendable {
  /// Opens the store in a data folder, which is made with a key ring if it is missing.
  ///
  /// - Parameter folder: The data folder; no server uses it.
  /// - Returns: The store, to be shut down by the caller, and sessions on it whose keys are those of the folder.
  /// - Throws: ``BenchmarkError`` with the sentence of what stands in the way.
  func open(_ folder: String) async throws(BenchmarkError) -> (store: any BulkSessionStore, sessions: Sessions)
}

extension BenchmarkError {
  /// A failure of the program that hosts the benchmark, in its own words.
  public init(_ sentence: String) { self.init(.failed, sentence) }
}
