#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace sim {

// What the blocks of a configuration of Kamailio do with a request.

// What is asked, or given to a function.
struct RouteExpression {
  enum class Kind {
    text,        // also a number
    word,        // uri, method, myself ...
    variable,    // $ru
    call,        // its parts are the arguments
    comparison,  // two parts, with the operator as its text
    negation,
    all,
    any,
    unknown
  };
  Kind kind = Kind::unknown;
  std::string text = {};
  std::vector<RouteExpression> parts = {};

  [[nodiscard]] bool is_word(std::string_view word) const {
    return kind == Kind::word && text == word;
  }
};

struct RouteStep;
using RouteBlock = std::vector<RouteStep>;

struct RouteStep {
  enum class Kind {
    call,        // of `expression`
    assignment,  // of `expression` to `variable`
    condition,   // `block` if `expression` holds, or else `otherwise`
    choice,      // `block` has cases, from one of which it goes on
    label,       // case `expression`; without one: default
    go_back,     // return, with `expression` as the value
    leave,       // break
    end,         // exit, drop
    unknown
  };
  Kind kind = Kind::unknown;
  RouteExpression expression = {};
  std::string variable = {};
  RouteBlock block = {};
  RouteBlock otherwise = {};
};

// By their names; that of request_route is empty.
using KamailioRoutes = std::map<std::string, RouteBlock>;

}  // namespace sim
