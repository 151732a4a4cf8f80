#include "sim/calibration/exceptions.h"

#include "sim/yaml/table.h"

#include <algorithm>
#include <utility>

namespace calibration {
namespace {

using yaml::Misread;
using yaml::Table;
using yaml::Tree;
using yaml::word_in;

std::vector<StandIn> read_stand_ins(const Tree& tree) {
  const auto& word = word_in(tree, "whom it is about");
  if (word == "both") {
    return {StandIn::world, StandIn::fakes};
  }
  if (word != "world" && word != "fakes") {
    yaml::reject(tree, "stand-in", "world, fakes or both");
  }
  return {word == "world" ? StandIn::world : StandIn::fakes};
}

Exception read_exception(const Tree& tree) {
  Table table(tree, "an exception");
  Exception exception{.recordings = word_in(table.need("recordings"), "recordings"),
                      .id = word_in(table.need("id"), "an id"),
                      .of = read_stand_ins(table.need("of")),
                      .reason = word_in(table.need("reason"), "a reason")};
  if (const auto* const field = table.find("field")) {
    exception.field = word_in(field->value, "a field");
  }
  table.finish();
  return exception;
}

bool covers(const Exception& exception, const Difference& difference) {
  return exception.field.empty() || exception.field == difference.field;
}

}  // namespace

tl::expected<std::vector<Exception>, yaml::BadInput> read_exceptions(const std::string& file,
                                                                     const std::string& text) {
  return yaml::read_as(file, text, [&](const Tree& tree) {
    Table table(tree, "a file of exceptions");
    const auto& list = yaml::list_in(table.need("exceptions"), "exceptions");
    table.finish();
    std::vector<Exception> exceptions;
    for (const auto& one : list) {
      exceptions.push_back(read_exception(one));
    }
    return exceptions;
  });
}

std::vector<Exception> exceptions_for(const std::vector<Exception>& all, StandIn who,
                                      const std::string& recordings, const std::string& id) {
  auto mine = all;
  std::erase_if(mine, [&](const Exception& exception) {
    return exception.recordings != recordings || exception.id != id ||
           std::ranges::find(exception.of, who) == exception.of.end();
  });
  return mine;
}

Judgement judge(const std::vector<Difference>& differences,
                const std::vector<Exception>& exceptions) {
  Judgement judgement{.errors = differences, .needless = exceptions};
  std::erase_if(judgement.errors, [&](const Difference& difference) {
    return std::ranges::any_of(
        exceptions, [&](const Exception& exception) { return covers(exception, difference); });
  });
  std::erase_if(judgement.needless, [&](const Exception& exception) {
    return std::ranges::any_of(
        differences, [&](const Difference& difference) { return covers(exception, difference); });
  });
  return judgement;
}

}  // namespace calibration
