#include "sim/actors/kamailio_route_parser.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace sim {
namespace {

using TokenKind = ConfigToken::Kind;
using Kind = RouteExpression::Kind;
using StepKind = RouteStep::Kind;

bool is_one_of(const ConfigToken& token, const auto& list) {
  return (token.kind == TokenKind::sign || token.kind == TokenKind::word) &&
         std::ranges::find(list, token.text) != list.end();
}

bool is_comparison(const ConfigToken& token) {
  constexpr std::array<std::string_view, 11> operators = {
      "==", "!=", "=~", "<", ">", "<=", ">=", "eq", "ne", "ieq", "ine"};
  return is_one_of(token, operators);
}

// It makes one operand of two, of which nothing more is known then.
bool joins(const ConfigToken& token) {
  constexpr std::array<std::string_view, 13> operators = {"+", "-",  "*",  "/", "%", "mod", "|",
                                                          "&", "<<", ">>", "^", "[", "."};
  return is_one_of(token, operators);
}

class RouteParser {
 public:
  RouteParser(ConfigReader& reader, const KamailioModules& modules)
      : reader_(reader), modules_(modules) {}

  RouteBlock take_block() {
    reader_.expect("{");
    if (reader_.next().is("}")) {
      reader_.give_up();  // nothing is no block
    }
    RouteBlock block;
    while (!reader_.take_if("}")) {
      take_step(block);
    }
    return block;
  }

 private:
  void take_step(RouteBlock& block) {
    if (reader_.take_if(";")) {
      return;
    }
    if (reader_.take_if_word("if")) {
      block.push_back(take_condition());
    } else if (reader_.take_if_word("while")) {
      (void)take_alternatives();
      (void)take_body();
      block.push_back({.kind = StepKind::unknown});
    } else if (reader_.take_if_word("switch")) {
      block.push_back(take_choice());
    } else if (const auto jump = jump_at(reader_.next())) {
      block.push_back(take_jump(*jump));
    } else {
      block.push_back(take_action());
    }
  }

  RouteStep take_condition() {
    RouteStep step{.kind = StepKind::condition, .expression = take_alternatives()};
    step.block = take_body();
    if (reader_.take_if_word("else")) {
      step.otherwise = take_body();
    }
    return step;
  }

  RouteBlock take_body() {
    if (reader_.next().is("{")) {
      return take_block();
    }
    RouteBlock block;
    take_step(block);
    return block;
  }

  RouteStep take_choice() {
    RouteStep step{.kind = StepKind::choice, .expression = take_alternatives()};
    reader_.expect("{");
    while (!reader_.take_if("}")) {
      if (reader_.take_if_word("case")) {
        step.block.push_back({.kind = StepKind::label, .expression = take_operand()});
        reader_.expect(":");
      } else if (reader_.take_if_word("default")) {
        step.block.push_back({.kind = StepKind::label});
        reader_.expect(":");
      } else {
        take_step(step.block);
      }
    }
    return step;
  }

  static std::optional<StepKind> jump_at(const ConfigToken& token) {
    constexpr std::array<std::pair<std::string_view, StepKind>, 4> jumps = {
        {{"exit", StepKind::end},
         {"drop", StepKind::end},
         {"return", StepKind::go_back},
         {"break", StepKind::leave}}};
    const auto* const found =
        std::ranges::find_if(jumps, [&](const auto& jump) { return token.is_word(jump.first); });
    return found == jumps.end() ? std::nullopt : std::optional(found->second);
  }

  RouteStep take_jump(StepKind kind) {
    reader_.take();
    RouteStep step{.kind = kind, .expression = {.kind = Kind::text, .text = "1"}};
    if (reader_.take_if("(") && !reader_.take_if(")")) {
      step.expression = take_alternatives();
      reader_.expect(")");
    } else if (!reader_.next().is(";")) {
      step.expression = take_alternatives();
    }
    reader_.expect(";");
    return step;
  }

