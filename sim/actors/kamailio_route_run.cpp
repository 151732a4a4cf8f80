#include "sim/actors/kamailio_route_run.h"

#include "agent/sip/headers.h"
#include "sim/actors/regular_expression.h"
#include "sim/kernel/number.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace sim {
namespace {

using Kind = RouteExpression::Kind;
using StepKind = RouteStep::Kind;

// What a variable or a text is worth. $null is "", too.
struct Value {
  std::string text;
  bool is_null = false;
};

using Answer = std::optional<bool>;  // nothing: it cannot be told

Answer negated(Answer answer) { return answer ? Answer(!*answer) : std::nullopt; }

// What a function returns for a request that is as it should be and belongs to nothing that was
// before, on a server at which nobody has registered.
std::optional<int> usual_result(std::string_view function) {
  constexpr std::array<std::pair<std::string_view, int>, 7> results = {
      {{"loose_route", -1},
       {"lookup", -1},
       {"mf_process_maxfwd_header", 1},
       {"pike_check_req", 1},
       {"sanity_check", 1},
       {"t_check_trans", -1},
       {"t_precheck_trans", -1}}};
  const auto* const found =
      std::ranges::find(results, function, &std::pair<std::string_view, int>::first);
  return found == results.end() ? std::nullopt : std::optional(found->second);
}

// One of "OPTIONS|INFO".
bool is_among(const std::string& method, std::string_view list) {
  while (!list.empty()) {
    const auto one = list.substr(0, list.find('|'));
    list.remove_prefix(std::min(one.size() + 1, list.size()));
    if (sip::lower(one) == sip::lower(method)) {
      return true;
    }
  }
  return false;
}

enum class Flow { on, leave, back };

class RouteRun {
 public:
  RouteRun(const KamailioRoutes& routes, const RouteRequest& request, const IsOwnAddress& is_own)
      : routes_(routes), request_(request), uri_(SipUri::parse(request.uri)), is_own_(is_own) {}

  std::vector<SipReply> run() {
    run_route("");
    return std::move(replies_);
  }

 private:
  void run_route(const std::string& name) {
    constexpr int deepest = 100;
    const auto route = routes_.find(name);
    if (route == routes_.end() || depth_ == deepest) {
      has_ended_ = true;
      return;
    }
    ++depth_;
    result_ = 1;
    (void)run_block(route->second);
    --depth_;
  }

  Flow run_block(const RouteBlock& block, std::size_t first = 0) {
    for (auto i = first; i < block.size() && !has_ended_; ++i) {
      if (const auto flow = run_step(block[i]); flow != Flow::on) {
        return flow;
      }
    }
    return Flow::on;
  }

  Flow run_step(const RouteStep& step) {
    constexpr int most = 10'000;  // routes may call each other without end
    has_ended_ |= step.kind == StepKind::end || ++steps_ > most;
    switch (step.kind) {
      case StepKind::call:
        (void)truth_of(step.expression);
        return Flow::on;
      case StepKind::assignment:
        assign(step.variable, value_of(step.expression));
        return Flow::on;
      case StepKind::condition:
        return run_block(truth_of(step.expression) == true ? step.block : step.otherwise);
      case StepKind::choice:
        return run_choice(step);
      case StepKind::go_back:
        go_back(step.expression);
        return Flow::back;
      case StepKind::leave:
        return Flow::leave;
      default:
        return Flow::on;
    }
  }

  // return(0) ends all of it.
  void go_back(const RouteExpression& expression) {
    const auto value = value_of(expression);
    result_ = value ? number_in<int>(value->text) : std::nullopt;
    has_ended_ |= result_ == 0;
  }

  Flow run_choice(const RouteStep& choice) {
    const auto value = value_of(choice.expression);
    if (!value) {
      return Flow::on;
    }
    const auto is_case = [&](const RouteStep& step) {
      const auto wanted = value_of(step.expression);
      return step.kind == StepKind::label && wanted && wanted->text == value->text;
    };
    const auto is_default = [](const RouteStep& step) {
      return step.kind == StepKind::label && step.expression.kind == Kind::unknown;
    };
    auto label = std::ranges::find_if(choice.block, is_case);
    if (label == choice.block.end()) {
      label = std::ranges::find_if(choice.block, is_default);
    }
    const auto first = static_cast<std::size_t>(label - choice.block.begin());
    const auto flow = run_block(choice.block, first);
    return flow == Flow::leave ? Flow::on : flow;
  }

  void assign(const std::string& variable, std::optional<Value> value) {
    if (variable == "$ru" && value) {
      request_.uri = value->text;
      uri_ = SipUri::parse(request_.uri);
    } else {
      variables_[variable] = std::move(value);
    }
  }

  Answer truth_of(const RouteExpression& expression) {
    const auto& parts = expression.parts;
    switch (expression.kind) {
      case Kind::negation:
        return negated(truth_of(parts[0]));
      case Kind::all:
        return decided_by(false, parts);
      case Kind::any:
        return decided_by(true, parts);
      case Kind::comparison:
        return compare(expression.text, parts[0], parts[1]);
      case Kind::call:
        result_ = has_ended_ ? std::nullopt : call(expression.text, parts);
        return result_ ? Answer(*result_ > 0) : std::nullopt;
      default: {
        const auto value = value_of(expression);
        return value ? Answer(number_in<int>(value->text).value_or(0) != 0) : std::nullopt;
      }
    }
  }

