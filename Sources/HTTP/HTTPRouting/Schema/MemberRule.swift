/// What the members of an object ask of each other, for the API document alone: the handler that reads them refuses
/// what breaks it.
public enum MemberRule: Sendable, Hashable {
  /// The two can't both be there.
  case notTogether(String, String)
  /// The first needs the second.
  case needs(String, String)
  /// All of at least one of the lists are there.
  case anyOf([[String]])
  /// It is the only member, if it is there.
  case alone(String)
}
