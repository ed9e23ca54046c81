-- Loads the peer: wrk ... -s peer.lua URL -- verify COOKIES, or open
-- COOKIES is a file with one "name=value" a line.
local folder = debug.getinfo(1, "S").source:match("^@(.*/)") or "./"
local report = dofile(folder .. "../../Sources/Service/Benchmarking/Lua/report.lua")

local requests, index = {}, 0

function init(arguments)
  local host = wrk.headers["Host"]
  if arguments[1] == "open" then
    requests[1] = wrk.format("POST", "/open", { ["Host"] = host })
    return
  end
  for number, cookie in ipairs(report.lines(arguments[2])) do
    requests[number] = wrk.format("GET", "/verify", { ["Cookie"] = cookie, ["Host"] = host })
  end
end

function request()
  index = index % #requests + 1
  return requests[index]
end
