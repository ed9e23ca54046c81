#if Redis
  import Foundation
  import Glibc
  import Synchronization

  /// A server that answers as a test tells it to.
  final class FakeRedis: Sendable {
    let port: Int
    private let listener: Int32
    private let accepted = Accepted()

    var address: String { "redis://127.0.0.1:\(port)" }
    /// How many connections came.
    var connections: Int { accepted.count }

    /// Listens, and gives each connection to `serve`, on a thread of its own, with its number from 1 on.
    init(port: Int? = nil, _ serve: @escaping @Sendable (FakeConnection, Int) -> Void) throws {
      let chosen = try port ?? freePort()
      self.port = chosen
      let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
      self.listener = listener
      var one: Int32 = 1
      unsafe setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, 4)
      var address = sockaddr_in()
      address.sin_family = sa_family_t(AF_INET)
      address.sin_addr.s_addr = UInt32(INADDR_LOOPBACK).bigEndian
      address.sin_port = UInt16(chosen).bigEndian
      let code = unsafe withUnsafePointer(to: &address) { address in
        unsafe address.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
          unsafe bind(listener, address, socklen_t(MemoryLayout<sockaddr_in>.size))
        }
      }
      guard code == 0, listen(listener, 64) == 0 else {
        throw ServerProcess.StartFailure(program: "listen", code: errno)
      }
      let accepted = accepted
      let thread = Thread {
        while true {
          let descriptor = accept(listener, nil, nil)
          guard descriptor >= 0 else { break }
          let number = accepted.add(descriptor)
          let connection = Thread {
            serve(FakeConnection(descriptor), number)
            accepted.close(descriptor)
          }
          connection.start()
        }
        close(listener)
      }
      thread.start()
    }

    deinit {
      shutdown(listener, Int32(SHUT_RDWR))
      accepted.end()
    }
  }

  /// The connections of a ``FakeRedis``; each is closed by its own thread, so that its number is not another's by then.
  private final class Accepted: Sendable {
    private let state = Mutex((count: 0, open: Set<Int32>()))

    var count: Int { state.withLock { $0.count } }

    func add(_ descriptor: Int32) -> Int {
      state.withLock { state in
        state.open.insert(descriptor)
        state.count += 1
        return state.count
      }
    }

    func close(_ descriptor: Int32) {
      state.withLock { state in
        state.open.remove(descriptor)
        Glibc.close(descriptor)
      }
    }

    /// Has every connection's thread come to its end.
    func end() {
      state.withLock { state in
        for descriptor in state.open { shutdown(descriptor, Int32(SHUT_RDWR)) }
      }
    }
  }

  /// A connection to a ``FakeRedis``.
  final class FakeConnection {
    private let descriptor: Int32
    private var received: [UInt8] = []

    init(_ descriptor: Int32) { self.descriptor = descriptor }

    /// The next command; `nil` at the end of the connection.
    func command() -> [String]? {
      guard let head = line(), head.first == "*", let count = Int(head.dropFirst()) else { return nil }
      var words: [String] = []
      for _ in 0..<count {
        guard let length = line().flatMap({ Int($0.dropFirst()) }), let word = bytes(length + 2) else { return nil }
        words.append(String(decoding: word.dropLast(2), as: UTF8.self))
      }
      return words
    }

    /// Answers what a client says first, up to its PING.
    func greet() {
      while let command = command() {
        write(command[0] == "PING" ? "+PONG\r\n" : "+OK\r\n")
        if command[0] == "PING" { return }
      }
    }

    /// Answers every command by what `answer` says; `nil` ends it.
    func answer(_ answer: ([String]) -> String?) {
      while let command = command(), let reply = answer(command) { write(reply) }
    }

    func write(_ text: String) { write(Array(text.utf8)) }

    func write(_ bytes: [UInt8]) {
      var rest = bytes[...]
      while !rest.isEmpty {
        let count = unsafe rest.withUnsafeBytes {
          unsafe send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
        }
        guard count > 0 else { return }
        rest = rest.dropFirst(count)
      }
    }

    /// Closes the connection with a reset.
    func reset() {
      var linger = linger(l_onoff: 1, l_linger: 0)
      unsafe setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout<Glibc.linger>.size))
      // The descriptor stays taken: another connection of the test must not get its number meanwhile.
      let other = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
      dup2(other, descriptor)
      close(other)
    }

    /// Waits until the client has closed the connection.
    func waitForEnd() { while command() != nil {} }

    private func line() -> String? {
      while true {
        if let end = received.firstIndex(of: 0x0A) {
          defer { received.removeSubrange(...end) }
          return String(decoding: received[..<max(0, end - 1)], as: UTF8.self)
        }
        guard receive() else { return nil }
      }
    }

    private func bytes(_ count: Int) -> [UInt8]? {
      while received.count < count { guard receive() else { return nil } }
      defer { received.removeSubrange(..<count) }
      return Array(received[..<count])
    }

    private func receive() -> Bool {
      var buffer = [UInt8](repeating: 0, count: 65_536)
      let count = unsafe buffer.withUnsafeMutableBytes { unsafe recv(descriptor, $0.baseAddress, $0.count, 0) }
      guard count > 0 else { return false }
      received += buffer[..<count]
      return true
    }
  }
#endif
