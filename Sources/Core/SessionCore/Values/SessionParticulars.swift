public import JSON

/// What a session may lack, in one object that its copies share.
///
/// A session is handed on a dozen times for each time that it is changed: so that costs one count of references rather
/// than one for each text, and a session without any of this costs nothing for it.
///
/// Unchecked, because the compiler can't see what holds: it is changed only while a single session refers to it
/// (``Session/ownParticulars()``), and so by the one thread that may change that session.
final class SessionParticulars: @unchecked Sendable {
  fileprivate(set) var userName: ExactText?
  fileprivate(set) var address: ExactText?
  fileprivate(set) var client: ExactText?
  fileprivate(set) var userAgent: ExactText?
  fileprivate(set) var kind: ExactText?
  fileprivate(set) var status: ExactText?
  fileprivate(set) var loginMethod: ExactText?
  fileprivate(set) var authTime: Timestamp?
  fileprivate(set) var user: JSONText?
  fileprivate(set) var data: JSONText?
  fileprivate(set) var carried: CarriedToken?

  fileprivate init(copying other: SessionParticulars?) {
    guard let other else { return }
    userName = other.userName
    address = other.address
    client = other.client
    userAgent = other.userAgent
    kind = other.kind
    status = other.status
    loginMethod = other.loginMethod
    authTime = other.authTime
    user = other.user
    data = other.data
    carried = other.carried
  }

  /// Whether two sessions have the same members; one that lacks all of them may do so with or without an object.
  static func areEqual(_ left: SessionParticulars?, _ right: SessionParticulars?) -> Bool {
    if left === right { return true }
    guard left?.userName == right?.userName, left?.address == right?.address, left?.client == right?.client,
      left?.userAgent == right?.userAgent, left?.kind == right?.kind, left?.status == right?.status,
      left?.loginMethod == right?.loginMethod, left?.authTime == right?.authTime, left?.user == right?.user,
      left?.data == right?.data, left?.carried == right?.carried
    else { return false }
    return true
  }
}

extension Session {
  /// A name to show, as the caller gave it.
  public var userName: ExactText? {
    get { particulars?.userName }
    set { if newValue != nil || particulars != nil { ownParticulars().userName = newValue } }
  }

  /// The client's address, as the caller gave it.
  public var address: ExactText? {
    get { particulars?.address }
    set { if newValue != nil || particulars != nil { ownParticulars().address = newValue } }
  }

  /// The client's program, as the caller gave it.
  public var client: ExactText? {
    get { particulars?.client }
    set { if newValue != nil || particulars != nil { ownParticulars().client = newValue } }
  }

  /// The User-Agent, as the caller gave it.
  public var userAgent: ExactText? {
    get { particulars?.userAgent }
    set { if newValue != nil || particulars != nil { ownParticulars().userAgent = newValue } }
  }

  /// What the session is for, such as "signup".
  public var kind: ExactText? {
    get { particulars?.kind }
    set { if newValue != nil || particulars != nil { ownParticulars().kind = newValue } }
  }

  /// A status of the caller's own.
  public var status: ExactText? {
    get { particulars?.status }
    set { if newValue != nil || particulars != nil { ownParticulars().status = newValue } }
  }

  /// How the user proved who they are, such as "password".
  public var loginMethod: ExactText? {
    get { particulars?.loginMethod }
    set { if newValue != nil || particulars != nil { ownParticulars().loginMethod = newValue } }
  }

  /// When the user proved it.
  public var authTime: Timestamp? {
    get { particulars?.authTime }
    set { if newValue != nil || particulars != nil { ownParticulars().authTime = newValue } }
  }

  /// JSON about the user; dropped when the session ends.
  public var user: JSONText? {
    get { particulars?.user }
    set { if newValue != nil || particulars != nil { ownParticulars().user = newValue } }
  }

  /// JSON of the session; dropped when the session ends.
  public var data: JSONText? {
    get { particulars?.data }
    set { if newValue != nil || particulars != nil { ownParticulars().data = newValue } }
  }

  /// What it keeps of a token that its caller brought along; dropped when the session ends.
  public var carried: CarriedToken? {
    get { particulars?.carried }
    set { if newValue != nil || particulars != nil { ownParticulars().carried = newValue } }
  }

  /// The object, copied first if another session shares it.
  private mutating func ownParticulars() -> SessionParticulars {
    if isKnownUniquelyReferenced(&particulars), let particulars { return particulars }
    let own = SessionParticulars(copying: particulars)
    particulars = own
    return own
  }
}
