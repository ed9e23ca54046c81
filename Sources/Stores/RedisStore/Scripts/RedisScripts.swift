internal import RedisDriver
internal import SessionCore

/// The scripts of one store.
struct RedisScripts: Sendable {
  let open: RedisScript
  let insert: RedisScript
  let insertAll: RedisScript
  let replace: RedisScript
  let close: RedisScript
  let closeMatching: RedisScript
  let touch: RedisScript
  let remove: RedisScript
  let page: RedisScript
  let count: RedisScript
  let reap: RedisScript
  let purge: RedisScript
  let append: RedisScript
  let purgeEvents: RedisScript
  let collect: RedisScript
  let deliver: RedisScript
  let userState: RedisScript
  let announce: RedisScript
  let confirm: RedisScript
  let forgetOpened: RedisScript
  let void: RedisScript
  let heartbeat: RedisScript
  let sign: RedisScript
  let holdTask: RedisScript
  let releaseTask: RedisScript
  let accounts: AccountScripts
  let keys: ServiceKeyScripts
  let logins: LoginScripts

  init(isSingle: Bool, retention: TimeSpan) {
    let ground = LuaText.ground(
      isSingle: isSingle, retention: min(retention.milliseconds, TimeSpan.days(36_500).milliseconds))
    func script(_ parts: String...) -> RedisScript { RedisScript(ground + parts.joined()) }
    open = script(LuaText.open)
    insert = script(LuaText.sessions, LuaText.insert)
    insertAll = script(LuaText.sessions, LuaText.insertAll)
    replace = script(LuaText.sessions, LuaText.replace)
    close = script(LuaText.sessions, LuaText.close)
    closeMatching = script(LuaText.sessions, LuaText.search, LuaText.closeMatching)
    touch = script(LuaText.sessions, LuaText.touch)
    remove = script(LuaText.sessions, LuaText.remove)
    page = script(LuaText.sessions, LuaText.search, LuaText.page)
    count = script(LuaText.sessions, LuaText.search, LuaText.count)
    reap = script(LuaText.sessions, LuaText.reap)
    purge = script(LuaText.sessions, LuaText.purge)
    append = script(LuaText.append)
    purgeEvents = script(LuaText.purgeEvents)
    collect = script(LuaText.collect)
    deliver = script(LuaText.deliver)
    userState = script(LuaText.userState)
    announce = script(LuaText.announce)
    confirm = script(LuaText.confirm)
    forgetOpened = script(LuaText.forgetOpened)
    void = script(LuaText.void)
    heartbeat = script(LuaText.heartbeat)
    sign = script(LuaText.sign)
    holdTask = script(LuaText.holdTask)
    releaseTask = script(LuaText.releaseTask)
    accounts = AccountScripts(ground: ground)
    keys = ServiceKeyScripts(ground: ground)
    logins = LoginScripts(ground: ground)
  }
}
