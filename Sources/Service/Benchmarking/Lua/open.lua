-- Opens sessions, each for the next of 50,000 users: wrk ... -s open.lua URL [-- COUNT FILE]
-- With a COUNT, that many sessions are written to FILE, which is there when it is complete.
local folder = debug.getinfo(1, "S").source:match("^@(.*/)") or "./"
local report = dofile(folder .. "report.lua")

local requests, index = {}, 0

local function write_sessions(count, path)
  local file = assert(io.open(path .. ".part", "w"))
  local written = 0
  -- wrk calls it if it is there; it costs time, so it is not there otherwise.
  function response(status, _, body)
    if status ~= 201 or written == count then
      return
    end
    local session = body:match('"session":(%b{})')
    file:write(
      session:match('"id":"(%w+)"'), " ", body:match('"token":"([%w_-]+)"'), " ", session:match('"user_id":"([%w-]+)"'),
      "\n")
    written = written + 1
    if written == count then
      file:close()
      os.rename(path .. ".part", path)
    end
  end
end

function init(arguments)
  if arguments[1] then
    write_sessions(tonumber(arguments[1]), arguments[2])
  end
  for number = 1, 50000 do
    requests[number] = report.service("POST", "/v2/sessions", string.format('{"user_id":"load-%06d"}', number))
  end
end

function request()
  index = index % #requests + 1
  return requests[index]
end
