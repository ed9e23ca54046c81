internal import JSON
public import SessionCore

/// The entries of the log for what happens to accounts, the same from every store.
extension Event {
  /// The entry for an account that was added; the details say with which level.
  public static func created(_ account: Account, by actor: Actor, at time: Timestamp) -> Event {
    var event = Event(.accountCreated, of: account.id, at: time, by: actor)
    event.details = JSONText { writer in
      writer.name("level")
      writer.string(account.profile.level.rawValue)
    }
    return event
  }

  /// The entry for an account that was changed; `nil` if no member differs.
  ///
  /// The details are the names of the members that do (`changed`), and if the level is one of them, what it is and
  /// was. All other values stay out of the log.
  public static func changed(
    from old: AccountProfile, to account: Account, by actor: Actor, at time: Timestamp
  ) -> Event? {
    let names = account.profile.differences(from: old)
    guard !names.isEmpty else { return nil }
    var event = Event(.accountChanged, of: account.id, at: time, by: actor)
    event.details = JSONText { writer in
      writer.name("changed")
      writer.beginArray()
      for name in names { writer.string(name) }
      writer.endArray()
      if account.profile.level != old.level {
        writer.name("level")
        writer.string(account.profile.level.rawValue)
        writer.name("level_before")
        writer.string(old.level.rawValue)
      }
    }
    return event
  }

  /// The entry for an account that got a password, or another one.
  public static func passwordChanged(of id: AccountID, by actor: Actor, at time: Timestamp) -> Event {
    Event(.passwordChanged, of: id, at: time, by: actor)
  }

  /// The entry for an account that was removed.
  public static func removed(_ id: AccountID, by actor: Actor, at time: Timestamp) -> Event {
    Event(.accountRemoved, of: id, at: time, by: actor)
  }

  private init(_ kind: Kind, of id: AccountID, at time: Timestamp, by actor: Actor) {
    self.init(kind, at: time, by: actor)
    userID = id.userID
  }
}

extension AccountProfile {
  /// The names of the members that differ, as the interfaces have them; text differs if one byte does.
  func differences(from old: AccountProfile) -> [String] {
    var names: [String] = []
    if email?.text != old.email?.text { names.append("email") }
    if username != old.username { names.append("username") }
    if name != old.name { names.append("name") }
    if firstName != old.firstName { names.append("first_name") }
    if lastName != old.lastName { names.append("last_name") }
    if picture != old.picture { names.append("picture") }
    if timezone != old.timezone { names.append("timezone") }
    if level != old.level { names.append("level") }
    if isActive != old.isActive { names.append("active") }
    if isVerified != old.isVerified { names.append("verified") }
    if links != old.links { names.append("links") }
    return names
  }
}

extension JSONText {
  /// An object whose members `body` writes.
  init(_ body: (inout JSONWriter) -> Void) {
    var writer = JSONWriter(capacity: 64)
    writer.beginObject()
    body(&writer)
    writer.endObject()
    self.init(uncheckedMinified: writer.bytes)
  }
}
