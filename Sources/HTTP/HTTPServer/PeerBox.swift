internal import HTTPMessages

/// Who is at the other end of a connection, made once for all of its requests.
final class PeerBox: Sendable {
  let peer: HTTPPeer

  init(_ peer: HTTPPeer) {
    self.peer = peer
  }
}
