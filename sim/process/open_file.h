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

// What a descriptor stands for in the simulated machine. Those who have forked share it.
class OpenFile {
 public:
  virtual ~OpenFile() = default;

  // An event that a process is to take, which knows the file by this descriptor. For a connection
  // that was accepted, also the file that gets a descriptor of its own.
  struct Happened {
    StageEvent event;
    std::shared_ptr<OpenFile> connection = nullptr;
  };
  [[nodiscard]] virtual std::optional<Happened> take(Descriptor self) = 0;
  [[nodiscard]] virtual WaitList& changes() = 0;

  // Of a file that the call makes no sense for, "Invalid argument".
  virtual host::Result<void> send(std::string_view bytes);
  [[nodiscard]] virtual host::Result<host::Endpoint> local_endpoint();
  virtual void reset() {}
};

// An end of a pipe, or of a FIFO. One that holds the other end as well never ends by itself.
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
