public import Accounts
public import Configuration
public import DialectKit
public import HTTPRouting
public import SesameAPI
public import SessionCore

/// The web console, `/console`, and the users' own page, `/account`.
///
/// The pages are files within the program. What they show comes from `/console/api`, whose routes for sessions,
/// accounts, keys and events are those of `/v2` behind another door: the session of an administrator. The users' page
/// calls `/v2` itself.
public struct Console: Sendable {
  let sessions: Sessions
  let accounts: Accounts
  let events: EventFeed
  let history: History
  let node: ConsoleNode
  let neighbourhood: Neighbourhood?
  let providers: any IdentityProviders
  let settings: [EffectiveSetting]
  let cookies: CookiePolicy
  let administrators: AdministratorAuthorizer
  let links: LoginLinks
  let gate: Gatekeeper
  let api: SesameAPI

  /// The console of a node.
  ///
  /// - Parameters:
  ///   - sessions: the sessions, those of administrators among them.
  ///   - accounts: the accounts.
  ///   - events: the log of what happened.
  ///   - history: what the plots show.
  ///   - node: what is to be said of this node.
  ///   - neighbourhood: the other nodes on its store; `nil` if there can't be any.
  ///   - providers: who else may say who somebody is.
  ///   - settings: the settings in force, for eyes.
  ///   - random: where the links' codes come from.
  ///   - trust: where requests come from.
  ///   - cookies: the session cookie.
  ///   - api: makes the interface whose routes the pages call, behind the gate that it is given.
  public init(
    _ sessions: Sessions, accounts: Accounts, events: EventFeed, history: History, node: ConsoleNode,
    neighbourhood: Neighbourhood?, providers: any IdentityProviders, settings: [EffectiveSetting],
    random: any RandomSource, trust: TrustPolicy, cookies: CookiePolicy,
    api: (Gatekeeper) -> SesameAPI
  ) {
    self.sessions = sessions
    self.accounts = accounts
    self.events = events
    self.history = history
    self.node = node
    self.neighbourhood = neighbourhood
    self.providers = providers
    self.settings = settings
    self.cookies = cookies
    administrators = AdministratorAuthorizer(
      sessions: sessions, accounts: accounts, trust: trust, cookies: cookies)
    links = LoginLinks(random: random)
    gate = Gatekeeper(trust: trust, authorizer: administrators)
    var routes = api(gate)
    if let neighbourhood {
      routes.news = StreamNews("nodes") { neighbourhood.changeCount }
      neighbourhood.onChange { events.wake() }
    }
    self.api = routes
  }

  /// The routes, for the router.
  public var groups: [RouteGroup] {
    let routes = loginRoutes + providerRoutes + overviewRoutes + timelineRoutes + api.administrationRoutes
    // A provider sends people back to the page with parameters of its own, which are for the page alone.
    var pages = RouteGroup("Console's pages", prefixes: [""], routes: pageRoutes.map(\.undocumented))
    pages.ignoresUnknownQuery = true
    return [
      pages,
      RouteGroup("Console", prefixes: ["/console/api"], routes: routes.map(\.undocumented), admission: gate.admission),
      RouteGroup(
        "Console's links", prefixes: ["/console/api"], routes: [linkRoute.undocumented], admission: linkAdmission),
    ]
  }
}

extension Route {
  /// The same, left out of the API document: the pages are its only callers, and both change together.
  fileprivate var undocumented: Route {
    var route = self
    route.isDocumented = false
    return route
  }
}
