public import Accounts
public import HTTPMessages
public import SessionCore

/// Everything that can be set, with its type; `sesame.example.toml` says what each is for.
public struct Settings: Sendable {
  /// How Sesame is reached.
  public internal(set) var server = Server()
  /// What one request or connection may use.
  public internal(set) var limits = Limits()
  /// How long sessions live, and how much they hold.
  public internal(set) var session = Session()
  /// The session cookie.
  public internal(set) var cookie = Cookie()
  /// The cache of sessions.
  public internal(set) var cache = Cache()
  /// The store's own settings.
  public internal(set) var store = Store()
  /// How nodes that share a store work together.
  public internal(set) var nodes = Nodes()
  /// The key ring.
  public internal(set) var keys = Keys()
  /// Logging in.
  public internal(set) var login = Login()
  /// How passwords are hashed.
  public internal(set) var password = Password()
  /// Signed tokens.
  public internal(set) var jwt = SignedToken()
  /// The protocol of the Cerberus library.
  public internal(set) var cerberus = Cerberus()
  /// The pages for people.
  public internal(set) var console = Console()
  /// The event log.
  public internal(set) var events = Events()
  /// The session service.
  public internal(set) var sessionService = SessionService()
  /// The protocol Session_Model.
  public internal(set) var sessionModel = SessionModel()
  /// The log.
  public internal(set) var log = Log()
  /// OpenID providers whose users may log in, by name.
  public internal(set) var issuers: [Issuer] = []
  /// Who is told of events, by name.
  public internal(set) var webhooks: [Webhook] = []

  /// What was given, by whom, and as what; a setting that is not in it has its default.
  var given: [String: (text: String, source: String)] = [:]

  /// The group `server`.
  public struct Server: Sendable {
    /// Where to listen.
    public internal(set) var listen: [ListenAddress] = []
    /// The folder for what Sesame writes.
    public internal(set) var data = ""
    /// Which store, as `--store` takes it; may hold a password, so never log it.
    public internal(set) var store = ""
    /// How many event loops; 0 means one per core.
    public internal(set) var threads = 0
    /// Whose callers need no key.
    public internal(set) var trustedNetworks: [IPNetwork] = []
    /// Whose forwarded addresses count.
    public internal(set) var trustedProxies: [IPNetwork] = []
    /// Origins of other pages that may use a user's endpoints.
    public internal(set) var allowedOrigins: [String] = []
    /// Host names that service endpoints accept.
    public internal(set) var allowedHosts: [String] = []
    /// The administration socket's path, never empty.
    public internal(set) var socket = ""
    /// The certificate chain's path, or empty for plain HTTP.
    public internal(set) var certificate = ""
    /// The certificate's private key's path, or empty for plain HTTP.
    public internal(set) var key = ""
    /// Whether a crash may leave a core dump, and programs of the same user may look into the memory.
    public internal(set) var coreDumps = false
  }

  /// The group `limits`.
  public struct Limits: Sendable {
    /// The longest request line, in bytes.
    public internal(set) var requestLine = 0
    /// The longest head, in bytes.
    public internal(set) var headerBytes = 0
    /// The most header fields.
    public internal(set) var headerFields = 0
    /// The longest body, in bytes.
    public internal(set) var bodyBytes = 0
    /// How long a head may take.
    public internal(set) var headerTime = TimeSpan.zero
    /// How long a body may take.
    public internal(set) var bodyTime = TimeSpan.zero
    /// How long a connection may be idle between requests.
    public internal(set) var idleTime = TimeSpan.zero
    /// The most connections at once.
    public internal(set) var connections = 0
    /// How long a stop goes on serving first.
    public internal(set) var drainTime = TimeSpan.zero
    /// How long a stop may take.
    public internal(set) var stopTime = TimeSpan.zero
  }

