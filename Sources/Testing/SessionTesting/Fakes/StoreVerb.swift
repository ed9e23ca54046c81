/// The verbs of a store.
public enum StoreVerb: String, Sendable, CaseIterable {
  /// `SessionStore.insert(_:limit:by:now:)`
  case insert
  /// `SessionStore.session(_:)`
  case session
  /// `SessionStore.replace(_:revision:as:by:now:)`
  case replace
  /// `SessionStore.close(_:reason:by:now:)`
  case close
  /// `SessionStore.close(matching:excluding:reason:by:now:limit:)`
  case closeMatching
  /// `SessionStore.touch(_:)`
  case touch
  /// `SessionStore.remove(_:by:now:)`
  case remove
  /// `SessionStore.page(_:now:)`
  case page
  /// `SessionStore.count(_:now:)`
  case count
  /// `SessionStore.reap(now:limit:)`
  case reap
  /// `SessionStore.purge(closedBefore:limit:)`
  case purge
  /// `SessionStore.check()`
  case check
  /// `EventStore.append(_:)`
  case append
  /// `EventStore.events(after:kinds:limit:)`
  case events
  /// `EventStore.lastEventNumber()`
  case lastEventNumber
  /// `EventStore.purgeEvents(before:limit:)`
  case purgeEvents
  /// `EventStore.eventCursor(of:)`
  case eventCursor
  /// `EventStore.setEventCursor(_:of:)`
  case setEventCursor
  /// `AccountStore.insert(_:password:by:now:)`
  case insertAccount
  /// The verbs of `AccountStore` that find one account.
  case account
  /// `AccountStore.passwordHash(of:)`
  case passwordHash
  /// `AccountStore.replace(_:of:revision:by:now:)`
  case replaceAccount
  /// `AccountStore.setPassword(_:replacing:closing:of:by:now:)`
  case setPassword
  /// `AccountStore.remove(_:by:now:)`
  case removeAccount
  /// `AccountStore.page(_:)`
  case accountPage
  /// `AccountStore.closingsDue(limit:)`
  case closingsDue
  /// `AccountStore.settleClosing(of:due:)`
  case settleClosing
  /// `AccountSessionStore.accountSessions(_:now:)`
  case accountSessions
  /// `LoginStore.countAttempt(_:now:)`
  case countAttempt
  /// `LoginStore.forgetAttempts(_:)`
  case forgetAttempts
  /// `LoginStore.returnAttempts(_:)`
  case returnAttempts
  /// `LoginStore.useOnce(_:until:now:)`
  case useOnce
  /// `LoginStore.purgeLoginNotes(now:limit:)`
  case purgeLoginNotes
  /// `ServiceKeyStore.insertKey(name:scopes:expires:digest:by:now:)`
  case insertKey
  /// `ServiceKeyStore.serviceKey(digest:)`
  case serviceKey
  /// `ServiceKeyStore.serviceKeys(after:limit:)`
  case serviceKeys
  /// `ServiceKeyStore.revokeKey(_:by:now:)`
  case revokeKey
  /// `ServiceKeyStore.touchKey(_:at:)`
  case touchKey

  /// Those of ``SessionStore``.
  static let ofSessions: [StoreVerb] = [
    .insert, .session, .replace, .close, .closeMatching, .touch, .remove, .page, .count, .reap, .purge, .check,
  ]
  /// Those of `EventStore`.
  static let ofEvents: [StoreVerb] = [
    .append, .events, .lastEventNumber, .purgeEvents, .eventCursor, .setEventCursor,
  ]
}
