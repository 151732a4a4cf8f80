#pragma once

#include <algorithm>
#include <cstddef>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ocf::testing {

// An element of a document as a parser returns it: entities are resolved, and the text does not
// include that of children.
struct XmlElement {
  std::string name;
  std::map<std::string, std::string> attributes = {};
  std::vector<XmlElement> children = {};
  std::string text = {};

  [[nodiscard]] std::string attribute(const std::string& key) const {
    const auto found = attributes.find(key);
    return found == attributes.end() ? "(none)" : found->second;
  }
  [[nodiscard]] std::vector<XmlElement> all(std::string_view child_name) const {
    std::vector<XmlElement> found;
    for (const auto& child : children) {
      if (child.name == child_name) {
        found.push_back(child);
      }
    }
    return found;
  }
  // The only child of that name.
  [[nodiscard]] XmlElement only(std::string_view child_name) const {
    auto found = all(child_name);
    if (found.size() != 1) {
      throw std::runtime_error("expected one <" + std::string(child_name) + "> in <" + name +
                               ">, found " + std::to_string(found.size()));
    }
    return found.front();
  }
};

// Reads the part of XML 1.0 that meta-data needs, and rejects anything that is not well-formed.
// Throws a std::runtime_error with the error and its position.
class XmlReader {
 public:
  explicit XmlReader(std::string_view text) : text_(text) {}

  XmlElement document() {
    if (take_if("<?xml ")) {
      skip_past("?>");
    }
    skip_blanks();
    if (take_if("<!DOCTYPE")) {
      skip_document_type();
    }
    skip_blanks();
    XmlElement root = element();
    skip_blanks();
    if (at_ != text_.size()) {
      fail("something follows the root element");
    }
    return root;
  }

 private:
  static constexpr std::string_view blanks = " \t\r\n";
  static constexpr std::string_view name_characters =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.:";

  [[noreturn]] void fail(const std::string& what) const {
    throw std::runtime_error(what + " at byte " + std::to_string(at_) + ", before \"" +
                             std::string(text_.substr(at_, 40)) + "\"");
  }

  bool take_if(std::string_view expected) {
    const bool found = text_.substr(at_).starts_with(expected);
    at_ += found ? expected.size() : 0;
    return found;
  }
  void take(std::string_view expected) {
    if (!take_if(expected)) {
      fail("expected \"" + std::string(expected) + "\"");
    }
  }
  std::string_view take_until(std::string_view stop) {
    const auto end = text_.find_first_of(stop, at_);
    if (end == std::string_view::npos) {
      fail("the document ends too soon");
    }
    const auto begin = std::exchange(at_, end);
    return text_.substr(begin, end - begin);
  }
  std::string_view take_while(std::string_view wanted) {
    const auto end = std::min(text_.find_first_not_of(wanted, at_), text_.size());
    const auto begin = std::exchange(at_, end);
    return text_.substr(begin, end - begin);
  }
  void skip_blanks() { (void)take_while(blanks); }
  void skip_past(std::string_view stop) {
    const auto end = text_.find(stop, at_);
    if (end == std::string_view::npos) {
      fail("expected \"" + std::string(stop) + "\" further on");
    }
    at_ = end + stop.size();
  }
  void skip_document_type() {
    (void)take_until("[>");
    if (take_if("[")) {
      skip_past("]");
      skip_blanks();
    }
    take(">");
  }

  std::string name() {
    const auto taken = take_while(name_characters);
    if (taken.empty() || (taken.front() >= '0' && taken.front() <= '9') || taken.front() == '-' ||
        taken.front() == '.') {
      fail("expected a name");
    }
    return std::string(taken);
  }

  // Text up to one of `stop`, with the five entities of XML resolved.
  std::string characters(std::string_view stop) {
    static const std::map<std::string_view, char> entities = {
        {"amp", '&'}, {"lt", '<'}, {"gt", '>'}, {"quot", '"'}, {"apos", '\''}};
    std::string result;
    for (;;) {
      if (at_ == text_.size()) {
        fail("the document ends too soon");
      }
      const char next = text_[at_];
      if (stop.find(next) != std::string_view::npos) {
        return result;
      }
      if (next == '<') {
        fail("a bare <");
      }
      if (static_cast<unsigned char>(next) < 0x20 && blanks.find(next) == std::string_view::npos) {
        fail("a control character");
      }
      ++at_;
      if (next != '&') {
        result += next;
        continue;
      }
      const auto entity = entities.find(take_until("; &<\""));
      if (entity == entities.end()) {
        fail("an unknown entity or a bare &");
      }
      take(";");
      result += entity->second;
    }
  }

  XmlElement element() {
    take("<");
    XmlElement result{.name = name()};
    for (;;) {
      const bool separated = !take_while(blanks).empty();
      if (take_if("/>")) {
        return result;
      }
      if (take_if(">")) {
        break;
      }
      if (!separated) {
        fail("attributes stand too close");
      }
      const auto key = name();
      take("=\"");
      if (!result.attributes.emplace(key, characters("\"")).second) {
        fail("attribute " + key + " is given twice");
      }
      take("\"");
    }
    for (;;) {
      result.text += characters("<");
      if (take_if("</")) {
        take(result.name);
        take(">");
        return result;
      }
      result.children.push_back(element());
    }
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

inline XmlElement read_xml(std::string_view text) { return XmlReader(text).document(); }

}  // namespace ocf::testing
