public import SessionCore

extension KeyRing {
  /// The ring that is kept in a file of mode 0600.
  ///
  /// The file is made with one new key if it is missing; its folder must be there. Whoever reads it can make a token
  /// for any session, so keep it apart from copies of the database.
  ///
  /// - Parameter path: The file.
  /// - Throws: `StartError` if the file can't be read or made, holds no key ring, or can be read by others.
  public init(file path: String) throws(StartError) {
    do throws(KeyRingFile.Failure) {
      self = try KeyRingFile(path: path).loadOrMake(random: SystemRandom(), now: SystemClock().now()).ring
    } catch {
      throw StartError("The key ring can't be used: \(error.description).", underlying: error)
    }
  }
}