  /// The group `session`.
  public struct Session: Sendable {
    /// The idle time for who asks for none.
    public internal(set) var idleTimeout = TimeSpan.zero
    /// The lifetime for who asks for none.
    public internal(set) var lifetime = TimeSpan.zero
    /// The longest idle time to be had.
    public internal(set) var idleTimeoutCeiling = TimeSpan.zero
    /// The longest lifetime to be had.
    public internal(set) var lifetimeCeiling = TimeSpan.zero
    /// The idle time of remembered sessions.
    public internal(set) var rememberedIdleTimeout = TimeSpan.zero
    /// The lifetime of remembered sessions.
    public internal(set) var rememberedLifetime = TimeSpan.zero
    /// The most live sessions per user; 0 means no limit.
    public internal(set) var liveLimit = 0
    /// What happens beyond that.
    public internal(set) var liveOverflow = LiveSessionLimit.Overflow.evictOldest
    /// How long the token before a renewal is still good.
    public internal(set) var renewalGrace = TimeSpan.zero
    /// Whether imported sessions open with their tokens of elsewhere.
    public internal(set) var acceptsImportedTokens = false
    /// How often last request times reach the store.
    public internal(set) var touchInterval = TimeSpan.zero
    /// How often the reaper runs.
    public internal(set) var sweepInterval = TimeSpan.zero
    /// How long closed sessions are kept.
    public internal(set) var retention = TimeSpan.zero
    /// The most bytes of `user` and of `data`, each.
    public internal(set) var payloadBytes = 0

    /// The limit of live sessions as the core takes it, or `nil` for none.
    public var liveSessionLimit: LiveSessionLimit? {
      liveLimit >= 1 ? LiveSessionLimit(maximum: liveLimit, overflow: liveOverflow) : nil
    }
  }

  /// The group `cookie`.
  public struct Cookie: Sendable {
    /// What a page of another site may do with the cookie.
    public enum SameSite: String, Sendable, CaseIterable {
      /// Sent with no request from another site.
      case strict
      /// Sent from another site only when its link is followed.
      case lax
      /// Sent always.
      case none
    }

    /// The cookie's name.
    public internal(set) var name = ""
    /// Whether only HTTPS carries it.
    public internal(set) var isSecure = true
    /// What other sites' pages may do with it.
    public internal(set) var sameSite = SameSite.lax
  }

  /// The group `cache`.
  public struct Cache: Sendable {
    /// The most bytes of cached sessions.
    public internal(set) var bytes = 0
  }

  /// The group `store`.
  public struct Store: Sendable {
    /// Whether an older schema is brought up to date at start.
    public internal(set) var migrates = true
    /// Which schema, key prefix or database of a shared store is this service's.
    public internal(set) var name = ""
    /// The password of a shared store; empty for none.
    ///
    /// Never to be logged.
    public internal(set) var password = ""
    /// How long a call of a shared store may take.
    public internal(set) var timeout = TimeSpan.zero
    /// How many connections to a shared store serve reads.
    public internal(set) var connections = 0
    /// How many replicas must have a change before it is answered; Redis only.
    public internal(set) var waitReplicas = 0
    /// How long is waited for them.
    public internal(set) var waitTimeout = TimeSpan.zero
  }

  /// The group `nodes`.
  public struct Nodes: Sendable {
    /// For how long after a heartbeat a node trusts its cache.
    public internal(set) var lease = TimeSpan.zero
  }

  /// The group `keys`.
  public struct Keys: Sendable {
    /// The key ring's file, never empty.
    public internal(set) var file = ""
    /// How old the newest key gets before another is made; zero means for ever.
    public internal(set) var rotation = TimeSpan.zero
  }

  /// The group `login`.
  public struct Login: Sendable {
    /// Who gets an account by logging in with an id token.
    public enum Enrolment: String, Sendable, CaseIterable {
      /// Nobody.
      case off
      /// Everybody.
      case on
      /// Who has an address of a listed domain.
      case domains
    }

    /// The most tries on one account from one address, per window.
    public internal(set) var attempts = 0
    /// The most tries from one address, per window.
    public internal(set) var attemptsPerAddress = 0
    /// The most tries on one account, per window.
    public internal(set) var attemptsPerAccount = 0
    /// How long a window is.
    public internal(set) var window = TimeSpan.zero
    /// From which try on there is a wait.
    public internal(set) var delayAfter = 0
    /// Who gets an account.
    public internal(set) var enrolment = Enrolment.off
    /// The level of accounts that everybody gets.
    public internal(set) var enrolmentLevel = AccountLevel.guest
    /// The domains, with the level of accounts that their users get.
    public internal(set) var enrolmentDomains: [DomainLevel] = []
  }

