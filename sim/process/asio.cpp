// The part of Boost.Asio that is not a template.

#include <boost/asio/impl/src.hpp>