  RouteStep take_action() {
    if (reader_.next().kind != TokenKind::word && reader_.next().kind != TokenKind::variable &&
        !reader_.next().is("@")) {
      reader_.give_up();
    }
    RouteStep step{.kind = StepKind::call, .expression = take_operand()};
    if (reader_.take_if("=")) {
      step.kind = StepKind::assignment;
      step.variable = step.expression.text;
      step.expression = take_alternatives();
    }
    reader_.expect(";");
    return step;
  }

  RouteExpression take_alternatives() {
    RouteExpression found = take_conjunction();
    while (reader_.next().is("||") || reader_.next().is_word("or")) {
      reader_.take();
      found = {.kind = Kind::any, .parts = {std::move(found), take_conjunction()}};
    }
    return found;
  }

  RouteExpression take_conjunction() {
    RouteExpression found = take_comparison();
    while (reader_.next().is("&&") || reader_.next().is_word("and")) {
      reader_.take();
      found = {.kind = Kind::all, .parts = {std::move(found), take_comparison()}};
    }
    return found;
  }

  RouteExpression take_comparison() {
    RouteExpression left = take_operand();
    if (!is_comparison(reader_.next())) {
      return left;
    }
    const std::string name = reader_.take().text;
    return {.kind = Kind::comparison, .text = name, .parts = {std::move(left), take_operand()}};
  }

  RouteExpression take_operand() {
    RouteExpression found = take_part();
    while (joins(reader_.next())) {
      const bool is_index = reader_.take().is("[");
      (void)take_part();
      if (is_index) {
        reader_.expect("]");
      }
      found = {};
    }
    return found;
  }

  RouteExpression take_part() {
    if (reader_.take_if("!") || reader_.take_if_word("not")) {
      return {.kind = Kind::negation, .parts = {take_part()}};
    }
    if (reader_.take_if("(")) {
      return take_parenthesis();
    }
    if (reader_.take_if("-")) {
      auto number = take_part();
      number.text.insert(0, "-");
      return number;
    }
    if (reader_.take_if("@") || reader_.take_if("~") || reader_.take_if("%")) {
      (void)take_part();
      return {};
    }
    if (reader_.next().kind == TokenKind::sign || reader_.is_at_end()) {
      reader_.give_up();
    }
    const auto token = reader_.take();
    if (token.kind == TokenKind::word) {
      return reader_.take_if("(") ? take_call(token.text) : take_word(token.text);
    }
    return {.kind = token.kind == TokenKind::text ? Kind::text : Kind::variable,
            .text = token.text};
  }

  // (CONDITION), or (int) before what it belongs to.
  RouteExpression take_parenthesis() {
    auto found = take_alternatives();
    reader_.expect(")");
    return found.kind == Kind::word && (found.text == "int" || found.text == "str") ? take_part()
                                                                                    : found;
  }

  // As myself, 5, and 192.168.159.128.
  RouteExpression take_word(std::string text) {
    while (reader_.take_if(".")) {
      text += "." + reader_.expect(TokenKind::word).text;
    }
    return {.kind = Kind::word, .text = std::move(text)};
  }

  // Behind NAME(.
  RouteExpression take_call(const std::string& name) {
    RouteExpression call{.kind = Kind::call, .text = name};
    while (!reader_.next().is(")")) {
      call.parts.push_back(take_argument());
      if (!reader_.next().is(")")) {
        reader_.expect(",");
      }
    }
    const auto& end = reader_.take();
    if (!modules_.have_function(name)) {
      reader_.complain(end, "unknown command, missing loadmodule?\n",
                       "[core/cfg.y:3649]: yyparse(): cfg. parser: failed to find command " + name +
                           " (params " + std::to_string(call.parts.size()) + ")");
    }
    return call;
  }

  // Some are no expressions, as uri:host.
  RouteExpression take_argument() {
    constexpr std::array<std::string_view, 5> ends = {",", ")", ";", "{", "}"};
    auto argument = take_alternatives();
    while (!is_one_of(reader_.next(), ends) && !reader_.is_at_end()) {
      reader_.take();
      argument = {};
    }
    return argument;
  }

  ConfigReader& reader_;
  const KamailioModules& modules_;
};

}  // namespace

RouteBlock parse_kamailio_route(ConfigReader& reader, const KamailioModules& modules) {
  return RouteParser(reader, modules).take_block();
}

}  // namespace sim
