internal import CHiredis

/// Makes replies of the bytes of one connection, with hiredis's parser and bounds of our own.
///
/// The parser is asked to build nothing itself: its callbacks fill a ``ReplyBuilder``. So an array costs what really
/// comes of it, never what it announces (https://nvd.nist.gov/vuln/detail/CVE-2021-32765).
final class ReplyReader {
  private let handle: ReaderHandle
  private let builder: ReplyBuilder
  private let largestReply: Int
  private var pending = 0

  init(largestReply: Int) throws(RedisError) {
    self.largestReply = max(1024, largestReply)
    builder = ReplyBuilder(mostMembers: self.largestReply / 4)
    handle = try ReaderHandle(builder: builder)
  }

  /// Takes received bytes.
  func feed(_ bytes: ArraySlice<UInt8>) throws(RedisError) {
    pending += bytes.count
    guard pending <= largestReply else {
      throw RedisError(.garbled, "The server's answer is larger than \(largestReply) bytes.")
    }
    let result = unsafe bytes.withUnsafeBytes { bytes in
      unsafe redisReaderFeed(handle.pointer, bytes.baseAddress?.assumingMemoryBound(to: CChar.self), bytes.count)
    }
    guard result == REDIS_OK else { throw handle.error }
  }

  /// The next whole reply; `nil` if more bytes are needed.
  func next() throws(RedisError) -> RedisReply? {
    var made: UnsafeMutableRawPointer?
    guard unsafe redisReaderGetReply(handle.pointer, &made) == REDIS_OK else { throw handle.error }
    guard unsafe made != nil else { return nil }
    pending = handle.unread
    return builder.take()
  }
}

/// The one owner of a parser, and of the table of functions that it calls.
@safe
private struct ReaderHandle: ~Copyable {
  let pointer: UnsafeMutablePointer<redisReader>
  private let functions: UnsafeMutablePointer<redisReplyObjectFunctions>

  /// A parser that fills `builder`, which must live longer.
  init(builder: ReplyBuilder) throws(RedisError) {
    unsafe functions = .allocate(capacity: 1)
    unsafe functions.initialize(
      to: redisReplyObjectFunctions(
        createString: putString, createArray: beginArray, createInteger: putInteger, createNil: putNull,
        freeObject: { _ in }))
    guard let pointer = unsafe redisReaderCreateWithFunctions(functions) else {
      unsafe functions.deallocate()
      throw RedisError(.garbled, "There is no memory for a parser.")
    }
    unsafe self.pointer = pointer
    // The parser gives up an emptied buffer that is larger than this; each answer would need a new one.
    unsafe pointer.pointee.maxbuf = 256 << 10
    unsafe pointer.pointee.privdata = Unmanaged.passUnretained(builder).toOpaque()
  }

  deinit {
    unsafe redisReaderFree(pointer)
    unsafe functions.deallocate()
  }

  /// How many bytes wait to be parsed.
  var unread: Int { unsafe max(0, pointer.pointee.len - pointer.pointee.pos) }

  var error: RedisError { RedisError(.garbled, "The server's answer is not in its protocol.") }
}

/// Puts together a reply from the parser's calls, which come in the order of the bytes.
private final class ReplyBuilder {
  private struct Open {
    var members: [RedisReply]
    let count: Int
  }

  private var open: [Open] = []
  private var whole: RedisReply?
  private let mostMembers: Int

  init(mostMembers: Int) { self.mostMembers = mostMembers }

  func take() -> RedisReply? {
    defer { whole = nil }
    return whole
  }

  func put(_ reply: RedisReply) {
    var reply = reply
    while let last = open.indices.last {
      open[last].members.append(reply)
      guard open[last].members.count == open[last].count else { return }
      reply = .array(open.removeLast().members)
    }
    whole = reply
  }

  func begin(_ count: Int) -> Bool {
    guard count <= mostMembers else { return false }
    if count == 0 {
      put(.array([]))
    } else {
      var members: [RedisReply] = []
      members.reserveCapacity(min(count, 256))
      open.append(Open(members: members, count: count))
    }
    return true
  }
}

/// The builder that a parser's task belongs to; what a callback answers is only compared with null.
private func builder(_ task: UnsafePointer<redisReadTask>?) -> (ReplyBuilder, UnsafeMutableRawPointer)? {
  guard let pointer = unsafe task?.pointee.privdata else { return nil }
  return unsafe (Unmanaged<ReplyBuilder>.fromOpaque(pointer).takeUnretainedValue(), pointer)
}

private func putString(
  _ task: UnsafePointer<redisReadTask>?, _ text: UnsafeMutablePointer<CChar>?, _ length: Int
) -> UnsafeMutableRawPointer? {
  guard let (builder, made) = unsafe builder(task), let type = unsafe task?.pointee.type else { return nil }
  let bytes = unsafe UnsafeRawBufferPointer(start: text, count: length)
  switch type {
  case REDIS_REPLY_STATUS: builder.put(.status(unsafe String(decoding: bytes, as: UTF8.self)))
  case REDIS_REPLY_ERROR: unsafe builder.put(refusal(bytes))
  default: builder.put(.bytes(unsafe Array(bytes)))
  }
  return unsafe made
}

private func refusal(_ bytes: UnsafeRawBufferPointer) -> RedisReply {
  let space = unsafe bytes.firstIndex(of: 0x20) ?? bytes.endIndex
  return unsafe .error(
    code: String(decoding: bytes[..<space], as: UTF8.self), text: String(decoding: bytes, as: UTF8.self))
}

private func beginArray(_ task: UnsafePointer<redisReadTask>?, _ count: Int32) -> UnsafeMutableRawPointer? {
  guard let (builder, made) = unsafe builder(task), builder.begin(Int(count)) else { return nil }
  return unsafe made
}

private func putInteger(_ task: UnsafePointer<redisReadTask>?, _ number: Int64) -> UnsafeMutableRawPointer? {
  guard let (builder, made) = unsafe builder(task) else { return nil }
  builder.put(.integer(number))
  return unsafe made
}

private func putNull(_ task: UnsafePointer<redisReadTask>?) -> UnsafeMutableRawPointer? {
  guard let (builder, made) = unsafe builder(task) else { return nil }
  builder.put(.null)
  return unsafe made
}
