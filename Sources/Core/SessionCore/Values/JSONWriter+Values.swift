public import JSON

extension JSONWriter {
  /// Writes a time as `Timestamp.rfc3339`.
  public mutating func string(_ time: Timestamp) {
    plainString(count: Timestamp.rfc3339Length) { text, place in time.writeRFC3339(to: &text, at: place) }
  }

  /// Writes a member that is a time.
  public mutating func member(_ name: StaticString, _ time: Timestamp) {
    self.name(name)
    string(time)
  }

  /// Writes a member that is a session's public id.
  public mutating func member(_ name: StaticString, _ id: SessionID) {
    self.name(name)
    plainString(count: SessionID.textLength) { text, place in id.write(to: &text, at: place) }
  }

  /// Writes a session as it was rendered, with the two times that move as they are in `session`.
  public mutating func raw(_ rendering: SessionRendering, of session: Session) {
    raw { text in
      rendering.append(session, requestTime: session.requestTime, deadline: session.deadline, to: &text)
    }
  }
}
