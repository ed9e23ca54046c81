import JSON
import SessionCore

/// The table `sessions` of Session_Model: `sid`, `unique_identifier`, `user_agent`, `expires`, `status`, `type`,
/// `createdAt`.
///
/// Its cookie data can be guessed, so `sid` is what its sessions hang on, and is the token that opens them here.
struct SessionModelTable: RowReading {
  let context: ForeignContext

  func content(of row: ForeignRow) -> SourceItem.Content {
    guard let sid = row.text("sid") else { return .bad("sid must be a text", isSession: true) }
    guard let userID = row.exactText("unique_identifier", atMost: 255) else {
      return .passedOver("sessions of nobody")
    }
    guard let expires = row.time("expires") else { return .bad("expires must be a time", isSession: true) }
    let opened = min(row.time("createdAt") ?? context.now, expires)
    guard
      var session = context.tokens.session(
        token: Array(sid.utf8), of: userID, opened: opened, until: expires, now: context.now)
    else { return .bad("sid must have 1 to 4096 bytes", isSession: true) }
    session.userAgent = row.exactText("user_agent", atMost: 2048)
    session.status = row.exactText("status")
    session.kind = row.exactText("type")
    return .record(.session(session))
  }
}
