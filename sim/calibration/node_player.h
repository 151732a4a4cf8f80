#pragma once

#include "sim/calibration/player.h"

#include <string>
#include <vector>

namespace calibration {

// Has each situation played on a node of its own: IN_NODE PROGRAM play FILE ID, with these
// options behind. It must print what write_observation() writes. Several threads may play at the
// same time.
class NodePlayer : public Player {
 public:
  NodePlayer(std::string in_node, std::string program, std::vector<std::string> options,
             std::string file);

  [[nodiscard]] host::Result<Observation> play(const Situation& situation) override;

 private:
  std::string in_node_;
  std::string program_;
  std::vector<std::string> options_;
  std::string file_;
};

}  // namespace calibration
