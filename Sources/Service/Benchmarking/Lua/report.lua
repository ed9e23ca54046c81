-- What the load scripts share: reading a prepared list, and saying in one line of JSON what wrk measured.
local ffi = require("ffi")

ffi.cdef [[
  typedef struct { long seconds; long nanoseconds; } sesame_time;
  int clock_gettime(int clock, sesame_time *time);
]]

local report = {}
local threads = {}

-- Seconds of the monotonic clock.
function report.now()
  local time = ffi.new("sesame_time")
  ffi.C.clock_gettime(1, time)
  return tonumber(time.seconds) + tonumber(time.nanoseconds) / 1e9
end

-- The lines of a file.
function report.lines(path)
  local lines = {}
  for line in assert(io.lines(path)) do
    lines[#lines + 1] = line
  end
  assert(#lines > 0, path .. " is empty")
  return lines
end

-- The sessions of a file, one a line: id, token, user.
function report.sessions(path)
  local sessions = report.lines(path)
  for number, line in ipairs(sessions) do
    local id, token, user = line:match("^(%S+) (%S+) (%S+)$")
    assert(id, path .. " has a line that is no session")
    sessions[number] = { id = id, token = token, user = user }
  end
  return sessions
end

-- The whole text of a service's request: with the service's key, if the environment has one.
function report.service(method, path, body)
  local fields = { ["Host"] = wrk.headers["Host"], ["Content-Type"] = "application/json" }
  local key = os.getenv("SESAME_BENCHMARK_KEY")
  if key then
    fields["Authorization"] = "Bearer " .. key
  end
  return wrk.format(method, path, fields, body)
end

-- Keeps a thread, so that what its script sets can be read at the end.
function setup(thread)
  threads[#threads + 1] = thread
end

-- wrk counts to the end of its time. A list that is used up earlier ends there instead.
function done(summary, latency)
  local seconds = summary.duration / 1e6
  for _, thread in ipairs(threads) do
    local started, finished = thread:get("started"), thread:get("finished")
    if started and finished then
      seconds = finished - started
    end
  end
  local errors = summary.errors
  io.write(string.format(
    '\n{"requests": %d, "seconds": %.6f, "p50_ms": %.3f, "p99_ms": %.3f, "p999_ms": %.3f, '
      .. '"max_ms": %.3f, "refused": %d, "broken": %d}\n',
    summary.requests, seconds, latency:percentile(50) / 1000, latency:percentile(99) / 1000,
    latency:percentile(99.9) / 1000, latency.max / 1000, errors.status,
    errors.connect + errors.read + errors.write + errors.timeout))
end

return report