  // One false decides &&, one true ||.
  Answer decided_by(bool decisive, const std::vector<RouteExpression>& parts) {
    bool is_certain = true;
    for (const auto& part : parts) {
      const auto answer = truth_of(part);
      if (answer == decisive) {
        return answer;
      }
      is_certain &= answer.has_value();
    }
    return is_certain ? Answer(!decisive) : std::nullopt;
  }

  Answer compare(const std::string& sign, const RouteExpression& left,
                 const RouteExpression& right) {
    if (sign == "!=" || sign == "ne") {
      return negated(compare("==", left, right));
    }
    if (sign == "==" && (left.is_word("myself") || right.is_word("myself"))) {
      return left.is_word("uri") || right.is_word("uri") ? Answer(is_own_(uri_.host, uri_.port))
                                                         : std::nullopt;
    }
    const auto one = value_of(left);
    const auto other = value_of(right);
    if (!one || !other) {
      return std::nullopt;
    }
    if (sign == "=~") {
      return matches(one->text, other->text);
    }
    if (sign != "==" && sign != "eq") {
      return std::nullopt;
    }
    if (left.text == "$null" || right.text == "$null") {
      return one->is_null == other->is_null;
    }
    return left.is_word("uri") || left.is_word("method") || left.is_word("proto")
               ? sip::lower(one->text) == sip::lower(other->text)
               : one->text == other->text;
  }

  std::optional<Value> value_of(const RouteExpression& expression) {
    const auto& text = expression.text;
    switch (expression.kind) {
      case Kind::text:
        return Value{text};
      case Kind::variable:
        return value_of_variable(text);
      case Kind::word:
        return text == "uri"          ? value_of_variable("$ru")
               : text == "method"     ? value_of_variable("$rm")
               : text == "proto"      ? transport()
               : is_transport(text)   ? std::optional(Value{text})
               : number_in<int>(text) ? std::optional(Value{text})
                                      : std::nullopt;
      default:
        return std::nullopt;
    }
  }

  // That over which an honest client says that it asks.
  std::optional<Value> transport() const {
    constexpr std::string_view version = "SIP/2.0/";
    const auto via = request_.header("via");
    if (!via.starts_with(version)) {
      return std::nullopt;
    }
    return Value{via.substr(version.size(), via.find(' ') - version.size())};
  }

  static bool is_transport(const std::string& word) {
    const auto name = sip::lower(word);
    return name == "udp" || name == "tcp" || name == "tls" || name == "sctp";
  }

  std::optional<Value> value_of_variable(const std::string& name) {
    if (const auto assigned = variables_.find(name); assigned != variables_.end()) {
      return assigned->second;
    }
    if (name == "$rc" || name == "$retcode" || name == "$?") {
      return result_ ? std::optional(Value{std::to_string(*result_)}) : std::nullopt;
    }
    if (name == "$null") {
      return Value{.text = "", .is_null = true};
    }
    if (name == "$rU") {
      return Value{.text = uri_.user.value_or(""), .is_null = !uri_.user};
    }
    if (name == "$ru") {
      return Value{request_.uri};
    }
    if (name == "$rd") {
      return Value{uri_.host};
    }
    if (name == "$rm") {
      return Value{request_.method};
    }
    if (name == "$ua") {
      return Value{request_.header("user-agent")};
    }
    return name.starts_with("$var(") ? std::optional(Value{"0"}) : std::nullopt;
  }

  // What the function returns: false is below 0.
  std::optional<int> call(const std::string& name, const std::vector<RouteExpression>& arguments) {
    const auto first = text_of(arguments, 0);
    if (name == "route") {
      run_route(first);
      return result_;
    }
    if (name == "t_reply" && !replies_.empty()) {
      return no;  // a transaction has one final reply
    }
    if (name == "sl_send_reply" || name == "send_reply" || name == "t_reply") {
      return reply(number_in<int>(first).value_or(0), text_of(arguments, 1));
    }
    if (name == "sl_reply_error") {
      return reply(500, "I'm terribly sorry, server error occurred (1/SL)");
    }
    if (name == "options_reply") {
      return uri_.user ? no : reply(200, "OK");
    }
    if (name == "is_method") {
      return is_among(request_.method, first) ? yes : no;
    }
    if (name == "has_totag") {
      return request_.header("to").find(";tag=") != std::string::npos ? yes : no;
    }
    return usual_result(name);
  }

  int reply(int code, const std::string& reason) {
    replies_.push_back({.code = code, .reason = reason});
    return yes;
  }

  [[nodiscard]] static std::string text_of(const std::vector<RouteExpression>& arguments,
                                           std::size_t index) {
    return index < arguments.size() ? arguments[index].text : "";
  }

  static constexpr int yes = 1;
  static constexpr int no = -1;

  const KamailioRoutes& routes_;
  RouteRequest request_;
  SipUri uri_;
  const IsOwnAddress& is_own_;
  std::map<std::string, std::optional<Value>> variables_;  // those that were assigned
  std::optional<int> result_;                              // of the last function
  std::vector<SipReply> replies_;
  int depth_ = 0;  // of routes that called each other
  int steps_ = 0;
  bool has_ended_ = false;
};

}  // namespace

std::vector<SipReply> run_kamailio_routes(const KamailioRoutes& routes, const RouteRequest& request,
                                          const IsOwnAddress& is_own) {
  return RouteRun(routes, request, is_own).run();
}

}  // namespace sim
