/// What one writer was told, and what it asked without being told.
struct Ledger: Sendable {
  /// A change that was asked for.
  enum Change: Sendable, Equatable {
    case renewal
    case data(Int)
    case close(reason: String)
  }

  /// A session as its writer knows it.
  struct Entry: Sendable {
    let id: String
    let userID: String
    let number: Int
    /// The newest token that an answer showed.
    var token: String
    var generation: Int64 = 0
    /// The newest `step` in the data that was acknowledged.
    var step = 0
    /// Why it was closed, if that was acknowledged.
    var closeReason: String?
    /// Asked for, but not answered before the server was killed: it may have happened or not, but not by half.
    var pending: Change?

    var isOpen: Bool { closeReason == nil }
  }

  let writer: Int
  var entries: [Entry] = []
  /// Those that changed since they were last checked, by their places.
  var changed: Set<Int> = []
  /// The openings that were asked for, answered or not.
  var asked = 0
  /// The number of the opening that was under way at the kill.
  var pendingOpening: Int?
  /// Sessions that were there after a kill though their opening was never answered.
  var unanswered = 0
  /// How many answers were had.
  var acknowledged = 0
  /// What must not happen, in words.
  var faults: [String] = []

  init(writer: Int) { self.writer = writer }

  func userID(_ number: Int) -> String { "writer-\(writer)-\(number)" }

  /// The data that a session is opened with: large enough to span pages now and then.
  func data(_ number: Int, step: Int) -> String {
    #"{"number":\#(number),"step":\#(step),"text":"\#(String(repeating: "x", count: number * 37 % 3000))"}"#
  }
}
