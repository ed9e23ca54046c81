import HTTPTesting
import JSON

/// Opens, renews, changes and closes sessions, and writes down every answer, until the connection breaks.
struct LedgerWriter {
  private let client: ServiceClient
  private var generator: SeededGenerator
  private(set) var ledger: Ledger

  init(_ client: ServiceClient, _ ledger: Ledger, seed: UInt64) {
    self.client = client
    self.ledger = ledger
    generator = SeededGenerator(seed: seed)
  }

  /// Goes on until the server is gone; calls `acknowledged` after each answer.
  mutating func run(_ acknowledged: () -> Void) {
    do {
      while true {
        try step()
        ledger.acknowledged += 1
        acknowledged()
      }
    } catch RawHTTPClientError.timedOut {
      ledger.faults.append("writer \(ledger.writer): no answer within the client's patience")
    } catch is RawHTTPClientError {
      // The kill.
    } catch {
      ledger.faults.append("writer \(ledger.writer): \(error)")
    }
  }

  private struct Fault: Error, CustomStringConvertible {
    let description: String
  }

  private mutating func step() throws {
    let open = ledger.entries.indices.suffix(200).filter { ledger.entries[$0].isOpen }
    let choice = Int.random(in: 0..<100, using: &generator)
    guard choice >= 35, let place = open.randomElement(using: &generator) else { return try openOne() }
    ledger.changed.insert(place)
    switch choice {
    case ..<60: try renew(place)
    case ..<85: try change(place)
    default: try close(place, byUser: choice < 93)
    }
  }

  private mutating func openOne() throws {
    let number = ledger.asked
    ledger.asked += 1
    ledger.pendingOpening = number
    let userID = ledger.userID(number)
    let reply = try client.send(
      "POST", "/v2/sessions", #"{"user_id":"\#(userID)","data":\#(ledger.data(number, step: 0))}"#)
    guard reply.status == 201, let id = reply["session"]?["id"]?.string, let token = reply["token"]?.string else {
      throw Fault(description: "opening: \(reply.status) \(reply.text)")
    }
    ledger.pendingOpening = nil
    ledger.changed.insert(ledger.entries.count)
    ledger.entries.append(Ledger.Entry(id: id, userID: userID, number: number, token: token))
  }

  private mutating func renew(_ place: Int) throws {
    ledger.entries[place].pending = .renewal
    let reply = try client.send("POST", "/v2/session/renew", bearer: ledger.entries[place].token)
    guard reply.status == 200, let token = reply["token"]?.string,
      reply["session"]?["generation"]?.integer == ledger.entries[place].generation + 1
    else { throw Fault(description: "renewal: \(reply.status) \(reply.text)") }
    ledger.entries[place].token = token
    ledger.entries[place].generation += 1
    ledger.entries[place].pending = nil
  }

  private mutating func change(_ place: Int) throws {
    let step = ledger.entries[place].step + 1
    ledger.entries[place].pending = .data(step)
    let reply = try client.send(
      "PATCH", "/v2/sessions/\(ledger.entries[place].id)", #"{"data":{"step":\#(step)}}"#)
    guard reply.status == 200, reply["data"]?["step"]?.integer == Int64(step) else {
      throw Fault(description: "change: \(reply.status) \(reply.text)")
    }
    ledger.entries[place].step = step
    ledger.entries[place].pending = nil
  }

  private mutating func close(_ place: Int, byUser: Bool) throws {
    let entry = ledger.entries[place]
    let reason = byUser ? "logout" : "account"
    ledger.entries[place].pending = .close(reason: reason)
    let reply =
      byUser
      ? try client.send("DELETE", "/v2/session", bearer: entry.token)
      : try client.send("POST", "/v2/sessions/\(entry.id)/close", #"{"reason":"account"}"#)
    guard reply.status == (byUser ? 204 : 200) else {
      throw Fault(description: "close: \(reply.status) \(reply.text)")
    }
    ledger.entries[place].closeReason = reason
    ledger.entries[place].pending = nil
  }
}
