// Boost's own non-template parts, compiled here once (see src/CMakeLists.txt) and not with each
// file that uses them.

#include <boost/asio/impl/src.hpp>
#include <boost/beast/src.hpp>
