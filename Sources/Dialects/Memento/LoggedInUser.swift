import Accounts
import JSON
import SessionCore

/// Who logged in, as the answers of logging in and of renewing say it.
///
/// The session keeps it as its `user`, for the id token is gone when the session is renewed. Other interfaces may put
/// something else there, and sessions may come from them: what is not there is taken from the account.
struct LoggedInUser: Sendable {
  private static let nameLimit = 255
  private static let pictureLimit = 2048

  var userID: String?
  var name: String?
  var picture: String?

  /// What an id token says; what is longer than an account may hold is left out.
  init(_ identity: Identity) {
    userID = Self.bounded(identity.preferredUsername ?? identity.email?.text.string, Self.nameLimit)
    name = Self.bounded(identity.name, Self.nameLimit)
    picture = Self.bounded(identity.picture, Self.pictureLimit)
  }

  /// What is known of a session's user.
  init(of session: Session, _ account: Account?) {
    let kept = (try? session.user?.document())?.root
    let profile = account?.profile
    userID =
      kept?["userid"]?.string ?? profile?.email?.text.string ?? profile?.username?.string ?? session.userID.string
    name = kept?["name"]?.string ?? profile?.name?.string ?? session.userName?.string
    picture = kept?["picture"]?.string ?? profile?.picture?.string
  }

  /// What the session keeps.
  var json: JSONText {
    var json = JSONWriter()
    json.beginObject()
    writeMembers(into: &json)
    json.endObject()
    return JSONText(uncheckedMinified: json.bytes)
  }

  /// Writes the members that have a value, as the original does.
  func writeMembers(into json: inout JSONWriter) {
    if let userID { json.member("userid", userID) }
    if let name { json.member("name", name) }
    if let picture { json.member("picture", picture) }
  }

  private static func bounded(_ text: String?, _ limit: Int) -> String? {
    text.flatMap { $0.utf8.count <= limit ? $0 : nil }
  }
}
