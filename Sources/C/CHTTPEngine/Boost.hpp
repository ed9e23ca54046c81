// The only place that names Boost's headers and how they are built.
#pragma once

// One of Beast's assertions can be reached from outside: a last chunk whose final line arrives byte by byte. Without
// assertions the parser waits for the rest, as it should; with them a client could end the process.
#define BOOST_DISABLE_ASSERTS
#define BOOST_ASIO_NO_DEPRECATED

#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>
#include <boost/smart_ptr/intrusive_ptr.hpp>

#include <chrono>

namespace engine {

namespace net = boost::asio;
using error_code = boost::system::error_code;

// TCP and Unix sockets alike, on the concrete executor: the type-erased one costs on every operation.
using Executor = net::io_context::executor_type;
using Protocol = net::generic::stream_protocol;
using Socket = net::basic_stream_socket<Protocol, Executor>;
using Acceptor = net::basic_socket_acceptor<Protocol, Executor>;
using Timer = net::basic_waitable_timer<
    std::chrono::steady_clock, net::wait_traits<std::chrono::steady_clock>, Executor>;

}  // namespace engine
