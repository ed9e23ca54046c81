public import HTTPRouting
public import SessionCore

extension RoutedRequest {
  /// The service or administrator that sent it, for events.
  public var service: Actor {
    Actor(.service, name: caller.name, address: caller.address, requestID: requestID)
  }

  /// The user that sent it, for events.
  public var user: Actor {
    Actor(.user, address: caller.address, requestID: requestID)
  }
}