  /// The level of accounts that users of an e-mail domain get.
  public struct DomainLevel: Sendable, Equatable {
    /// The domain in lower case.
    public let domain: String
    /// The level.
    public let level: AccountLevel
  }

  /// The group `password`.
  public struct Password: Sendable {
    /// How much memory a hash takes, in bytes.
    public internal(set) var memory = 0
    /// How many passes over it.
    public internal(set) var passes = 0
    /// How many are hashed at once; 0 means one less than there are cores.
    public internal(set) var threads = 0
    /// How many may wait.
    public internal(set) var queue = 0
  }

  /// The group `jwt`.
  public struct SignedToken: Sendable {
    /// How they are signed.
    public enum Algorithm: String, Sendable, CaseIterable {
      /// ECDSA with P-256, which others can check by the published keys.
      case es256 = "ES256"
      /// HMAC, which only Sesame can check.
      case hs256 = "HS256"
    }

    /// How they are signed.
    public internal(set) var algorithm = Algorithm.es256
    /// What they say of their issuer.
    public internal(set) var issuer = ""
    /// How long they are good.
    public internal(set) var lifetime = TimeSpan.zero
  }

  /// The group `cerberus`.
  public struct Cerberus: Sendable {
    /// What a token is.
    public enum Session: String, Sendable, CaseIterable {
      /// The name of a stored session.
      case stateful
      /// A signed token that carries the user.
      case stateless
    }

    /// How long its sessions live; `nil` as long as others.
    public internal(set) var expiration: TimeSpan?
    /// What a token is.
    public internal(set) var session = Session.stateful
  }

  /// The group `console`.
  public struct Console: Sendable {
    /// Whether `/console` and `/account` are there.
    public internal(set) var isEnabled = true
  }

  /// The group `events`.
  public struct Events: Sendable {
    /// How long they are kept.
    public internal(set) var retention = TimeSpan.zero
  }

  /// The group `session_model`.
  public struct SessionModel: Sendable {
    /// How long its sessions live in all.
    public internal(set) var lifetime = TimeSpan.zero
    /// How long a cookie is good after it was issued.
    public internal(set) var cookieLifetime = TimeSpan.zero
    /// Whether cookies say that only HTTPS carries them.
    public internal(set) var isSecure = true
  }

  /// A group `issuers.NAME`.
  public struct Issuer: Sendable, Equatable {
    /// The name.
    public let name: String
    /// The issuer as its tokens say it, with `{tenantid}` where a tenant stands.
    public internal(set) var issuer = ""
    /// For whom its tokens are.
    public internal(set) var audiences: [String] = []
    /// The tenants that are let in; empty for all.
    public internal(set) var tenants: [String] = []
    /// Where its keys are; empty to find out.
    public internal(set) var keys = ""
    /// The client id by which the console logs people in there; empty for not.
    public internal(set) var client = ""
    /// That client's secret; empty if it has none.
    ///
    /// Never to be logged.
    public internal(set) var secret = ""

    init(name: String) { self.name = name }
  }

  /// A group `webhooks.NAME`.
  public struct Webhook: Sendable, Equatable {
    /// The name.
    public let name: String
    /// Where to post to.
    public internal(set) var url = ""
    /// What requests are signed with; never log it.
    public internal(set) var secret = ""
    /// Which events; empty for all.
    public internal(set) var types: [Event.Kind] = []

    init(name: String) { self.name = name }
  }

  /// The group `session_service`.
  public struct SessionService: Sendable {
    /// The lifetime for who asks for none.
    public internal(set) var lifetime = TimeSpan.zero
  }

  /// The group `log`.
  public struct Log: Sendable {
    /// How much is said.
    public enum Level: String, Sendable, CaseIterable {
      /// Everything, for looking into a fault.
      case debug
      /// What happens.
      case info
      /// What is worth knowing.
      case notice
      /// What should be looked into.
      case warning
      /// What failed.
      case error
    }

    /// The least grave that is written.
    public internal(set) var level = Level.info
    /// Whether each request is written.
    public internal(set) var requests = false
  }

  /// Empty, until every declaration's default is assigned.
  init() {}
}
