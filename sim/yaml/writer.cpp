#include "sim/yaml/writer.h"

#include <yaml-cpp/emitter.h>
#include <yaml-cpp/emittermanip.h>

namespace yaml {
namespace {

void write(YAML::Emitter& out, const Tree& tree) {
  switch (tree.kind) {
    case Tree::Kind::nothing:
      out << YAML::Null;
      break;
    case Tree::Kind::word:
      out << tree.word;
      break;
    case Tree::Kind::list:
      out << YAML::Flow << YAML::BeginSeq;
      for (const auto& item : tree.items) {
        write(out, item);
      }
      out << YAML::EndSeq;
      break;
    case Tree::Kind::table:
      out << YAML::Flow << YAML::BeginMap;
      for (const auto& [key, place, value] : tree.entries) {
        out << YAML::Key << key << YAML::Value;
        write(out, value);
      }
      out << YAML::EndMap;
      break;
  }
}

}  // namespace

std::string document_of(const Tree& tree) {
  YAML::Emitter out;
  out.SetStringFormat(YAML::DoubleQuoted);
  write(out, tree);
  return std::string(out.c_str()) + "\n";
}

}  // namespace yaml
