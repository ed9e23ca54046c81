/// Address and configuration, as the thread that owns the connections uses them.
struct EngineSettings: Sendable {
  let seeds: [ServerAddress]
  let isCluster: Bool
  let user: String?
  let password: RedisPassword?
  let database: Int
  let clientName: String
  let timeout: Duration
  let connectTimeout: Duration
  let connections: Int
  let largestReply: Int

  init(address: RedisAddress, configuration: RedisConfiguration) {
    seeds = address.servers
    isCluster = address.isCluster
    user = configuration.user ?? address.user
    password = configuration.password.map(RedisPassword.init) ?? address.password
    database = address.database
    clientName = configuration.clientName
    timeout = configuration.timeout
    connectTimeout = configuration.connectTimeout
    connections = min(max(1, configuration.connections), 16)
    largestReply = configuration.largestReply
  }
}
