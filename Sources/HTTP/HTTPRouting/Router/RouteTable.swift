import HTTPMessages

/// All routes by their paths.
struct RouteTable: Sendable {
  /// A route under one of its group's prefixes.
  ///
  /// A class, as every request takes one along.
  final class Endpoint: Sendable {
    let route: Route
    let group: Int
    let template: PathTemplate
    let label: RouteLabel

    init(route: Route, group: Int, template: PathTemplate, label: RouteLabel) {
      self.route = route
      self.group = group
      self.template = template
      self.label = label
    }
  }

  /// The routes of one path.
  struct Place: Sendable {
    let template: PathTemplate
    let group: Int
    /// At most one for each method: too few for a table of hashes to be worth it.
    var endpoints: [Endpoint] = []

    /// The value of Allow (RFC 9110 section 10.2.1).
    var allow: String {
      let known = HTTPMethod.allCases.filter { method in
        endpoint(for: method) != nil || method == .options
      }
      return known.map(\.rawValue).joined(separator: ", ")
    }

    /// The methods that pages of listed origins may use.
    var sharedMethods: [HTTPMethod] {
      HTTPMethod.allCases.filter { endpoint(for: $0)?.route.access.isShared == true }
    }

    mutating func add(_ endpoint: Endpoint) {
      let method = endpoint.route.method
      precondition(
        !endpoints.contains { $0.route.method == method }, "\(method) \(template.text) is declared twice")
      endpoints.append(endpoint)
    }

    func endpoint(for method: HTTPMethod) -> Endpoint? {
      endpoints.first { $0.route.method == method } ?? (method == .head ? endpoint(for: .get) : nil)
    }
  }

  private var exact: [[UInt8]: Place] = [:]
  private var templates: [Place] = []
  private(set) var endpoints: [Endpoint] = []

  /// Lists the routes of all groups.
  ///
  /// Two routes of one method and path are a misuse and trap.
  init(_ groups: [RouteGroup]) {
    for (number, group) in groups.enumerated() {
      for route in group.routes {
        for prefix in group.prefixes { add(route, prefix + route.path, group: number) }
      }
    }
  }

  private mutating func add(_ route: Route, _ path: String, group: Int) {
    let template = PathTemplate(path)
    precondition(template.parameterNames == route.parameters.map(\.name), "\(path) declares each of its parameters")
    let label = RouteLabel(template: path, method: route.method, index: endpoints.count)
    let endpoint = Endpoint(route: route, group: group, template: template, label: label)
    endpoints.append(endpoint)
    if template.parameterNames.isEmpty {
      let key = Array(path.utf8)
      exact[key, default: Place(template: template, group: group)].add(endpoint)
    } else if let index = templates.firstIndex(where: { $0.template.text == path }) {
      templates[index].add(endpoint)
    } else {
      templates.append(Place(template: template, group: group, endpoints: [endpoint]))
    }
  }

  /// The place that `path` leads to, with the raw texts of its parameters.
  ///
  /// A path without parameters goes before one with.
  func place(for path: [UInt8]) -> (Place, [ArraySlice<UInt8>])? {
    if let place = exact[path] { return (place, []) }
    guard path.first == 0x2F else { return nil }
    let parts = path.dropFirst().split(separator: 0x2F, omittingEmptySubsequences: false)
    for place in templates {
      if let parameters = place.template.match(parts) { return (place, parameters) }
    }
    return nil
  }
}
