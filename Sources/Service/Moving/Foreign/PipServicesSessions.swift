import SessionCore

/// Sessions of Pip.Services' sessions microservice.
///
/// There the id is the credential. It is a UUID, 128 bits, and so is an id here: the session keeps it, and callers of
/// Sessions V1 go on naming it as they did.
struct PipServicesSessions: RowReading {
  let context: ForeignContext

  func content(of row: ForeignRow) -> SourceItem.Content {
    guard let name = row.text("_id") ?? row.text("id") else { return .bad("it has no id", isSession: true) }
    guard let id = SessionID(name) ?? SessionID(uuid: name.utf8) else {
      return .passedOver("ids that are no UUIDs, which no caller could name here")
    }
    guard let userID = row.exactText("user_id", atMost: 255) else {
      return .bad("user_id must be a text of 1 to 255 bytes", isSession: true)
    }
    guard let isActive = row.boolean("active") else {
      return .bad("active must be true or false", isSession: true)
    }
    guard isActive else { return .passedOver("closed sessions") }
    guard let opened = row.time("open_time"), let requested = row.time("request_time") else {
      return .bad("open_time and request_time must be times", isSession: true)
    }
    // The original knows no lifetime beside the idle time: that of here begins now.
    let lifetime = (context.now - opened) + context.lifetime
    var session = Session(
      id: id, userID: userID, openTime: opened, idleTimeout: context.idleTimeout, lifetime: lifetime)
    session.requestTime = requested
    session.userName = row.exactText("user_name")
    session.address = row.exactText("address")
    session.client = row.exactText("client")
    session.user = row.json("user")
    session.data = row.json("data")
    return .record(.session(session))
  }
}

extension TimeSpan {
  fileprivate static func + (left: TimeSpan, right: TimeSpan) -> TimeSpan {
    let (sum, overflow) = left.milliseconds.addingReportingOverflow(right.milliseconds)
    return TimeSpan(milliseconds: overflow ? .max : sum)
  }
}
