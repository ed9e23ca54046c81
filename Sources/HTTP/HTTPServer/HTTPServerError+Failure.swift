internal import CHTTPEngine

extension HTTPServerError {
  /// The sentence for a failure to listen.
  init(_ failure: Failure, listeningOn address: HTTPServerAddress) {
    let place =
      switch address {
      case .tcp(let host, let port): "\(host):\(port)"
      case .unix(let path, _): path
      }
    let reason = failure.reason
    switch failure.code {
    case http_failure_address_in_use:
      self.init(
        .addressInUse, "Something already listens on \(place). Stop it, or choose another address.", reason: reason)
    case http_failure_not_resolvable:
      self.init(
        .notResolvable, "\(place) is not an address of this machine. Check the host name, or listen on 127.0.0.1.",
        reason: reason)
    case http_failure_not_permitted:
      self.init(
        .notPermitted,
        "The system does not allow listening on \(place). Ports below 1024 need a privilege; a socket file needs a "
          + "folder that can be written to.",
        reason: reason)
    case http_failure_not_a_socket:
      self.init(
        .badPath, "\(place) exists and is not a socket. Move it away, or choose another path.", reason: reason)
    case http_failure_path_too_long:
      self.init(
        .badPath, "The path \(place) is too long for a socket; the system allows 107 bytes. Choose a shorter one.",
        reason: reason)
    default:
      self.init(.system, "Can't listen on \(place): \(reason).", reason: reason)
    }
  }

  /// The sentence for a certificate that can't be used.
  init(_ failure: Failure, loading tls: HTTPServerTLS) {
    let reason = failure.reason
    let chain = tls.certificateChainPath
    let key = tls.privateKeyPath
    let sentence =
      switch failure.code {
      case http_failure_certificate_unreadable:
        "The certificate \(chain) can't be read: \(reason). Check the path and who may read it."
      case http_failure_certificate_invalid:
        "\(chain) is not a chain of certificates in PEM. Give the server's certificate first, then its authorities'."
      case http_failure_key_unreadable:
        "The private key \(key) can't be read: \(reason). Check the path and who may read it."
      case http_failure_key_invalid:
        "\(key) is not a private key in PEM without a password. Give it one that is."
      case http_failure_key_mismatch:
        "The private key \(key) does not belong to the certificate \(chain). Give the two that belong together."
      default:
        "TLS can't be set up: \(reason)."
      }
    self.init(.badCertificate, sentence, reason: reason)
  }
}

/// The engine's failure, with constants of the same type to compare it with.
struct Failure {
  let code: Int
  let reason: String

  init(_ failure: http_failure) {
    code = Int(failure.code)
    reason = unsafe withUnsafeBytes(of: failure.reason) {
      unsafe String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
    }
  }
}
