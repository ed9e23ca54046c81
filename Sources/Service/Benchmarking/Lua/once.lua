-- Renews or closes sessions, each of them once: wrk ... -s once.lua URL -- renew SESSIONS, or close SESSIONS
-- A second renewal of one token would be answered without a write, and so would a second closing: the run ends with the
-- list.
local folder = debug.getinfo(1, "S").source:match("^@(.*/)") or "./"
local report = dofile(folder .. "report.lua")

local requests, index, last = {}, 0, nil

function init(arguments)
  local verb = arguments[1]
  assert(verb == "renew" or verb == "close", "say renew or close")
  local host = wrk.headers["Host"]
  for number, session in ipairs(report.sessions(arguments[2])) do
    if verb == "renew" then
      local fields = { ["Authorization"] = "Bearer " .. session.token, ["Host"] = host }
      requests[number] = wrk.format("POST", "/v2/session/renew", fields)
    else
      requests[number] = report.service("POST", "/v2/sessions/" .. session.id .. "/close", '{"reason":"revoked"}')
    end
  end
  last = wrk.format("GET", "/healthz", { ["Host"] = host })
  -- Globals: the report reads them from outside this thread.
  started = report.now()
end

function request()
  index = index + 1
  if index > #requests then
    finished = finished or report.now()
    wrk.thread:stop()
    return last
  end
  return requests[index]
end
