#pragma once

#include "agent/host/network.h"
#include "agent/host/result.h"
#include "sim/kernel/scheduler.h"
#include "sim/machine/pipe.h"
#include "sim/process/stage.h"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace sim {

// An open file of the simulated machine. Forked processes share it.
class OpenFile {
 public:
  virtual ~OpenFile() = default;

  // The next event for a process that has the file at this descriptor. For an accepted connection,
  // also the file that gets a new descriptor.
  struct Happened {
    StageEvent event;
    std::shared_ptr<OpenFile> connection = nullptr;
  };
  [[nodiscard]] virtual std::optional<Happened> take(Descriptor self) = 0;
  [[nodiscard]] virtual WaitList& changes() = 0;

  // The error for calls that do not apply: "Invalid argument".
  virtual host::Result<void> send(std::string_view bytes);
  [[nodiscard]] virtual host::Result<host::Endpoint> local_endpoint();
  virtual void reset() {}
};

// An end of a pipe or of a FIFO. A read end whose process also holds the write end never sees its
// end.
class OpenPipe final : public OpenFile {
 public:
  explicit OpenPipe(std::shared_ptr<PipeEnd> end, std::shared_ptr<PipeEnd> other_end = nullptr)
      : end_(std::move(end)), other_end_(std::move(other_end)) {}

  [[nodiscard]] std::optional<Happened> take(Descriptor self) override;
  [[nodiscard]] WaitList& changes() override { return end_->pipe().changes(); }
  host::Result<void> send(std::string_view bytes) override;

 private:
  std::shared_ptr<PipeEnd> end_;
  std::shared_ptr<PipeEnd> other_end_;
  bool has_ended_ = false;
};

}  // namespace sim
