import HTTPMessages
import Synchronization

extension TestHandler {
  /// Answers in pieces, as the path says.
  func streamed(_ request: HTTPRequest) -> HTTPResponse {
    let fields = [HTTPField("Content-Type", "text/plain")]
    switch String(decoding: request.path, as: UTF8.self) {
    case "/slow/stream/count":
      return HTTPResponse(fields: fields) { writer in
        for number in 0..<1000 { _ = await writer.write(Array("\(number),".utf8)) }
      }
    case "/slow/stream/none":
      return HTTPResponse(fields: fields) { _ in }
    case "/slow/stream/nothing":
      return HTTPResponse(status: .noContent, fields: []) { writer in _ = await writer.write([0x61]) }
    case "/slow/stream/large":
      return HTTPResponse(fields: fields) { [self] writer in
        let piece = [UInt8](repeating: 0x61, count: 64 << 10)
        for _ in 0..<512 {
          guard await writer.write(piece) else { break }
          piecesTaken.add(1, ordering: .sequentiallyConsistent)
        }
        streamEnded.open()
      }
    default:
      return HTTPResponse(fields: fields) { [self] writer in
        _ = await writer.write(Array("first".utf8))
        slowStarted.open()
        await withTaskCancellationHandler {
          await slowMayEnd.wait()
        } onCancel: {
          slowMayEnd.open()
        }
        lastWasTaken.store(await writer.write(Array("last".utf8)), ordering: .sequentiallyConsistent)
        streamEnded.open()
      }
    }
  }
}

extension TestHandler {
  /// A stream that nobody may be there for; ``streamEnded`` opens when nothing holds it any more.
  func lateStream() -> HTTPResponse {
    let witness = Witness(streamEnded)
    return HTTPResponse(fields: []) { writer in
      _ = await writer.write(Array("late".utf8))
      withExtendedLifetime(witness) {}
    }
  }
}

/// Opens a gate when it is let go of.
private final class Witness: Sendable {
  private let gate: Gate

  init(_ gate: Gate) { self.gate = gate }

  deinit { gate.open() }
}
