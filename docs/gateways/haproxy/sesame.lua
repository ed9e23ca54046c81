-- Asks Sesame whose a request is: http-request lua.sesame http://HOST:PORT/v2/forward-auth
--
-- The query that txn.sesame_query holds, if it is set, is asked along. Sets txn.sesame_status (0 if there was no
-- answer) and, with status 200, txn.sesame_user, txn.sesame_session and, for the session of an account,
-- txn.sesame_level. It lets nobody in: the rules after it do, by the status.

-- In milliseconds, for each try: the client of HAProxy 2.6 makes four.
local LIMIT = 500

-- All values of a header of the request, or of an answer, as a list that begins at 0; nil if there is none.
local function values(headers, name)
  local found = headers[name]
  if found ~= nil and found[0] ~= nil then return found end
  return nil
end

core.register_action("sesame", { "http-req" }, function(txn, address)
  txn:set_var("txn.sesame_status", 0)
  local given = txn.http:req_get_headers()
  local asked = {}
  for _, name in ipairs({ "authorization", "cookie" }) do
    local found = values(given, name)
    if found ~= nil then
      asked[name] = {}
      for index = 0, #found do table.insert(asked[name], found[index]) end
    end
  end
  asked["x-forwarded-for"] = { txn.f:src() }

  local query = txn:get_var("txn.sesame_query") or ""
  local answer = core.httpclient():get({ url = address .. query, headers = asked, timeout = LIMIT })
  if answer == nil or answer.status == nil then return end
  if answer.status == 200 then
    for _, name in ipairs({ "user", "session", "level" }) do
      local found = values(answer.headers, "x-sesame-" .. name)
      if found ~= nil then txn:set_var("txn.sesame_" .. name, found[0]) end
    end
  end
  txn:set_var("txn.sesame_status", answer.status)
end, 1)
