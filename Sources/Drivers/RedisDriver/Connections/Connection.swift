/// A connection with what was sent over it and what is still to be answered.
final class Connection {
  enum Phase {
    case connecting
    case greeting
    case ready
  }

  /// What the next answer belongs to; answers come in the order of the questions.
  struct Expected {
    enum Kind {
      case call(Call)
      case acknowledgement([Call])
      case script(RedisScript)
      case asking
      case greeting(Greeting)
      case channel([UInt8])
      case ping
    }

    let kind: Kind
    /// Where its bytes begin in all that is sent over the connection.
    let begin: Int
    let since: Moment
  }

  let socket: Socket
  let reader: ReplyReader
  let began: Moment
  var phase = Phase.connecting
  var expected = Queue<Expected>()
  private var output: [UInt8] = []
  private var written = 0
  /// Where `output` begins in all that is sent.
  private var base = 0

  init(to address: SocketAddress, largestReply: Int, at now: Moment) throws(RedisError) {
    socket = try Socket(to: address)
    reader = try ReplyReader(largestReply: largestReply)
    began = now
  }

  /// Whether something waits for the system to take it.
  var hasOutput: Bool { written < output.count }

  /// Whether not a byte of it has left.
  func isUnsent(_ expected: Expected) -> Bool { base + written <= expected.begin }

  /// Puts a question at the end of what is to be sent, with what its answer belongs to; `nil` if none will come.
  func ask(_ kind: Expected.Kind?, at now: Moment, _ encode: (inout [UInt8]) -> Void) {
    if let kind { expected.append(Expected(kind: kind, begin: base + output.count, since: now)) }
    encode(&output)
  }

  /// Sends what the system takes.
  func flush() throws(RedisError) {
    while written < output.count {
      let transfer = unsafe output.withUnsafeBytes { bytes in
        unsafe socket.send(UnsafeRawBufferPointer(rebasing: bytes[written...]))
      }
      switch transfer {
      case .bytes(let count): written += count
      case .wouldBlock: return
      case .over(let number): throw RedisError(.connectionLost, "The connection broke (error \(number)).")
      }
    }
    guard written > 0 else { return }
    base += written
    written = 0
    output.removeAll(keepingCapacity: output.capacity <= 256 << 10)
  }
}
